// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>
#include <net/netlink.h>

#include "netlink_fill.h"
#include "netlink_fill_count.h"
#include "traffic.h"

/* A nest of four numbers of 32 bits and three of 64, each perhaps with padding. */
static_assert(2 * PODWALL_TRAFFIC_KINDS * (4 + 4 * 8 + 3 * (4 + 12)) <=
	      PODWALL_FILL_TRAFFIC_ROOM);

/**
 * podwall_fill_count - put a count
 * @skb: the message
 * @types: where
 * @count: the count
 *
 * Return: 0, or -EMSGSIZE with a part in the message, for the caller to cancel.
 */
int podwall_fill_count(struct sk_buff *skb,
		       const struct podwall_count_types *types,
		       const struct podwall_count *count)
{
	return nla_put_u64_64bit(skb, types->connections, count->connections,
				 types->pad) ||
	       nla_put_u64_64bit(skb, types->packets, count->packets,
				 types->pad) ||
	       nla_put_u64_64bit(skb, types->bytes, count->bytes,
				 types->pad) ? -EMSGSIZE : 0;
}

static const struct podwall_count_types traffic_types = {
	.connections = PODWALL_A_TRAFFIC_CONNECTIONS,
	.packets = PODWALL_A_TRAFFIC_PACKETS,
	.bytes = PODWALL_A_TRAFFIC_BYTES,
	.pad = PODWALL_A_TRAFFIC_PAD,
};

static int fill_kind(struct sk_buff *skb, int type, u8 direction,
		     const struct podwall_traffic_name *name,
		     const struct podwall_count *count)
{
	struct nlattr *nest;

	if (!count->packets)
		return 0;
	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	return podwall_fill_end(skb, nest,
				nla_put_u32(skb, PODWALL_A_TRAFFIC_DIRECTION,
					    direction) ||
				nla_put_u32(skb, PODWALL_A_TRAFFIC_VERDICT,
					    name->verdict) ||
				nla_put_u32(skb, PODWALL_A_TRAFFIC_MODE,
					    name->mode) ||
				nla_put_u32(skb, PODWALL_A_TRAFFIC_REASON,
					    name->reason) ||
				podwall_fill_count(skb, &traffic_types, count));
}

/**
 * podwall_fill_traffic - put what was decided, without what never was
 * @skb: the message
 * @type: of the nest, one for each direction and kind
 * @counts: what was
 *
 * Return: 0, or -EMSGSIZE with a part in the message, for the caller to cancel.
 */
int podwall_fill_traffic(struct sk_buff *skb, int type,
			 const struct podwall_traffic_counts *counts)
{
	u32 i;

	for (i = 0; i < PODWALL_TRAFFIC_KINDS; i++)
		if (fill_kind(skb, type, PODWALL_DIRECTION_INGRESS,
			      &podwall_traffic_names[i], &counts->ingress[i]) ||
		    fill_kind(skb, type, PODWALL_DIRECTION_EGRESS,
			      &podwall_traffic_names[i], &counts->egress[i]))
			return -EMSGSIZE;
	return 0;
}
