// SPDX-License-Identifier: GPL-2.0-only

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/skbuff.h>
#include <linux/string.h>

#include "ip.h"
#include "policy.h"

/* In a kernel without tracepoints nobody calls these two. */
static void __maybe_unused copy_address(u8 *to, const struct podwall_ip *ip)
{
	memset(to, 0, sizeof(struct in6_addr));
	if (ip->family == AF_INET)
		memcpy(to, &ip->v4, sizeof(ip->v4));
	else
		memcpy(to, &ip->v6, sizeof(ip->v6));
}

static void __maybe_unused write_sockaddr(u8 *to,
					  const struct podwall_ip *ip)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	memset(to, 0, sizeof(v6));
	if (ip->family == AF_INET) {
		v4.sin_addr.s_addr = ip->v4;
		memcpy(to, &v4, sizeof(v4));
	} else {
		v6.sin6_addr = ip->v6;
		memcpy(to, &v6, sizeof(v6));
	}
}

#define CREATE_TRACE_POINTS
#include "trace.h"

static const char *key(const struct podwall_pod *pod)
{
	return pod ? pod->key : "";
}

static const char *owner(const struct podwall_policy *policy,
			 const struct podwall_ip *ip)
{
	const struct podwall_pod_slot *slot = podwall_policy_pod(policy, ip);

	return key(slot ? slot->pod : NULL);
}

/**
 * podwall_trace_verdict - show tracers how one direction of a packet was decided
 * @net: the network namespace
 * @policy: that judged; under RCU
 * @packet: at its IP header
 * @connection: that it belongs to
 * @judgement: of the direction
 *
 * Worth the call only if trace_verdict_enabled().
 *
 * Context: Any, under RCU.
 */
void podwall_trace_verdict(const struct net *net,
			   const struct podwall_policy *policy,
			   const struct sk_buff *packet,
			   const struct podwall_connection *connection,
			   const struct podwall_judgement *judgement)
{
	char room[PODWALL_ORIGIN_ROOM];
	const char *origin = podwall_judgement_origin(judgement, room);

	trace_verdict(net, policy, packet, connection, judgement,
		      key(judgement->pod), owner(policy, &connection->client),
		      owner(policy, &connection->server), origin ?: "");
}
