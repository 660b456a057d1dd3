/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Manifests, and what the advice on them is.
 */
#ifndef UNIT_WARNINGS_H
#define UNIT_WARNINGS_H

#include "support.h"

/* A policy of namespace x; what follows belongs to its spec. */
#define POLICY_NAMED(name)                           \
	"---\n"                                      \
	"apiVersion: networking.k8s.io/v1\n"         \
	"kind: NetworkPolicy\n"                      \
	"metadata: {name: " name ", namespace: x}\n" \
	"spec:\n"
#define POLICY POLICY_NAMED("p")

/* A policy of the whole cluster, with more of its metadata; what follows belongs
 * to its spec, behind a subject of all pods or, with _ABOUT, another one.
 */
#define CLUSTER_POLICY_ABOUT(subject, metadata)           \
	"---\n"                                           \
	"apiVersion: policy.networking.k8s.io/v1alpha2\n" \
	"kind: ClusterNetworkPolicy\n"                    \
	"metadata: {name: p" metadata "}\n"               \
	"spec:\n"                                         \
	"  tier: Admin\n"                                 \
	"  priority: 1\n"                                 \
	"  subject: {" subject "}\n"
#define CLUSTER_POLICY CLUSTER_POLICY_ABOUT("namespaces: {}", "")
#define ADMIN_POLICY                                      \
	"---\n"                                           \
	"apiVersion: policy.networking.k8s.io/v1alpha1\n" \
	"kind: AdminNetworkPolicy\n"                      \
	"metadata: {name: p}\n"                           \
	"spec:\n"                                         \
	"  priority: 1\n"                                 \
	"  subject: {namespaces: {}}\n"
#define BASELINE_POLICY                                   \
	"---\n"                                           \
	"apiVersion: policy.networking.k8s.io/v1alpha1\n" \
	"kind: BaselineAdminNetworkPolicy\n"              \
	"metadata: {name: default}\n"                     \
	"spec:\n"                                         \
	"  subject: {namespaces: {}}\n"

/* Objects of namespaces, whose labels are flow YAML. */
#define OBJECT(kind, metadata, more)                                          \
	"---\n{apiVersion: v1, kind: " kind ", metadata: {" metadata "}" more \
	"}\n"
#define NAMED(name, labels) "name: " name ", labels: {" labels "}"
#define POD(namespace, name, labels) \
	OBJECT("Pod", NAMED(name, labels) ", namespace: " namespace, "")
#define HOST_POD(namespace, name, labels)                            \
	OBJECT("Pod", NAMED(name, labels) ", namespace: " namespace, \
	       ", spec: {hostNetwork: true}")
#define NAMESPACE(name, labels) OBJECT("Namespace", NAMED(name, labels), "")

/* How the lines about policy p begin. */
#define WHO ": warning: NetworkPolicy x/p: "
#define CLUSTER_WHO ": warning: ClusterNetworkPolicy p: "
#define ADMIN_WHO ": warning: AdminNetworkPolicy p: "
#define BASELINE_WHO ": warning: BaselineAdminNetworkPolicy default: "
#define BOTH "  policyTypes: [Ingress, Egress]\n"
#define INGRESS "  policyTypes: [Ingress]\n"
#define EGRESS "  policyTypes: [Egress]\n"

/**
 * struct row - manifests, and the warnings that they deserve
 * @name: of the test
 * @text: the manifests
 * @messages: beginnings of the warnings, one a line; NULL for none
 */
struct row {
	const char *name;
	const char *text;
	const char *messages;
};

/**
 * advise_all() - all warnings about manifests, as text
 * @text: the manifests
 * @may_fail: they may have errors
 *
 * Return: a string that the caller frees.
 */
char *advise_all(const char *text, bool may_fail);

/* Check warnings against the beginnings of those wanted, and free them. */
void check_messages(char *messages, const char *wanted);

/* Test a struct row. */
void test_row(void **state);

#endif
