// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <string.h>

#include <linux/podwall.h>

#include "chance.h"
#include "counts.h"
#include "pod.h"
#include "policy.h"

/**
 * struct count_row - the counts of a rule set that is or was in force
 * @tallies: of the rules in order, of isolation, and of what nothing decided
 * @next: what goes on from it; NULL for none
 * @successors: the tally of @next that goes on from each; -1 for none
 */
struct count_row {
	const struct rules *rules;
	struct podwall_count *tallies;
	struct count_row *next;
	int *successors;
};

/** struct pod_counts - a pod, and what it shares with those it replaced */
struct pod_counts {
	const struct pod *pod;
	struct podwall_traffic_counts *traffic;
};

static struct count_row *row_of(const struct counts *counts,
				const struct rules *rules)
{
	struct count_row *row;

	for_each(row, &counts->rows) if (row->rules == rules) return row;
	return NULL;
}

static struct pod_counts *pod_of(const struct counts *counts,
				 const struct pod *pod)
{
	struct pod_counts *one;

	for_each(one, &counts->pods) if (one->pod == pod) return one;
	return NULL;
}

static bool is_taken(const struct count_row *row, u32 rules, int by)
{
	u32 i;

	for (i = 0; i < rules; i++)
		if (row->successors[i] == by)
			return true;
	return false;
}

/* The first rule that looks the same and is not another's. */
static int successor_of(const struct count_row *row, u32 at,
			const struct rules *next)
{
	const struct rule *rule = row->rules->list.items[at], *other;

	if (!rule->cookie)
		return -1;
	for_each(other,
		 &next->list) if (other->cookie == rule->cookie &&
				  other->tier == rule->tier &&
				  !is_taken(row, at, other_at)) return other_at;
	return -1;
}

static void succeed(struct count_row *row, struct count_row *next)
{
	u32 i, rules = row->rules->list.count;

	row->next = next;
	for (i = 0; i < rules; i++)
		row->successors[i] = successor_of(row, i, next->rules);
	row->successors[rules] = next->rules->list.count;
	row->successors[rules + 1] = next->rules->list.count + 1;
	for (i = 0; i < rules + 2; i++)
		if (row->successors[i] >= 0)
			next->tallies[row->successors[i]] = row->tallies[i];
}

static void follow_rules(struct counts *counts, const struct world *before,
			 const struct rules *rules)
{
	const struct rules *old = world_rules(before, rules->id);
	u32 tallies = rules->list.count + 2;
	struct count_row *row;

	if (old == rules)
		return;
	row = pool_zalloc(sizeof(*row));
	row->rules = rules;
	row->tallies = pool_zalloc(tallies * sizeof(*row->tallies));
	row->successors = pool_zalloc(tallies * sizeof(*row->successors));
	list_append(&counts->rows, row);
	if (old && old->direction == rules->direction)
		succeed(row_of(counts, old), row);
}

static void follow_pod(struct counts *counts, const struct world *before,
		       const struct pod *pod)
{
	const struct pod *old = world_pod(before, pod->key);
	struct pod_counts *one;

	if (old == pod)
		return;
	one = pool_zalloc(sizeof(*one));
	one->pod = pod;
	one->traffic = old && !strcmp(old->uid, pod->uid) ?
			       pod_of(counts, old)->traffic :
			       pool_zalloc(sizeof(*one->traffic));
	list_append(&counts->pods, one);
}

/**
 * counts_follow - go on counting after a commit
 * @counts: what was counted
 * @before: what was in force
 * @next: what is; an object that was replaced is another one, even if equal
 */
void counts_follow(struct counts *counts, const struct world *before,
		   const struct world *next)
{
	struct rules *rules;
	struct pod *pod;

	for_each(rules, &next->rule_sets) follow_rules(counts, before, rules);
	for_each(pod, &next->pods) follow_pod(counts, before, pod);
}

/* Where the module has a tally: rules up to the policy tier, isolation, ... */
static u32 index_of(const struct rules *rules, u32 tally)
{
	struct rule *rule;
	u32 before = 0;

	if (tally > rules->list.count)
		return rules->list.count + 1;
	for_each(rule, &rules->list)
	{
		if (rule->tier != PODWALL_TIER_BASELINE)
			before++;
	}
	if (tally == rules->list.count)
		return before;
	return tally < before ? tally : tally + 1;
}

static void add_to_rules(struct counts *counts,
			 const struct podwall_policy *policy,
			 const struct rules *rules,
			 const struct podwall_count *packet)
{
	const struct podwall_rule_set *set =
		podwall_policy_rule_set(policy, rules->id);
	int tally = chance_below(rules->list.count + 2);
	struct count_row *row;

	podwall_count_add(podwall_counters_at(set->counters,
					      index_of(rules, tally)),
			  packet->bytes, packet->connections);
	for (row = row_of(counts, rules); row && tally >= 0; row = row->next) {
		podwall_count_sum(&row->tallies[tally], packet);
		tally = row->successors[tally];
	}
}

