// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>
#include <net/netlink.h>

#include "netlink_fill.h"
#include "netlink_fill_count.h"
#include "rule_set.h"

static int fill_peers(struct sk_buff *skb, const struct podwall_rule_set *set,
		      const struct podwall_rule *rule)
{
	const u32 *ids = set->peer_sets.elements;
	u32 i;

	if (rule->any_peer)
		return nla_put_flag(skb, PODWALL_A_RULE_ANY_PEER);
	ids += rule->first_peer_set;
	for (i = 0; i < rule->peer_set_count; i++)
		if (nla_put_u32(skb, PODWALL_A_RULE_PEER_SET, ids[i]))
			return -EMSGSIZE;
	return 0;
}

static int fill_ports(struct sk_buff *skb, const struct podwall_rule_set *set,
		      const struct podwall_rule *rule)
{
	const struct podwall_port_range *range = set->port_ranges.elements;
	struct nlattr *nest;
	u32 i;

	if (rule->any_port)
		return nla_put_flag(skb, PODWALL_A_RULE_ANY_PORT);
	range += rule->first_port_range;
	for (i = 0; i < rule->port_range_count; i++, range++) {
		nest = nla_nest_start(skb, PODWALL_A_RULE_PORT_RANGE);
		if (!nest)
			return -EMSGSIZE;
		if (podwall_fill_end(skb, nest,
				     nla_put_u8(skb, PODWALL_A_PORT_RANGE_PROTOCOL,
						range->protocol) ||
				     nla_put_u16(skb, PODWALL_A_PORT_RANGE_FIRST,
						 range->first) ||
				     nla_put_u16(skb, PODWALL_A_PORT_RANGE_LAST,
						 range->last)))
			return -EMSGSIZE;
	}
	return 0;
}

static const struct podwall_count_types rule_types = {
	.connections = PODWALL_A_RULE_CONNECTIONS,
	.packets = PODWALL_A_RULE_PACKETS,
	.bytes = PODWALL_A_RULE_BYTES,
	.pad = PODWALL_A_RULE_PAD,
};

static const struct podwall_count_types isolation_types = {
	.connections = PODWALL_A_RULE_SET_ISOLATION_CONNECTIONS,
	.packets = PODWALL_A_RULE_SET_ISOLATION_PACKETS,
	.bytes = PODWALL_A_RULE_SET_ISOLATION_BYTES,
	.pad = PODWALL_A_RULE_SET_PAD,
};

static const struct podwall_count_types default_types = {
	.connections = PODWALL_A_RULE_SET_DEFAULT_CONNECTIONS,
	.packets = PODWALL_A_RULE_SET_DEFAULT_PACKETS,
	.bytes = PODWALL_A_RULE_SET_DEFAULT_BYTES,
	.pad = PODWALL_A_RULE_SET_PAD,
};

static int fill_count(struct sk_buff *skb, const struct podwall_rule_set *set,
		      u32 index, const struct podwall_count_types *types)
{
	struct podwall_count count = podwall_counters_read(set->counters, index);

	return podwall_fill_count(skb, types, &count);
}

/**
 * podwall_fill_rule - put a rule with its counts
 * @skb: the message
 * @set: that the rule belongs to; frozen
 * @index: of the rule
 *
 * Context: Process context; may sleep.
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_rule(struct sk_buff *skb, const struct podwall_rule_set *set,
		      u32 index)
{
	const struct podwall_rule *rule = podwall_rule_set_rule(set, index);
	struct nlattr *nest = nla_nest_start(skb, PODWALL_A_RULE_SET_RULE);

	if (!nest)
		return -EMSGSIZE;
	return podwall_fill_end(skb, nest,
				nla_put_u32(skb, PODWALL_A_RULE_TIER, rule->tier) ||
				nla_put_u32(skb, PODWALL_A_RULE_PRIORITY,
					    rule->priority) ||
				nla_put_u32(skb, PODWALL_A_RULE_ACTION, rule->action) ||
				fill_peers(skb, set, rule) ||
				fill_ports(skb, set, rule) ||
				nla_put_u64_64bit(skb, PODWALL_A_RULE_COOKIE,
						  rule->cookie, PODWALL_A_RULE_PAD) ||
				nla_put_string(skb, PODWALL_A_RULE_ORIGIN,
					       podwall_rule_set_text(set,
								     rule->origin)) ||
				fill_count(skb, set,
					   podwall_rule_set_rule_count(set, index),
					   &rule_types));
}

static int fill_isolation(struct sk_buff *skb,
			  const struct podwall_rule_set *set)
{
	if (set->isolation_audited)
		return nla_put_flag(skb, PODWALL_A_RULE_SET_ISOLATION_AUDITED);
	if (!set->isolated)
		return 0;
	return nla_put_flag(skb, PODWALL_A_RULE_SET_ISOLATED) ||
	       nla_put_string(skb, PODWALL_A_RULE_SET_ISOLATION_ORIGIN,
			      podwall_rule_set_text(set,
						    set->isolation_origin)) ?
	       -EMSGSIZE : 0;
}

/**
 * podwall_fill_rule_set_head - put all of a rule set but its id and rules
 * @skb: the message
 * @set: frozen
 *
 * Context: Process context; may sleep.
 * Return: 0, or -EMSGSIZE with a part in the message, for the caller to cancel.
 */
int podwall_fill_rule_set_head(struct sk_buff *skb,
			       const struct podwall_rule_set *set)
{
	return nla_put_u32(skb, PODWALL_A_RULE_SET_DIRECTION, set->direction) ||
	       fill_isolation(skb, set) ||
	       fill_count(skb, set, podwall_rule_set_isolation_count(set),
			  &isolation_types) ||
	       fill_count(skb, set, podwall_rule_set_default_count(set),
			  &default_types) ? -EMSGSIZE : 0;
}
