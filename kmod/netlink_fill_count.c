// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>
#include <net/netlink.h>

#include "counters.h"
#include "netlink_fill_count.h"

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
