// SPDX-License-Identifier: GPL-2.0-only
#include "interpreter.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/owners.h"
#include "support.h"

static const struct pod *pod_at(const struct objects *objects,
				const struct ip *ip)
{
	size_t i, j;

	for (i = 0; i < objects->pod_count; i++)
		for (j = 0; j < objects->pods[i].ip_count; j++)
			if (ip_equal(&objects->pods[i].ips[j], ip))
				return &objects->pods[i];
	return NULL;
}

static uint32_t identity_at(const struct objects *objects, const struct ip *ip)
{
	size_t i;

	for (i = 0; i < objects->address_count; i++)
		if (ip_equal(&objects->addresses[i].ip, ip))
			return objects->addresses[i].identity;
	return 0;
}

static bool block_holds(const struct block *block, const struct ip *ip)
{
	size_t i;

	for (i = 0; i < block->except_count; i++)
		if (network_contains(&block->except[i], ip))
			return false;
	return network_contains(&block->network, ip);
}

static bool peer_set_holds(const struct objects *objects, uint32_t id,
			   const struct ip *ip)
{
	uint32_t identity = identity_at(objects, ip);
	const struct peer_set *peer_set = NULL;
	size_t i;

	for (i = 0; i < objects->peer_set_count; i++)
		if (objects->peer_sets[i].id == id)
			peer_set = &objects->peer_sets[i];
	assert_non_null(peer_set);
	for (i = 0; i < peer_set->identity_count; i++)
		if (peer_set->identities[i] == identity)
			return true;
	for (i = 0; i < peer_set->block_count; i++)
		if (block_holds(&peer_set->blocks[i], ip))
			return true;
	return false;
}

static bool rule_covers(const struct objects *objects, const struct rule *rule,
			const struct ip *peer, uint8_t protocol, uint16_t port)
{
	bool peer_covered = rule->any_peer, port_covered = rule->any_port;
	size_t i;

	for (i = 0; i < rule->peer_set_count; i++)
		if (peer_set_holds(objects, rule->peer_sets[i], peer))
			peer_covered = true;
	for (i = 0; i < rule->port_range_count; i++)
		if (rule->port_ranges[i].protocol == protocol &&
		    rule->port_ranges[i].first <= port &&
		    rule->port_ranges[i].last >= port)
			port_covered = true;
	return peer_covered && port_covered;
}

enum answer {
	ANSWER_NONE,
	ANSWER_ACCEPT,
	ANSWER_DENY
};

static enum answer judge_tier(const struct objects *objects,
			      const struct rule_set *rule_set,
			      enum podwall_tier tier, const struct ip *peer,
			      uint8_t protocol, uint16_t port)
{
	size_t i;

	for (i = 0; i < rule_set->rule_count; i++) {
		const struct rule *rule = &rule_set->rules[i];

		if (rule->tier != tier ||
		    !rule_covers(objects, rule, peer, protocol, port))
			continue;
		if (rule->action == PODWALL_ACTION_PASS)
			return ANSWER_NONE;
		return rule->action == PODWALL_ACTION_ACCEPT ? ANSWER_ACCEPT :
							       ANSWER_DENY;
	}
	return tier == PODWALL_TIER_POLICY && rule_set->isolated ? ANSWER_DENY :
								   ANSWER_NONE;
}

static const struct rule_set *find_rule_set(const struct objects *objects,
					    uint32_t id)
{
	size_t i;

	for (i = 0; i < objects->rule_set_count; i++)
		if (objects->rule_sets[i].id == id)
			return &objects->rule_sets[i];
	fail_msg("a pod refers to rule set %u, which is not there", id);
	return NULL;
}

static bool is_enforced_set(const struct objects *objects, uint32_t id)
{
	size_t i;

	for (i = 0; i < objects->pod_count; i++)
		if (objects->pods[i].ingress_enforced_rule_set == id ||
		    objects->pods[i].egress_enforced_rule_set == id)
			return true;
	return false;
}

static bool judge(const struct objects *objects, uint32_t id,
		  const struct ip *peer, uint8_t protocol, uint16_t port,
		  bool skip_policy_tier)
{
	static const enum podwall_tier tiers[] = { PODWALL_TIER_ADMIN,
						   PODWALL_TIER_POLICY,
						   PODWALL_TIER_BASELINE };
	const struct rule_set *rule_set;
	enum answer answer = ANSWER_NONE;
	size_t i;

	if (!id)
		return true;
	rule_set = find_rule_set(objects, id);
	for (i = 0; i < COUNT(tiers) && answer == ANSWER_NONE; i++)
		if (tiers[i] != PODWALL_TIER_POLICY || !skip_policy_tier)
			answer = judge_tier(objects, rule_set, tiers[i], peer,
					    protocol, port);
	return answer != ANSWER_DENY;
}

