// SPDX-License-Identifier: GPL-2.0-only
#include "subscription.h"

#include <errno.h>
#include <linux/podwall.h>
#include <netlink/genl/ctrl.h>
#include <netlink/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink_socket.h"

/* Room for the events of a burst. */
#define EVENT_BUFFER (4 << 20)

static const struct {
	unsigned int bit;
	const char *name;
} groups[] = {
	{ EVENT_DROPS, PODWALL_MCGRP_DROPS },
	{ EVENT_ACCEPTS, PODWALL_MCGRP_ACCEPTS },
	{ EVENT_CHANGES, PODWALL_MCGRP_CHANGES },
};

#define GROUP_COUNT (sizeof(groups) / sizeof(*groups))

/* The number of a group, or a negative errno value. */
static int resolve(struct netlink *netlink, const char *name)
{
	int number =
		genl_ctrl_resolve_grp(netlink->socket, PODWALL_GENL_NAME, name);

	if (number == -NLE_OBJ_NOTFOUND)
		return message_fail(
			netlink, -EOPNOTSUPP,
			"the module tells no %s: install module and nlctl of one version",
			name);
	return number < 0 ? netlink_fail_local(netlink, number) : number;
}

static int join(struct netlink *netlink, int number)
{
	int code = nl_socket_add_membership(netlink->socket, number);

	if (code == -NLE_PERM)
		return message_fail(
			netlink, -EPERM,
			"CAP_NET_ADMIN in the initial user namespace is needed: run nlctl as root (%s)",
			strerror(EPERM));
	return code < 0 ? netlink_fail_local(netlink, code) : 0;
}

int event_subscribe(struct netlink *netlink, unsigned int wanted)
{
	int numbers[GROUP_COUNT];
	int size = EVENT_BUFFER;
	int families, error = 0;
	size_t count = 0;
	size_t i;

	/* All are resolved first: events would come between a request and its
	 * answer.
	 */
	for (i = 0; i < GROUP_COUNT; i++) {
		if (!(wanted & groups[i].bit))
			continue;
		numbers[count] = resolve(netlink, groups[i].name);
		if (numbers[count] < 0)
			return numbers[count];
		count++;
	}
	families = genl_ctrl_resolve_grp(netlink->socket, "nlctrl", "notify");
	setsockopt(nl_socket_get_fd(netlink->socket), SOL_SOCKET,
		   SO_RCVBUFFORCE, &size, sizeof(size));
	nl_socket_set_nonblocking(netlink->socket);
	for (i = 0; i < count && !error; i++)
		error = join(netlink, numbers[i]);
	/* Without it the end of the module goes unnoticed, but no event. */
	if (!error && families >= 0)
		nl_socket_add_membership(netlink->socket, families);
	return error;
}

int netlink_descriptor(const struct netlink *netlink)
{
	return nl_socket_get_fd(netlink->socket);
}

int message_receive(struct netlink *netlink, message_reader reader, void *data)
{
	int code;

	netlink->error = 0;
	netlink->awaited = 0;
	netlink->reader = reader;
	netlink->data = data;
	code = nl_recvmsgs_default(netlink->socket);
	if (netlink->error || code >= 0 || code == -NLE_AGAIN)
		return netlink->error;
	/* libnl's name for ENOBUFS. */
	if (code == -NLE_NOMEM)
		return -ENOBUFS;
	return netlink_fail_local(netlink, code);
}
