// SPDX-License-Identifier: GPL-2.0-only
#include "near_miss.h"

#include <stdlib.h>

#include "policy/memory.h"

/* Whether a rule at this place would have decided, had it matched. */
static bool is_in_time(const struct walk_tier *tier,
		       const struct walk_rule *rule)
{
	switch (tier->ending) {
	case WALK_ENDING_UNREACHED:
	case WALK_ENDING_SKIPPED:
		return false;
	case WALK_ENDING_PASSED:
	case WALK_ENDING_DECIDED:
		return rule->index < tier->rule->index;
	case WALK_ENDING_UNMATCHED:
	case WALK_ENDING_ISOLATED:
		break;
	}
	return true;
}

/* The exception that keeps an address out of a peer set, if one does. */
static void find_exception(const struct peer_set *peer_set, const struct ip *ip,
			   struct near_miss *miss)
{
	size_t i, j;

	for (i = 0; i < peer_set->block_count; i++) {
		const struct block *block = &peer_set->blocks[i];

		if (!network_contains(&block->network, ip))
			continue;
		for (j = 0; j < block->except_count; j++) {
			if (!network_contains(&block->except[j], ip))
				continue;
			miss->block = &block->network;
			miss->except = &block->except[j];
		}
	}
}

static void find_exceptions(const struct walk_question *question,
			    const struct walk_direction *direction,
			    struct near_miss *miss)
{
	const struct connection *connection = &question->connection;
	const struct ip *peer = direction->direction ==
						PODWALL_DIRECTION_INGRESS ?
					&connection->client :
					&connection->server;
	const struct rule *rule = miss->rule->rule;
	size_t i;

	for (i = 0; i < rule->peer_set_count; i++) {
		const struct peer_set *peer_set =
			walk_peer_set(question->objects, rule->peer_sets[i]);

		if (peer_set)
			find_exception(peer_set, peer, miss);
	}
}

static void add_tier(const struct walk_question *question,
		     const struct walk_direction *direction,
		     const struct walk_tier *tier, struct near_misses *misses)
{
	enum podwall_action wanted = direction->verdict ==
						     PODWALL_VERDICT_DENY ?
					     PODWALL_ACTION_ACCEPT :
					     PODWALL_ACTION_DENY;
	size_t i;

	for (i = 0; i < tier->count; i++) {
		const struct walk_rule *rule = &tier->rules[i];
		struct near_miss *miss;

		if (rule->rule->action != wanted || rule->peer == rule->port ||
		    !is_in_time(tier, rule))
			continue;
		miss = array_add(misses->list, misses->count);
		miss->rule = rule;
		miss->but_for_port = rule->peer;
		miss->by_chance = rule->peer ? rule->rule->any_peer :
					       rule->rule->any_port;
		if (!miss->but_for_port)
			find_exceptions(question, direction, miss);
	}
}

static int compare(const void *a, const void *b, void *data)
{
	const enum podwall_tier decisive = *(const enum podwall_tier *)data;
	const struct near_miss *one = a, *other = b;
	const bool near = one->rule->rule->tier == decisive;
	const bool other_near = other->rule->rule->tier == decisive;

	if (near != other_near)
		return near ? -1 : 1;
	if (!one->except != !other->except)
		return one->except ? -1 : 1;
	if (one->by_chance != other->by_chance)
		return one->by_chance ? 1 : -1;
	if (one->but_for_port != other->but_for_port)
		return one->but_for_port ? -1 : 1;
	return one->rule->index < other->rule->index ? -1 : 1;
}

void near_misses_find(const struct walk_question *question,
		      const struct walk_direction *direction,
		      struct near_misses *misses)
{
	enum podwall_tier decisive = direction->tier;
	size_t i;

	*misses = (struct near_misses){};
	/* What the node begins passes, whichever rule matches. */
	if (!direction->decisive || direction->reason == PODWALL_REASON_NODE)
		return;
	for (i = 0; i < WALK_TIERS; i++)
		add_tier(question, direction, &direction->decisive->tiers[i],
			 misses);
	if (misses->count)
		qsort_r(misses->list, misses->count, sizeof(*misses->list),
			compare, &decisive);
}

void near_misses_clear(struct near_misses *misses)
{
	free(misses->list);
	*misses = (struct near_misses){};
}