static struct podwall_count *count_of(struct podwall_traffic_counts *counts,
				      u8 direction, u32 kind)
{
	return direction == PODWALL_DIRECTION_INGRESS ? &counts->ingress[kind] :
							&counts->egress[kind];
}

static const struct podwall_pod_slot *
slot_of(const struct podwall_policy *policy, const char *key)
{
	const struct podwall_pod_slot *slots = policy->pod_slots.elements;
	u32 i;

	for (i = 0; i < policy->pod_slots.count; i++)
		if (!strcmp(slots[i].pod->key, key))
			return &slots[i];
	return NULL;
}

/* Without a pod, for the node at large. */
static void add_to_traffic(struct counts *counts,
			   const struct podwall_policy *policy,
			   const struct pod *pod,
			   const struct podwall_count *packet)
{
	u32 kind = chance_below(PODWALL_TRAFFIC_KINDS);
	u8 direction = chance_between(PODWALL_DIRECTION_INGRESS,
				      PODWALL_DIRECTION_EGRESS);
	struct podwall_traffic_counts *to = policy->traffic->counts;

	if (pod) {
		to = slot_of(policy, pod->key)->traffic;
		podwall_count_sum(count_of(pod_of(counts, pod)->traffic,
					   direction, kind),
				  packet);
	}
	podwall_traffic_count(to, direction, kind, packet->bytes,
			      packet->connections);
	podwall_count_sum(count_of(&counts->total, direction, kind), packet);
}

static void *choose(const struct list *list)
{
	return list->items[chance_below(list->count)];
}

/**
 * counts_add - let packets count by a policy
 * @counts: gets as many
 * @policy: that is or was in force
 * @world: what it holds
 * @packets: how many
 */
void counts_add(struct counts *counts, const struct podwall_policy *policy,
		const struct world *world, u32 packets)
{
	while (packets--) {
		const struct podwall_count packet = {
			.connections = chance_below(2),
			.packets = 1,
			.bytes = chance_below(1500),
		};

		if (world->rule_sets.count)
			add_to_rules(counts, policy, choose(&world->rule_sets),
				     &packet);
		add_to_traffic(counts, policy,
			       world->pods.count && chance_percent(90) ?
				       choose(&world->pods) :
				       NULL,
			       &packet);
	}
}

static bool equals(const struct podwall_count *is,
		   const struct podwall_count *should, const char *what)
{
	if (!memcmp(is, should, sizeof(*is)))
		return true;
	printf("# %s: %llu connections, %llu packets, %llu bytes are counted\n",
	       what, is->connections, is->packets, is->bytes);
	printf("# it should be %llu, %llu, %llu\n", should->connections,
	       should->packets, should->bytes);
	return false;
}

static bool compare_rules(const struct counts *counts,
			  const struct podwall_policy *policy,
			  const struct rules *rules)
{
	const struct podwall_rule_set *set =
		podwall_policy_rule_set(policy, rules->id);
	const struct count_row *row = row_of(counts, rules);
	struct podwall_count count;
	u32 i;

	for (i = 0; i < rules->list.count + 2; i++) {
		count = podwall_counters_read(set->counters,
					      index_of(rules, i));
		if (!equals(&count, &row->tallies[i], "a rule")) {
			printf("# rule set %u, count %u of %u\n", rules->id, i,
			       rules->list.count);
			return false;
		}
	}
	return true;
}

static bool compare_traffic(const struct podwall_traffic_counts *is,
			    const struct podwall_traffic_counts *should,
			    const char *what)
{
	u32 i;

	for (i = 0; i < PODWALL_TRAFFIC_KINDS; i++)
		if (!equals(&is->ingress[i], &should->ingress[i], what) ||
		    !equals(&is->egress[i], &should->egress[i], what))
			return false;
	return true;
}

/**
 * counts_compare - hold what a policy's objects have counted against the model
 * @counts: the model
 * @policy: that is or was in force
 * @world: what it holds
 *
 * Return: false when something is wrong, which is printed.
 */
bool counts_compare(const struct counts *counts,
		    const struct podwall_policy *policy,
		    const struct world *world)
{
	struct podwall_traffic_counts traffic;
	struct rules *rules;
	struct pod *pod;

	for_each(rules, &world->rule_sets)
	{
		if (!compare_rules(counts, policy, rules))
			return false;
	}
	for_each(pod, &world->pods)
	{
		podwall_traffic_read(slot_of(policy, pod->key)->traffic,
				     &traffic);
		if (!compare_traffic(&traffic, pod_of(counts, pod)->traffic,
				     pod->key))
			return false;
	}
	podwall_traffic_total_read(policy->traffic, &traffic);
	return compare_traffic(&traffic, &counts->total, "all traffic");
}
