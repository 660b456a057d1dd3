// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>
#include <net/netlink.h>

#include "connection.h"
#include "judge.h"
#include "netlink_fill.h"
#include "netlink_fill_count.h"
#include "policy.h"

/*
 * Each function puts one attribute set into a message and returns 0, or
 * -EMSGSIZE with what it began taken back. None sleeps but those that put counts.
 */

static int fill_ip(struct sk_buff *skb, const struct podwall_ip *ip, int v4,
		   int v6)
{
	if (ip->family == AF_INET)
		return nla_put_in_addr(skb, v4, ip->v4);
	return nla_put_in6_addr(skb, v6, &ip->v6);
}

/**
 * podwall_fill_end - close a nest that everything went into, or take it back
 * @skb: the message
 * @nest: begun
 * @failed: not everything did
 *
 * Return: 0 or -EMSGSIZE.
 */
int podwall_fill_end(struct sk_buff *skb, struct nlattr *nest, bool failed)
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
	return podwall_fill_end(skb, nest,
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
	return podwall_fill_end(skb, nest,
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
	return podwall_fill_end(skb, nest,
				podwall_fill_network(skb, PODWALL_A_BLOCK_NETWORK,
						     &block->network) ||
				fill_excepts(skb, set, block));
}

/* An id of 0 stands for none. */
static int fill_id(struct sk_buff *skb, int type, u32 id)
{
	return id ? nla_put_u32(skb, type, id) : 0;
}

/**
 * podwall_fill_pod - put a pod with its traffic
 * @skb: the message
 * @pod: in a policy
 *
 * Return: 0, or -EMSGSIZE with a part in the message, for the caller to cancel.
 */
int podwall_fill_pod(struct sk_buff *skb, const struct podwall_pod *pod)
{
	struct podwall_traffic_counts traffic;
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
	podwall_traffic_read(pod->traffic->counts, &traffic);
	return podwall_fill_traffic(skb, PODWALL_A_POD_TRAFFIC, &traffic);
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
	return podwall_fill_end(skb, nest,
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
	return podwall_fill_end(skb, nest,
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
	return podwall_fill_end(skb, nest,
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
