/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection to the module.
 *
 * Functions of this layer return 0 or a negative errno value; netlink_text()
 * then says what happened in the kernel's own words.
 */
#ifndef NLCTL_NETLINK_H
#define NLCTL_NETLINK_H

#include <stdbool.h>

#include "nlctl.h"

struct netlink;

/**
 * netlink_open() - connect to the module
 * @nlctl: the context
 *
 * Return: the connection, closed with netlink_close(); or NULL, when the
 * module is not loaded, say. Then the reason was printed.
 */
struct netlink *netlink_open(const struct nlctl *nlctl);

/**
 * netlink_connect() - connect to the module without a word
 * @problem: set to the reason, which the caller frees, when it did
 *
 * Return: the connection, closed with netlink_close(); or NULL.
 */
struct netlink *netlink_connect(char **problem);

/**
 * netlink_close() - end a connection
 * @netlink: the connection, or NULL
 *
 * The kernel drops a transaction that is still open.
 */
void netlink_close(struct netlink *netlink);

/**
 * netlink_text() - why the last request failed
 * @netlink: the connection
 *
 * Return: a text that lives until the next request.
 */
const char *netlink_text(const struct netlink *netlink);

/**
 * netlink_report() - print why the last request failed
 * @nlctl: the context
 * @netlink: the connection
 *
 * Return: EXIT_FAILURE.
 */
int netlink_report(const struct nlctl *nlctl, const struct netlink *netlink);

#endif
