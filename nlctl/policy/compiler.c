// SPDX-License-Identifier: GPL-2.0-only
#include "policy/compiler.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/mode.h"
#include "policy/namespace_check.h"
#include "policy/node_check.h"
#include "policy/peer_table.h"
#include "policy/population.h"
#include "policy/reporting.h"
#include "policy/rule_builder.h"
#include "policy/rule_table.h"
#include "policy/selector.h"

/* Both directions, in the order that the loops take them. */
static const enum podwall_direction directions[] = {
	PODWALL_DIRECTION_INGRESS,
	PODWALL_DIRECTION_EGRESS,
};

#define DIRECTIONS (sizeof(directions) / sizeof(*directions))

/* The rule sets of a pod: those of both directions in the same order, and those
 * that say what of them is enforced.
 */
enum {
	PART_INGRESS,
	PART_EGRESS,
	PART_INGRESS_ENFORCED,
	PART_EGRESS_ENFORCED,
	PARTS
};

/*
 * What the pods of an identity share: by definition policies and rules treat
 * them alike, so rule sets are built once for an identity.
 */
struct plan {
	bool local; /* some pod of the identity is on the node */
	struct part {
		bool exists;
		struct rule_set draft;
		size_t rule_set; /* index into the rule table */
	} parts[PARTS];
};

struct compilation {
	const struct cluster *cluster;
	const char *node;
	const struct objects *live;
	struct population population;
	const struct network_policy **policies; /* ordered by key */
	size_t policy_count;
	const struct cluster_policy **cluster_policies; /* as they are judged */
	size_t cluster_policy_count;
	struct plan *plans; /* one for each identity */
	struct peer_table peers;
	struct rule_table rules;
};

static int compare_policies(const void *a, const void *b)
{
	const struct network_policy *const *left = a, *const *right = b;

	return strcmp((*left)->key, (*right)->key);
}

static int compare_cluster_policies(const void *a, const void *b)
{
	const struct cluster_policy *left = *(struct cluster_policy *const *)a;
	const struct cluster_policy *right = *(struct cluster_policy *const *)b;
	int order;

	if (left->tier != right->tier)
		return left->tier < right->tier ? -1 : 1;
	if (left->priority != right->priority)
		return left->priority < right->priority ? -1 : 1;
	order = strcmp(left->name, right->name);
	return order ? order : strcmp(left->key, right->key);
}

static void list_policies(struct compilation *compilation)
{
	const struct cluster_policy *cluster_policy;
	const struct network_policy *policy;

	for (policy = compilation->cluster->policies; policy;
	     policy = policy->hh.next)
		*array_add(compilation->policies, compilation->policy_count) =
			policy;
	if (compilation->policy_count > 1)
		qsort(compilation->policies, compilation->policy_count,
		      sizeof(*compilation->policies), compare_policies);

	for (cluster_policy = compilation->cluster->cluster_policies;
	     cluster_policy; cluster_policy = cluster_policy->hh.next)
		*array_add(compilation->cluster_policies,
			   compilation->cluster_policy_count) = cluster_policy;
	if (compilation->cluster_policy_count > 1)
		qsort(compilation->cluster_policies,
		      compilation->cluster_policy_count,
		      sizeof(*compilation->cluster_policies),
		      compare_cluster_policies);
}

static bool is_local(const struct compilation *compilation,
		     const struct inhabitant *inhabitant)
{
	return !compilation->node ||
	       !strcmp(inhabitant->pod->node, compilation->node);
}

