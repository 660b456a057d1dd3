/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of a connection, for netlink.c and subscription.c.
 */
#ifndef NLCTL_NETLINK_SOCKET_H
#define NLCTL_NETLINK_SOCKET_H

#include <netlink/socket.h>

#include "message.h"

/**
 * struct netlink - a connection
 * @socket: libnl's socket
 * @family: number of the family
 * @staged: requests staged since message_begin()
 * @unanswered: requests of a transaction sent since one was waited for
 * @first: sequence number of the first of those, or of the one waited for
 * @awaited: sequence number of the request that is waited for; 0 for events
 * @is_dump: it asks for a list
 * @finished: it was answered
 * @error: a negative errno value, or 0; of several the first
 * @text: what goes with @error; owned; may be NULL
 * @reader: of the current request
 * @data: for @reader
 */
struct netlink {
	struct nl_sock *socket;
	int family;
	uint32_t staged;
	uint32_t unanswered;
	uint32_t first;
	uint32_t awaited;
	bool is_dump;
	bool finished;
	int error;
	char *text;
	message_reader reader;
	void *data;
};

/**
 * netlink_fail_local() - note that a request or event did not get through
 * @netlink: the connection
 * @code: libnl's negative code
 *
 * Return: -EIO.
 */
int netlink_fail_local(struct netlink *netlink, int code);

#endif
