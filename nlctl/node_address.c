// SPDX-License-Identifier: GPL-2.0-only
#include "node_address.h"

#include <ifaddrs.h>
#include <netinet/in.h>

static bool is_same(const struct sockaddr *address, const struct ip *ip)
{
	struct ip other = { .family = address->sa_family };

	if (address->sa_family == AF_INET)
		other.v4 = ((const struct sockaddr_in *)address)->sin_addr;
	else if (address->sa_family == AF_INET6)
		other.v6 = ((const struct sockaddr_in6 *)address)->sin6_addr;
	else
		return false;
	return ip_equal(&other, ip);
}

bool is_node_address(const struct ip *ip)
{
	struct ifaddrs *all, *one;
	bool found = false;

	if (ip->family == AF_INET &&
	    ntohl(ip->v4.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET)
		return true;
	if (getifaddrs(&all))
		return false;
	for (one = all; one && !found; one = one->ifa_next)
		found = one->ifa_addr && is_same(one->ifa_addr, ip);
	freeifaddrs(all);
	return found;
}
