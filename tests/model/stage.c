// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/podwall.h>
#include <linux/string.h>

#include "change.h"
#include "node.h"
#include "peer_set.h"
#include "pod.h"
#include "policy.h"
#include "rule_set.h"
#include "stage.h"
#include "transaction.h"

/* Stage changes as kmod/netlink_stage.c does, call by call. */

static int fill_peer_set(struct podwall_peer_set *set,
			 const struct peers *peers)
{
	struct podwall_network network;
	struct podwall_block *added;
	struct network *except;
	struct block *block;
	u32 i;

	for (i = 0; i < peers->identity_count; i++)
		if (podwall_peer_set_add_identity(set, peers->identities[i]))
			return -ENOMEM;
	for_each(block, &peers->blocks)
	{
		network = node_network(&block->network);
		added = podwall_peer_set_add_block(set, &network);
		if (!added)
			return -ENOMEM;
		for_each(except, &block->excepts)
		{
			network = node_network(except);
			if (podwall_peer_set_add_except(set, added, &network))
				return -ENOMEM;
		}
	}
	return 0;
}

static int stage_peers(struct podwall_transaction *transaction,
		       const struct peers *peers)
{
	struct podwall_peer_set *set;
	size_t before;
	int err;

	set = podwall_peer_set_create(peers->id, peers->name);
	if (!set)
		return -ENOMEM;
	err = podwall_transaction_add_peer_set(transaction, set);
	if (err)
		return err;
	before = podwall_peer_set_size(set);
	err = fill_peer_set(set, peers);
	transaction->memory += podwall_peer_set_size(set) - before;
	return err;
}

static int add_rule(struct podwall_rule_set *set, const struct rule *rule)
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
	u32 i;

	added = podwall_rule_set_add_rule(set, &template, "model");
	if (!added)
		return -ENOMEM;
	for (i = 0; i < rule->peers_count; i++)
		if (podwall_rule_set_add_peer_set(set, added, rule->peers[i]))
			return -ENOMEM;
	for (i = 0; i < rule->ports_count; i++) {
		const struct podwall_port_range range = {
			.protocol = rule->ports[i].protocol,
			.first = rule->ports[i].first,
			.last = rule->ports[i].last,
		};

		if (podwall_rule_set_add_port_range(set, added, &range))
			return -ENOMEM;
	}
	return 0;
}

static int stage_rules(struct podwall_transaction *transaction,
		       const struct rules *rules)
{
	struct podwall_rule_set *set;
	struct rule *rule;
	size_t before;
	int err;

	set = podwall_rule_set_create(rules->id, rules->direction);
	if (!set)
		return -ENOMEM;
	if (rules->isolated && podwall_rule_set_isolate(set, "isolated")) {
		podwall_rule_set_put(set);
		return -ENOMEM;
	}
	set->isolation_audited = rules->isolation_audited;
	err = podwall_transaction_add_rule_set(transaction, set);
	if (err)
		return err;
	before = podwall_rule_set_size(set);
	for_each(rule, &rules->list)
	{
		err = add_rule(set, rule);
		if (err)
			return err;
	}
	transaction->memory += podwall_rule_set_size(set) - before;
	return 0;
}

static int stage_pod(struct podwall_transaction *transaction,
		     const struct pod *pod, bool remove)
{
	struct podwall_pod *staged = podwall_pod_create(pod->key);
	u32 i;

	if (!staged)
		return -ENOMEM;
	if (!remove) {
		strscpy(staged->uid, pod->uid, sizeof(staged->uid));
		staged->mode = pod->mode;
		staged->ingress_rule_set = pod->ingress;
		staged->egress_rule_set = pod->egress;
		staged->ingress_enforced_rule_set = pod->ingress_enforced;
		staged->egress_enforced_rule_set = pod->egress_enforced;
		for (i = 0; i < pod->address_count; i++)
			staged->addresses[staged->address_count++] =
				node_ip(&pod->addresses[i]);
	}
	return podwall_transaction_add_pod(transaction, staged, remove);
}

