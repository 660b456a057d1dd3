/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms that Kubernetes asks of names. Each function says what is wrong, in
 * words that follow the quoted name in a message, or returns NULL.
 */
#ifndef NLCTL_POLICY_NAME_SYNTAX_H
#define NLCTL_POLICY_NAME_SYNTAX_H

/* A DNS label (RFC 1123): namespaces. */
const char *dns_label_wrong(const char *text);

/* A DNS subdomain (RFC 1123): pods, nodes, policies. */
const char *dns_subdomain_wrong(const char *text);

/* The key of a label: [subdomain/]name. */
const char *label_key_wrong(const char *text);

/* The value of a label; may be empty. */
const char *label_value_wrong(const char *text);

/* The name of a port (IANA_SVC_NAME of RFC 6335). */
const char *port_name_wrong(const char *text);

#endif
