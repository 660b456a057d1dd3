// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>
#include <net/netlink.h>

#include "connection.h"
#include "judge.h"
#include "netlink_fill.h"
#include "policy.h"

/*
 * Each function puts one attribute set into a message and returns 0, or
 * -EMSGSIZE with what it began taken back. None sleeps.
 */

static int fill_ip(struct sk_buff *skb, const struct podwall_ip *ip, int v4,
		   int v6)
{
	if (ip->family == AF_INET)
		return nla_put_in_addr(skb, v4, ip->v4);
	return nla_put_in6_addr(skb, v6, &ip->v6);
}

/* Close a nest that everything went into, or take it back. */
static int end_nest(struct sk_buff *skb, struct nlattr *nest, bool failed)
{
	if (failed) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * podwall_fill_address - put an address
 * @skb: the message
 * @type: of the nest
 * @ip: the address
 * @identity: that it stands under; 0 leaves it out
 *
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_address(struct sk_buff *skb, int type,
			 const struct podwall_ip *ip, u32 identity)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	return end_nest(skb, nest,
			fill_ip(skb, ip, PODWALL_A_ADDRESS_IPV4,
				PODWALL_A_ADDRESS_IPV6) ||
			(identity && nla_put_u32(skb,
						 PODWALL_A_ADDRESS_IDENTITY,
						 identity)));
}

/**
 * podwall_fill_network - put a block of addresses
 * @skb: the message
 * @type: of the nest
 * @network: the block
 *
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_network(struct sk_buff *skb, int type,
			 const struct podwall_network *network)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	return end_nest(skb, nest,
			fill_ip(skb, &network->base, PODWALL_A_NETWORK_IPV4,
				PODWALL_A_NETWORK_IPV6) ||
			nla_put_u8(skb, PODWALL_A_NETWORK_PREFIX_LENGTH,
				   network->prefix_length));
}

static int fill_excepts(struct sk_buff *skb, const struct podwall_peer_set *set,
			const struct podwall_block *block)
{
	const struct podwall_network *excepts = set->excepts.elements;
	u32 i;

	excepts += block->first_except;
	for (i = 0; i < block->except_count; i++)
		if (podwall_fill_network(skb, PODWALL_A_BLOCK_EXCEPT,
					 &excepts[i]))
			return -EMSGSIZE;
	return 0;
}

/**
 * podwall_fill_block - put a block with its exceptions
 * @skb: the message
 * @set: that the block belongs to
 * @block: the block
 *
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_block(struct sk_buff *skb, const struct podwall_peer_set *set,
		       const struct podwall_block *block)
{
	struct nlattr *nest = nla_nest_start(skb, PODWALL_A_PEER_SET_BLOCK);

	if (!nest)
		return -EMSGSIZE;
	return end_nest(skb, nest,
			podwall_fill_network(skb, PODWALL_A_BLOCK_NETWORK,
					     &block->network) ||
			fill_excepts(skb, set, block));
}

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
		if (end_nest(skb, nest,
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

static int fill_count(struct sk_buff *skb, const struct podwall_rule_set *set,
		      u32 index, int packets, int bytes, int pad)
{
	struct podwall_count count = podwall_counters_read(set->counters, index);

	return nla_put_u64_64bit(skb, packets, count.packets, pad) ||
	       nla_put_u64_64bit(skb, bytes, count.bytes, pad) ? -EMSGSIZE : 0;
}

/**
 * podwall_fill_rule - put a rule with its counts
 * @skb: the message
 * @set: that the rule belongs to; frozen
 * @index: of the rule
 *
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_rule(struct sk_buff *skb, const struct podwall_rule_set *set,
		      u32 index)
{
	const struct podwall_rule *rule = podwall_rule_set_rule(set, index);
	struct nlattr *nest = nla_nest_start(skb, PODWALL_A_RULE_SET_RULE);

	if (!nest)
		return -EMSGSIZE;
	return end_nest(skb, nest,
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
			fill_count(skb, set, podwall_rule_set_rule_count(set, index),
				   PODWALL_A_RULE_PACKETS,
				   PODWALL_A_RULE_BYTES, PODWALL_A_RULE_PAD));
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
 * Return: 0, or -EMSGSIZE with a part in the message, for the caller to cancel.
 */