static void limit(u32 *amount, u32 initial, u32 limit)
{
	*amount = limit ? limit : initial;
}

static void stage_limits(struct podwall_amounts *amounts,
			 const struct limits *limits)
{
	limit(&amounts->addresses, PODWALL_LIMIT_ADDRESSES, limits->addresses);
	limit(&amounts->peer_sets, PODWALL_LIMIT_PEER_SETS, limits->peer_sets);
	limit(&amounts->rule_sets, PODWALL_LIMIT_RULE_SETS, limits->rule_sets);
	limit(&amounts->pods, PODWALL_LIMIT_PODS, limits->pods);
	limit(&amounts->rules, PODWALL_LIMIT_RULES, limits->rules);
	limit(&amounts->members, PODWALL_LIMIT_MEMBERS, limits->members);
}

static int stage_settings(const struct podwall_policy *live,
			  struct podwall_transaction *transaction,
			  const struct settings *settings)
{
	struct podwall_settings *staged = &transaction->settings;
	struct podwall_network *added;
	struct network *network;

	if (!transaction->has_settings) {
		if (podwall_settings_copy(staged, &live->settings))
			return -ENOMEM;
		transaction->settings_generation = live->settings_generation;
		transaction->has_settings = true;
	}
	podwall_array_free(&staged->guarded);
	for_each(network, &settings->guarded)
	{
		added = podwall_array_append(&staged->guarded, sizeof(*added));
		if (!added)
			return -ENOMEM;
		*added = node_network(network);
	}
	staged->node_access = settings->judges_node_access ?
				      PODWALL_NODE_ACCESS_JUDGE :
				      PODWALL_NODE_ACCESS_ACCEPT;
	stage_limits(&staged->limits, &settings->limits);
	return 0;
}

static int stage_host(struct podwall_transaction *transaction,
		      const struct host *host, bool remove)
{
	const struct podwall_ip ip = node_ip(&host->address);

	return podwall_transaction_add_address(transaction, &ip,
					       remove ? 0 : host->identity);
}

static int stage_one(const struct podwall_policy *live,
		     struct podwall_transaction *transaction,
		     const struct change *change)
{
	switch (change->kind) {
	case CHANGE_FLUSH:
		podwall_transaction_flush(transaction);
		return 0;
	case CHANGE_HOST:
		return stage_host(transaction, change->what, false);
	case CHANGE_HOST_REMOVAL:
		return stage_host(transaction, change->what, true);
	case CHANGE_PEERS:
		return stage_peers(transaction, change->what);
	case CHANGE_PEERS_REMOVAL:
		return podwall_transaction_remove_peer_set(transaction,
							   ((struct peers *)
								    change->what)
								   ->id);
	case CHANGE_RULES:
		return stage_rules(transaction, change->what);
	case CHANGE_RULES_REMOVAL:
		return podwall_transaction_remove_rule_set(transaction,
							   ((struct rules *)
								    change->what)
								   ->id);
	case CHANGE_POD:
		return stage_pod(transaction, change->what, false);
	case CHANGE_POD_REMOVAL:
		return stage_pod(transaction, change->what, true);
	case CHANGE_SETTINGS:
		return stage_settings(live, transaction, change->what);
	}
	return -EOPNOTSUPP;
}

/**
 * stage - stage changes, in order
 * @live: that they are for
 * @transaction: to be dropped on failure
 * @changes: of struct change
 *
 * Return: 0 or -ENOMEM.
 */
int stage(const struct podwall_policy *live,
	  struct podwall_transaction *transaction, const struct list *changes)
{
	struct change *change;
	int err;

	for_each(change, changes)
	{
		err = stage_one(live, transaction, change);
		if (err)
			return err;
		transaction->requests++;
	}
	return 0;
}