static void draft_rule_set(struct compilation *compilation, size_t index,
			   size_t direction)
{
	const struct identity *identity =
		&compilation->population.identities[index];
	bool ingress = directions[direction] == PODWALL_DIRECTION_INGRESS;
	const struct cluster_pod *pod = identity->pod;
	struct part *part = &compilation->plans[index].parts[direction];
	struct part *enforced = part + PART_INGRESS_ENFORCED;
	struct selection selection = {};
	size_t i;

	for (i = 0; i < compilation->policy_count; i++) {
		const struct network_policy *policy = compilation->policies[i];

		if ((ingress ? policy->ingress : policy->egress) &&
		    !strcmp(policy->namespace, pod->namespace) &&
		    selector_matches(&policy->pod_selector, &pod->labels))
			*array_add(selection.policies, selection.policy_count) =
				policy;
	}
	for (i = 0; i < compilation->cluster_policy_count; i++) {
		const struct cluster_policy *policy =
			compilation->cluster_policies[i];

		if (selector_matches(&policy->namespace_selector,
				     &identity->namespace->labels) &&
		    selector_matches(&policy->pod_selector, &pod->labels))
			*array_add(selection.cluster_policies,
				   selection.cluster_policy_count) = policy;
	}
	part->exists = build_rule_set(&compilation->peers, &selection, false,
				      directions[direction], pod, &part->draft);
	/* It may well be empty, and then everything is only audited. */
	if (part->exists &&
	    selection_audits(&selection, directions[direction])) {
		build_rule_set(&compilation->peers, &selection, true,
			       directions[direction], pod, &enforced->draft);
		enforced->exists = true;
	}
	free(selection.policies);
	free(selection.cluster_policies);
}