int podwall_fill_rule_set_head(struct sk_buff *skb,
			       const struct podwall_rule_set *set)
{
	return nla_put_u32(skb, PODWALL_A_RULE_SET_DIRECTION, set->direction) ||
	       fill_isolation(skb, set) ||
	       fill_count(skb, set, podwall_rule_set_isolation_count(set),
			  PODWALL_A_RULE_SET_ISOLATION_PACKETS,
			  PODWALL_A_RULE_SET_ISOLATION_BYTES,
			  PODWALL_A_RULE_SET_PAD) ||
	       fill_count(skb, set, podwall_rule_set_default_count(set),
			  PODWALL_A_RULE_SET_DEFAULT_PACKETS,
			  PODWALL_A_RULE_SET_DEFAULT_BYTES,
			  PODWALL_A_RULE_SET_PAD) ? -EMSGSIZE : 0;
}

/* An id of 0 stands for none. */
static int fill_id(struct sk_buff *skb, int type, u32 id)
{
	return id ? nla_put_u32(skb, type, id) : 0;
}

/**
 * podwall_fill_pod - put a pod
 * @skb: the message
 * @pod: the pod
 *
 * Return: 0, or -EMSGSIZE with a part in the message, for the caller to cancel.
 */
int podwall_fill_pod(struct sk_buff *skb, const struct podwall_pod *pod)
{
	u32 i;

	if (nla_put_string(skb, PODWALL_A_POD_KEY, pod->key) ||
	    nla_put_string(skb, PODWALL_A_POD_UID, pod->uid) ||
	    (pod->interface[0] && nla_put_string(skb, PODWALL_A_POD_INTERFACE,
						 pod->interface)) ||
	    fill_id(skb, PODWALL_A_POD_INGRESS_RULE_SET,
		    pod->ingress_rule_set) ||
	    fill_id(skb, PODWALL_A_POD_EGRESS_RULE_SET, pod->egress_rule_set) ||
	    fill_id(skb, PODWALL_A_POD_INGRESS_ENFORCED_RULE_SET,
		    pod->ingress_enforced_rule_set) ||
	    fill_id(skb, PODWALL_A_POD_EGRESS_ENFORCED_RULE_SET,
		    pod->egress_enforced_rule_set) ||
	    nla_put_u32(skb, PODWALL_A_POD_MODE, pod->mode) ||
	    (pod->report_accepted &&
	     nla_put_flag(skb, PODWALL_A_POD_REPORT_ACCEPTED)) ||
	    nla_put_u64_64bit(skb, PODWALL_A_POD_EVENTS_LOST,
			      atomic64_read(&pod->events->lost),
			      PODWALL_A_POD_PAD))
		return -EMSGSIZE;
	for (i = 0; i < pod->address_count; i++)
		if (podwall_fill_address(skb, PODWALL_A_POD_ADDRESS,
					 &pod->addresses[i], 0))
			return -EMSGSIZE;
	return 0;
}

/**
 * podwall_fill_amounts - put an amount for each bounded resource
 * @skb: the message
 * @type: of the nest
 * @amounts: the amounts
 *
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_amounts(struct sk_buff *skb, int type,
			 const struct podwall_amounts *amounts)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	return end_nest(skb, nest,
			nla_put_u32(skb, PODWALL_A_AMOUNTS_ADDRESSES,
				    amounts->addresses) ||
			nla_put_u32(skb, PODWALL_A_AMOUNTS_PEER_SETS,
				    amounts->peer_sets) ||
			nla_put_u32(skb, PODWALL_A_AMOUNTS_RULE_SETS,
				    amounts->rule_sets) ||
			nla_put_u32(skb, PODWALL_A_AMOUNTS_PODS,
				    amounts->pods) ||
			nla_put_u32(skb, PODWALL_A_AMOUNTS_RULES,
				    amounts->rules) ||
			nla_put_u32(skb, PODWALL_A_AMOUNTS_MEMBERS,
				    amounts->members) ||
			nla_put_u32(skb, PODWALL_A_AMOUNTS_GUARDED,
				    amounts->guarded) ||
			nla_put_u32(skb, PODWALL_A_AMOUNTS_TRANSACTIONS,
				    amounts->transactions) ||
			nla_put_u64_64bit(skb, PODWALL_A_AMOUNTS_MEMORY,
					  amounts->memory,
					  PODWALL_A_AMOUNTS_PAD));
}

/**
 * podwall_fill_settings - put settings
 * @skb: the message
 * @settings: the settings
 *
 * Return: 0, or -EMSGSIZE with a part in the message, for the caller to cancel.
 */
