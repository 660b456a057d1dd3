// SPDX-License-Identifier: GPL-2.0-only

#include <err.h>
#include <stdlib.h>

#include <linux/err.h>
#include <linux/errno.h>

#include "cache-load.h"
#include "commit.h"
#include "error.h"
#include "kernel.h"
#include "peer_set.h"
#include "pod.h"
#include "policy.h"
#include "rule_set.h"
#include "settings.h"
#include "transaction.h"

/* Stages as kmod/netlink_stage.c does, what nlctl would have sent it. */

struct podwall_ip cache_ip(const struct ip *ip)
{
	struct podwall_ip converted = { .family = ip->family };

	if (ip->family == AF_INET)
		converted.v4 = ip->v4.s_addr;
	else
		converted.v6 = ip->v6;
	return converted;
}

static struct podwall_network network_of(const struct network *network)
{
	return (struct podwall_network){
		.base = cache_ip(&network->base),
		.prefix_length = network->prefix_length,
	};
}

static void require(int error)
{
	if (error)
		errx(EXIT_FAILURE, "the state cannot be staged: %d", error);
}

static void *require_memory(void *memory)
{
	require(memory ? 0 : -ENOMEM);
	return memory;
}

static void stage_settings(struct podwall_transaction *transaction,
			   const struct podwall_policy *live,
			   const struct settings *settings)
{
	struct podwall_settings *staged = &transaction->settings;
	struct podwall_network *guarded;
	size_t i;

	require(podwall_settings_copy(staged, &live->settings));
	transaction->settings_generation = live->settings_generation;
	transaction->has_settings = true;
	for (i = 0; i < settings->guarded_count; i++) {
		guarded =
			require_memory(podwall_array_append(&staged->guarded,
							    sizeof(*guarded)));
		*guarded = network_of(&settings->guarded[i]);
	}
	staged->node_access = settings->node_access;
	staged->deny_action = settings->deny_action;
	staged->limits = (struct podwall_amounts){
		.addresses = settings->limits.addresses,
		.peer_sets = settings->limits.peer_sets,
		.rule_sets = settings->limits.rule_sets,
		.pods = settings->limits.pods,
		.rules = settings->limits.rules,
		.members = settings->limits.members,
		.guarded = settings->limits.guarded,
		.transactions = settings->limits.transactions,
		.memory = settings->limits.memory,
	};
}

static void stage_address(struct podwall_transaction *transaction,
			  const struct address *address)
{
	const struct podwall_ip ip = cache_ip(&address->ip);

	require(podwall_transaction_add_address(transaction, &ip,
						address->identity));
}

static void add_block(struct podwall_peer_set *staged,
		      const struct block *block)
{
	struct podwall_network network = network_of(&block->network);
	struct podwall_block *added;
	size_t i;

	added = require_memory(podwall_peer_set_add_block(staged, &network));
	for (i = 0; i < block->except_count; i++) {
		network = network_of(&block->except[i]);
		require(podwall_peer_set_add_except(staged, added, &network));
	}
}

static void stage_peer_set(struct podwall_transaction *transaction,
			   const struct peer_set *set)
{
	struct podwall_peer_set *staged;
	size_t i;

	staged = require_memory(podwall_peer_set_create(set->id, set->name));
	require(podwall_transaction_add_peer_set(transaction, staged));
	for (i = 0; i < set->identity_count; i++)
		require(podwall_peer_set_add_identity(staged,
						      set->identities[i]));
	for (i = 0; i < set->block_count; i++)
		add_block(staged, &set->blocks[i]);
}

static void add_rule(struct podwall_rule_set *staged, const struct rule *rule)
{
	const struct podwall_rule template = {
		.cookie = rule->cookie,
		.priority = rule->priority,
		.tier = rule->tier,
		.action = rule->action,
		.any_peer = rule->any_peer,
		.any_port = rule->any_port,
	};
	struct podwall_rule *added;
	size_t i;

	added = require_memory(podwall_rule_set_add_rule(staged, &template,
							 rule->origin));
	for (i = 0; i < rule->peer_set_count; i++)
		require(podwall_rule_set_add_peer_set(staged, added,
						      rule->peer_sets[i]));
	for (i = 0; i < rule->port_range_count; i++) {
		const struct podwall_port_range range = {
			.protocol = rule->port_ranges[i].protocol,
			.first = rule->port_ranges[i].first,
			.last = rule->port_ranges[i].last,
		};

		require(podwall_rule_set_add_port_range(staged, added, &range));
	}
}

static void stage_rule_set(struct podwall_transaction *transaction,
			   const struct rule_set *set)
{
	struct podwall_rule_set *staged;
	size_t i;

	staged = require_memory(podwall_rule_set_create(set->id,
							set->direction));
	if (set->isolated)
		require(podwall_rule_set_isolate(staged,
						 set->isolation_origin));
	require(podwall_transaction_add_rule_set(transaction, staged));
	for (i = 0; i < set->rule_count; i++)
		add_rule(staged, &set->rules[i]);
}

static void stage_pod(struct podwall_transaction *transaction,
		      const struct pod *pod)
{
	struct podwall_pod *staged = podwall_pod_create(pod->key);
	size_t i;

	require_memory(staged);
	if (pod->ip_count > PODWALL_POD_ADDRESSES_MAX)
		errx(EXIT_FAILURE, "pod %s has too many addresses", pod->key);
	staged->mode = pod->mode;
	staged->ingress_rule_set = pod->ingress_rule_set;
	staged->egress_rule_set = pod->egress_rule_set;
	for (i = 0; i < pod->ip_count; i++)
		staged->addresses[staged->address_count++] =
			cache_ip(&pod->ips[i]);
	require(podwall_transaction_add_pod(transaction, staged, false));
}

static void stage(struct podwall_transaction *transaction,
		  const struct objects *objects)
{
	size_t i;

	for (i = 0; i < objects->address_count; i++)
		stage_address(transaction, &objects->addresses[i]);
	for (i = 0; i < objects->peer_set_count; i++)
		stage_peer_set(transaction, &objects->peer_sets[i]);
	for (i = 0; i < objects->rule_set_count; i++)
		stage_rule_set(transaction, &objects->rule_sets[i]);
	for (i = 0; i < objects->pod_count; i++)
		stage_pod(transaction, &objects->pods[i]);
}

/**
 * cache_load - make a policy
 * @objects: the state
 * @settings: the state's
 *
 * Return: the policy, whose reference is the caller's.
 */
struct podwall_policy *cache_load(const struct objects *objects,
				  const struct settings *settings)
{
	struct podwall_policy *live, *policy;
	struct podwall_transaction *transaction;
	struct podwall_error error = {};

	live = require_memory(podwall_policy_create_initial());
	transaction = require_memory(podwall_transaction_create(1, NULL));
	podwall_transaction_flush(transaction);
	stage_settings(transaction, live, settings);
	stage(transaction, objects);
	policy = podwall_commit_build(live, transaction, &error);
	if (IS_ERR(policy))
		errx(EXIT_FAILURE, "the state cannot be committed: %ld: %s",
		     PTR_ERR(policy), error.text);
	podwall_transaction_free(transaction);
	podwall_policy_put(live);
	kernel_grace_period();
	return policy;
}