/* Whether an address is that of the pod's node. Objects do not say; the module
 * sees it by the way that a packet takes.
 */
static bool is_own_node(const struct cluster *cluster, const struct pod *pod,
			const struct ip *ip)
{
	const struct cluster_pod *owner = cluster_find_pod(cluster, pod->key);

	assert_non_null(owner);
	return !owner_of(cluster, ip) &&
	       is_ip_of_node(cluster, owner->node, ip);
}

/* What one end says: a pod, by its rule set and by what of that is enforced. */
static enum interpretation interpret_end(const struct objects *objects,
					 const struct pod *pod, bool ingress,
					 const struct ip *peer,
					 uint8_t protocol, uint16_t port,
					 bool own_node)
{
	uint32_t id = ingress ? pod->ingress_rule_set : pod->egress_rule_set;
	uint32_t enforced = ingress ? pod->ingress_enforced_rule_set :
				      pod->egress_enforced_rule_set;
	bool skip_policy_tier = own_node && !ingress;

	if ((own_node && ingress) ||
	    judge(objects, id, peer, protocol, port, skip_policy_tier))
		return INTERPRETATION_ACCEPT;
	if (pod->mode == PODWALL_MODE_AUDIT)
		return INTERPRETATION_AUDIT;
	return enforced && judge(objects, enforced, peer, protocol, port,
				 skip_policy_tier) ?
		       INTERPRETATION_AUDIT :
		       INTERPRETATION_DENY;
}

enum interpretation interpret(const struct cluster *cluster,
			      const struct objects *objects,
			      const struct ip *client, const struct ip *server,
			      uint8_t protocol, uint16_t port)
{
	const struct pod *from = pod_at(objects, client);
	const struct pod *to = pod_at(objects, server);
	enum interpretation egress = INTERPRETATION_ACCEPT;
	enum interpretation ingress = INTERPRETATION_ACCEPT;

	if (from && from == to)
		return INTERPRETATION_ACCEPT;
	if (from)
		egress = interpret_end(objects, from, false, server, protocol,
				       port,
				       is_own_node(cluster, from, server));
	if (to)
		ingress = interpret_end(objects, to, true, client, protocol,
					port, is_own_node(cluster, to, client));
	return egress < ingress ? egress : ingress;
}

static void check_reference(const struct objects *objects, uint32_t id,
			    enum podwall_direction direction)
{
	const struct rule_set *rule_set;

	if (!id)
		return;
	rule_set = find_rule_set(objects, id);
	assert_int_equal(rule_set->direction, direction);
	/* A set without a word is there for what it does not deny. */
	assert_true(rule_set->isolated || rule_set->rule_count ||
		    is_enforced_set(objects, id));
}

static void check_enforced(const struct objects *objects, uint32_t id,
			   uint32_t enforced, enum podwall_direction direction)
{
	assert_true(id || !enforced);
	check_reference(objects, enforced, direction);
}

static void check_rule(const struct objects *objects, const struct rule *rule,
		       bool *used)
{
	size_t i, j;

	if (rule->tier == PODWALL_TIER_POLICY) {
		assert_int_equal(rule->action, PODWALL_ACTION_ACCEPT);
		assert_int_equal(rule->priority, 0);
	}
	assert_true(rule->any_peer == !rule->peer_set_count);
	assert_true(rule->any_port == !rule->port_range_count);
	assert_true(strlen(rule->origin) <= PODWALL_ORIGIN_MAX);
	assert_true(rule->peer_set_count <= 1024);
	assert_true(rule->port_range_count <= 512);
	for (i = 0; i < rule->peer_set_count; i++) {
		assert_true(!i || rule->peer_sets[i - 1] < rule->peer_sets[i]);
		for (j = 0; j < objects->peer_set_count; j++)
			if (objects->peer_sets[j].id == rule->peer_sets[i])
				break;
		assert_true(j < objects->peer_set_count);
		used[j] = true;
	}
	for (i = 0; i < rule->port_range_count; i++) {
		const struct port_range *range = &rule->port_ranges[i];

		assert_true(range->first <= range->last);
		if (i && range[-1].protocol == range->protocol)
			assert_true(range[-1].last + 1 < range->first);
		else if (i)
			assert_true(range[-1].protocol < range->protocol);
	}
}