int podwall_fill_settings(struct sk_buff *skb,
			  const struct podwall_settings *settings)
{
	const struct podwall_network *guarded = settings->guarded.elements;
	u32 i;

	for (i = 0; i < settings->guarded.count; i++)
		if (podwall_fill_network(skb, PODWALL_A_SETTINGS_GUARDED,
					 &guarded[i]))
			return -EMSGSIZE;
	return nla_put_u32(skb, PODWALL_A_SETTINGS_NODE_ACCESS,
			   settings->node_access) ||
	       nla_put_u32(skb, PODWALL_A_SETTINGS_DENY_ACTION,
			   settings->deny_action) ||
	       nla_put_u32(skb, PODWALL_A_SETTINGS_EVENT_RATE,
			   settings->event_rate) ||
	       podwall_fill_amounts(skb, PODWALL_A_SETTINGS_LIMITS,
				    &settings->limits) ? -EMSGSIZE : 0;
}

static int fill_origin(struct sk_buff *skb,
		       const struct podwall_judgement *judgement)
{
	char room[PODWALL_ORIGIN_ROOM];
	const char *origin = podwall_judgement_origin(judgement, room);

	if (judgement->rule &&
	    nla_put_u64_64bit(skb, PODWALL_A_JUDGEMENT_COOKIE,
			      judgement->rule->cookie,
			      PODWALL_A_JUDGEMENT_PAD))
		return -EMSGSIZE;
	return origin ? nla_put_string(skb, PODWALL_A_JUDGEMENT_ORIGIN,
				       origin) : 0;
}

/**
 * podwall_fill_judgement - put how one direction is decided
 * @skb: the message
 * @type: of the nest
 * @judgement: whose policy is under RCU, or referenced
 *
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_judgement(struct sk_buff *skb, int type,
			   const struct podwall_judgement *judgement)
{
	const struct podwall_pod *pod = judgement->pod;
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	return end_nest(skb, nest,
			nla_put_u32(skb, PODWALL_A_JUDGEMENT_DIRECTION,
				    judgement->direction) ||
			nla_put_u32(skb, PODWALL_A_JUDGEMENT_VERDICT,
				    judgement->verdict) ||
			nla_put_u32(skb, PODWALL_A_JUDGEMENT_REASON,
				    judgement->reason) ||
			(pod && nla_put_string(skb, PODWALL_A_JUDGEMENT_POD,
					       pod->key)) ||
			(pod && nla_put_u32(skb, PODWALL_A_JUDGEMENT_MODE,
					    judgement->mode)) ||
			(judgement->tier &&
			 nla_put_u32(skb, PODWALL_A_JUDGEMENT_TIER,
				     judgement->tier)) ||
			(judgement->rule_set &&
			 nla_put_u32(skb, PODWALL_A_JUDGEMENT_RULE_SET,
				     judgement->rule_set->id)) ||
			fill_origin(skb, judgement));
}

/**
 * podwall_fill_connection - put a connection
 * @skb: the message
 * @type: of the nest
 * @connection: the connection
 *
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_connection(struct sk_buff *skb, int type,
			    const struct podwall_connection *connection)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	return end_nest(skb, nest,
			fill_ip(skb, &connection->client,
				PODWALL_A_CONNECTION_CLIENT_IPV4,
				PODWALL_A_CONNECTION_CLIENT_IPV6) ||
			fill_ip(skb, &connection->server,
				PODWALL_A_CONNECTION_SERVER_IPV4,
				PODWALL_A_CONNECTION_SERVER_IPV6) ||
			nla_put_u8(skb, PODWALL_A_CONNECTION_PROTOCOL,
				   connection->protocol) ||
			(connection->has_ports &&
			 (nla_put_u16(skb, PODWALL_A_CONNECTION_CLIENT_PORT,
				      connection->client_port) ||
			  nla_put_u16(skb, PODWALL_A_CONNECTION_SERVER_PORT,
				      connection->server_port))));
}
