// SPDX-License-Identifier: GPL-2.0-only
#include "node_address.h"

#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

static int take_route(struct nl_msg *message, void *data)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	const struct rtmsg *route = nlmsg_data(header);
	bool *local = data;

	if (header->nlmsg_type == RTM_NEWROUTE &&
	    nlmsg_valid_hdr(header, sizeof(*route)))
		*local = route->rtm_type == RTN_LOCAL;
	return NL_OK;
}

static int ask_route(struct nl_sock *socket, const struct ip *ip)
{
	struct rtmsg route = {
		.rtm_family = AF_INET,
		.rtm_dst_len = 32,
	};
	struct nl_msg *message = nlmsg_alloc_simple(RTM_GETROUTE, 0);
	int error = -NLE_NOMEM;

	if (message &&
	    !nlmsg_append(message, &route, sizeof(route), NLMSG_ALIGNTO) &&
	    !nla_put(message, RTA_DST, sizeof(ip->v4), &ip->v4))
		error = nl_send_auto(socket, message);
	nlmsg_free(message);
	return error < 0 ? error : nl_recvmsgs_default(socket);
}

/* An address needs no interface to be local: of IPv4 the routing table says so,
 * and a route may be for a whole block.
 */
static bool is_local_ipv4(const struct ip *ip)
{
	struct nl_sock *socket = nl_socket_alloc();
	bool local = false;

	/* The routing table takes no address for that of the loopback. */
	if (!socket || !ip->v4.s_addr) {
		nl_socket_free(socket);
		return false;
	}
	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_route,
			    &local);
	nl_socket_disable_auto_ack(socket);
	if (!nl_connect(socket, NETLINK_ROUTE))
		/* No route is no local one. */
		ask_route(socket, ip);
	nl_socket_free(socket);
	return local;
}

static bool is_same(const struct sockaddr *address, const struct ip *ip)
{
	return address->sa_family == AF_INET6 &&
	       IN6_ARE_ADDR_EQUAL(&((const struct sockaddr_in6 *)address)
					   ->sin6_addr,
				  &ip->v6);
}

/* Of IPv6 the addresses of interfaces alone count. */
static bool is_own_ipv6(const struct ip *ip)
{
	struct ifaddrs *all, *one;
	bool found = false;

	if (getifaddrs(&all))
		return false;
	for (one = all; one && !found; one = one->ifa_next)
		found = one->ifa_addr && is_same(one->ifa_addr, ip);
	freeifaddrs(all);
	return found;
}

bool is_node_address(const struct ip *ip)
{
	return ip->family == AF_INET ? is_local_ipv4(ip) : is_own_ipv6(ip);
}