static void draft_rule_sets(struct compilation *compilation)
{
	const struct population *population = &compilation->population;
	size_t i, j;

	compilation->plans =
		xcalloc(population->identity_count, sizeof(struct plan));
	for (i = 0; i < population->inhabitant_count; i++) {
		const struct inhabitant *inhabitant =
			&population->inhabitants[i];

		if (is_local(compilation, inhabitant))
			compilation->plans[inhabitant->identity].local = true;
	}
	compilation->peers.cluster = compilation->cluster;
	compilation->peers.population = population;
	for (i = 0; i < population->identity_count; i++)
		for (j = 0; j < DIRECTIONS && compilation->plans[i].local; j++)
			draft_rule_set(compilation, i, j);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* Replace indexes of peer sets by their ids. */
static void refer_by_id(const struct peer_table *peers,
			struct rule_set *rule_set)
{
	size_t i, j;

	for (i = 0; i < rule_set->rule_count; i++) {
		struct rule *rule = &rule_set->rules[i];

		for (j = 0; j < rule->peer_set_count; j++)
			rule->peer_sets[j] =
				peers->peer_sets[rule->peer_sets[j]].id;
		if (rule->peer_set_count > 1)
			qsort(rule->peer_sets, rule->peer_set_count,
			      sizeof(*rule->peer_sets), compare_numbers);
	}
}

static const struct pod *find_live_pod(const struct objects *live,
				       const char *key)
{
	size_t low = 0, high = live ? live->pod_count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(live->pods[middle].key, key);

		if (!order)
			return &live->pods[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static uint32_t live_rule_set(const struct pod *pod, size_t part)
{
	const uint32_t ids[PARTS] = {
		[PART_INGRESS] = pod->ingress_rule_set,
		[PART_EGRESS] = pod->egress_rule_set,
		[PART_INGRESS_ENFORCED] = pod->ingress_enforced_rule_set,
		[PART_EGRESS_ENFORCED] = pod->egress_enforced_rule_set,
	};

	return ids[part];
}

/* A pod whose rules changed keeps the id of its rule set, so that only the
 * content of the set has to change.
 */
static void wish_live_ids(struct compilation *compilation)
{
	const struct population *population = &compilation->population;
	size_t i, j;

	for (i = 0; i < population->inhabitant_count; i++) {
		const struct inhabitant *inhabitant =
			&population->inhabitants[i];
		const struct plan *plan =
			&compilation->plans[inhabitant->identity];
		const struct pod *pod =
			find_live_pod(compilation->live, inhabitant->pod->key);

		if (!pod || !is_local(compilation, inhabitant))
			continue;
		for (j = 0; j < PARTS; j++)
			if (plan->parts[j].exists)
				rule_table_wish(&compilation->rules,
						plan->parts[j].rule_set,
						live_rule_set(pod, j));
	}
}

static void number_rule_sets(struct compilation *compilation)
{
	size_t count = compilation->population.identity_count, i, j;

	for (i = 0; i < count; i++) {
		struct plan *plan = &compilation->plans[i];

		for (j = 0; j < PARTS; j++) {
			struct part *part = &plan->parts[j];

			if (!part->exists)
				continue;
			refer_by_id(&compilation->peers, &part->draft);
			part->rule_set = rule_table_add(&compilation->rules,
							&part->draft);
		}
	}
	if (compilation->live)
		rule_table_keep(&compilation->rules, compilation->live);
	wish_live_ids(compilation);
	rule_table_number(&compilation->rules);
}

static uint32_t rule_set_id(const struct compilation *compilation,
			    const struct part *part)
{
	if (!part->exists)
		return 0;
	return compilation->rules.rule_sets[part->rule_set].id;
}

static void emit_pod(const struct compilation *compilation,
		     const struct inhabitant *inhabitant,
		     struct objects *objects)
{
	const struct pod *live =
		find_live_pod(compilation->live, inhabitant->pod->key);
	const struct part *parts =
		compilation->plans[inhabitant->identity].parts;
	struct pod *pod = array_add(objects->pods, objects->pod_count);

	pod->key = xstrdup(inhabitant->pod->key);
	pod->uid = xstrdup(inhabitant->pod->uid);
	pod->ip_count = inhabitant->ip_count;
	pod->ips = xmemdup(inhabitant->ips, pod->ip_count * sizeof(*pod->ips));
	pod->ingress_rule_set = rule_set_id(compilation, &parts[PART_INGRESS]);
	pod->egress_rule_set = rule_set_id(compilation, &parts[PART_EGRESS]);
	pod->ingress_enforced_rule_set =
		rule_set_id(compilation, &parts[PART_INGRESS_ENFORCED]);
	pod->egress_enforced_rule_set =
		rule_set_id(compilation, &parts[PART_EGRESS_ENFORCED]);
	pod->mode = mode_of_pod(compilation->cluster, inhabitant->pod);
	pod->report_accepted =
		reporting_of_pod(compilation->cluster, inhabitant->pod);
	/* Manifests do not know it; do not forget what the kernel knows. */
	if (live && !strcmp(live->uid, pod->uid) && live->interface)
		pod->interface = xstrdup(live->interface);
}

static void emit(struct compilation *compilation, struct objects *objects)
{
	const struct population *population = &compilation->population;
	size_t i, j;

	for (i = 0; i < population->inhabitant_count; i++) {
		const struct inhabitant *inhabitant =
			&population->inhabitants[i];
		uint32_t number =
			population->identities[inhabitant->identity].number;

		for (j = 0; j < inhabitant->ip_count; j++)
			*array_add(objects->addresses, objects->address_count) =
				(struct address){ inhabitant->ips[j], number };
		if (is_local(compilation, inhabitant))
			emit_pod(compilation, inhabitant, objects);
	}

	objects->peer_sets = compilation->peers.peer_sets;
	objects->peer_set_count = compilation->peers.count;
	compilation->peers.peer_sets = NULL;
	compilation->peers.count = 0;
	objects->rule_sets = compilation->rules.rule_sets;
	objects->rule_set_count = compilation->rules.count;
	compilation->rules.rule_sets = NULL;
	compilation->rules.count = 0;
	objects_sort(objects);
}

bool compile(const struct cluster *cluster, const char *node,
	     const struct objects *live, struct objects *objects,
	     struct problems *problems)
{
	struct compilation compilation = {
		.cluster = cluster,
		.node = node,
		.live = live,
	};
	bool fine;

	*objects = (struct objects){};
	population_build(cluster, node, live, &compilation.population,
			 problems);
	fine = check_namespaces(cluster, &compilation.population, problems);
	if (!check_nodes(cluster, problems))
		fine = false;
	if (fine) {
		list_policies(&compilation);
		draft_rule_sets(&compilation);
		peer_table_number(&compilation.peers, live);
		number_rule_sets(&compilation);
		emit(&compilation, objects);
	}
	rule_table_clear(&compilation.rules);
	peer_table_clear(&compilation.peers);
	population_clear(&compilation.population);
	free(compilation.policies);
	free(compilation.cluster_policies);
	free(compilation.plans);
	return fine;
}