/* As the module wants it. */
static void check_order(const struct rule_set *rule_set, size_t index)
{
	const struct rule *rule = &rule_set->rules[index];

	assert_true(rule->tier != PODWALL_TIER_POLICY || rule_set->isolated ||
		    rule_set->isolation_audited);
	assert_true(!index || rule[-1].tier < rule->tier ||
		    (rule[-1].tier == rule->tier &&
		     rule[-1].priority <= rule->priority));
}

static void check_block(const struct block *block)
{
	size_t i;

	assert_true(block->except_count <= 512);
	for (i = 0; i < block->except_count; i++) {
		const struct network *except = &block->except[i];

		assert_true(except->prefix_length >
			    block->network.prefix_length);
		assert_true(network_contains(&block->network, &except->base));
		assert_true(!i ||
			    !network_contains(&except[-1], &except->base));
	}
}

static void check_peer_sets(const struct objects *objects, const bool *used)
{
	size_t i, j;

	for (i = 0; i < objects->peer_set_count; i++) {
		const struct peer_set *peer_set = &objects->peer_sets[i];

		assert_true(used[i]);
		assert_true(peer_set->id);
		assert_true(!i || peer_set[-1].id < peer_set->id);
		assert_true(strlen(peer_set->name) <= PODWALL_NAME_MAX);
		for (j = 0; j < i; j++)
			assert_string_not_equal(objects->peer_sets[j].name,
						peer_set->name);
		for (j = 0; j < peer_set->block_count; j++)
			check_block(&peer_set->blocks[j]);
		for (j = 0; j < peer_set->identity_count; j++)
			assert_true(!j || peer_set->identities[j - 1] <
						  peer_set->identities[j]);
	}
}

static bool is_member(const struct objects *objects, uint32_t identity)
{
	size_t i, j;

	for (i = 0; i < objects->peer_set_count; i++)
		for (j = 0; j < objects->peer_sets[i].identity_count; j++)
			if (objects->peer_sets[i].identities[j] == identity)
				return true;
	return false;
}

static bool has_address(const struct objects *objects, uint32_t identity)
{
	size_t i;

	for (i = 0; i < objects->address_count; i++)
		if (objects->addresses[i].identity == identity)
			return true;
	return false;
}

/* The kernel is told of addresses that rules refer to, and of no others. */
static void check_identities(const struct objects *objects)
{
	size_t i, j;

	for (i = 0; i < objects->address_count; i++)
		assert_true(is_member(objects, objects->addresses[i].identity));
	for (i = 0; i < objects->peer_set_count; i++)
		for (j = 0; j < objects->peer_sets[i].identity_count; j++)
			assert_true(has_address(objects,
						objects->peer_sets[i]
							.identities[j]));
}

void check_objects(const struct objects *objects)
{
	bool *used = xcalloc(objects->peer_set_count, sizeof(*used));
	size_t i, j;

	for (i = 0; i < objects->address_count; i++) {
		const struct address *address = &objects->addresses[i];

		assert_true(address->identity);
		assert_true(!i ||
			    ip_compare(&address[-1].ip, &address->ip) < 0);
	}
	for (i = 0; i < objects->rule_set_count; i++) {
		const struct rule_set *rule_set = &objects->rule_sets[i];

		assert_true(rule_set->id);
		assert_true(!i || rule_set[-1].id < rule_set->id);
		assert_true(!rule_set->isolated ||
			    !rule_set->isolation_audited);
		assert_int_equal(rule_set->isolated,
				 !!rule_set->isolation_origin);
		if (rule_set->isolated)
			assert_true(strlen(rule_set->isolation_origin) <=
				    PODWALL_ORIGIN_MAX);
		for (j = 0; j < rule_set->rule_count; j++) {
			check_rule(objects, &rule_set->rules[j], used);
			check_order(rule_set, j);
		}
	}
	check_peer_sets(objects, used);
	check_identities(objects);
	free(used);
	for (i = 0; i < objects->pod_count; i++) {
		const struct pod *pod = &objects->pods[i];

		assert_true(!i || strcmp(pod[-1].key, pod->key) < 0);
		assert_true(pod->ip_count);
		assert_true(pod->mode == PODWALL_MODE_ENFORCE ||
			    pod->mode == PODWALL_MODE_AUDIT);
		check_reference(objects, pod->ingress_rule_set,
				PODWALL_DIRECTION_INGRESS);
		check_reference(objects, pod->egress_rule_set,
				PODWALL_DIRECTION_EGRESS);
		check_enforced(objects, pod->ingress_rule_set,
			       pod->ingress_enforced_rule_set,
			       PODWALL_DIRECTION_INGRESS);
		check_enforced(objects, pod->egress_rule_set,
			       pod->egress_enforced_rule_set,
			       PODWALL_DIRECTION_EGRESS);
	}
}
