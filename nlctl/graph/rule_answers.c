// SPDX-License-Identifier: GPL-2.0-only
#include "graph/rule_answers.h"

#include <stdlib.h>
#include <uthash.h>

#include "policy/memory.h"

#define TIERS 3

/* Finds answers by the rules that match. */
struct rule_answers_entry {
	uint32_t *rules;
	uint32_t map;
	UT_hash_handle hh;
};

/* Ports that a rule claims, inclusive. */
struct claim {
	uint32_t first;
	uint32_t last;
	uint32_t rule;
	unsigned int tier;
};

/* The open claims of a tier: a heap, the first rule on top. */
struct heap {
	const struct claim **claims;
	size_t count;
};

struct sweep {
	struct claim *claims;
	size_t claim_count;
	uint32_t *ends; /* where something may change */
	size_t end_count;
	struct heap heaps[TIERS];
};

static unsigned int tier_index(enum podwall_tier tier)
{
	switch (tier) {
	case PODWALL_TIER_ADMIN:
		return 0;
	case PODWALL_TIER_POLICY:
		return 1;
	default:
		return 2;
	}
}

static void heap_push(struct heap *heap, const struct claim *claim)
{
	size_t i = heap->count++;

	for (; i && heap->claims[(i - 1) / 2]->rule > claim->rule;
	     i = (i - 1) / 2)
		heap->claims[i] = heap->claims[(i - 1) / 2];
	heap->claims[i] = claim;
}

static void heap_pop(struct heap *heap)
{
	const struct claim *last = heap->claims[--heap->count];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count &&
		    heap->claims[child + 1]->rule < heap->claims[child]->rule)
			child++;
		if (heap->claims[child]->rule >= last->rule)
			break;
		heap->claims[i] = heap->claims[child];
		i = child;
	}
	heap->claims[i] = last;
}

/* The first rule of a tier that claims a port; NULL when none does. */
static const struct claim *heap_first(struct heap *heap, uint32_t port)
{
	while (heap->count && heap->claims[0]->last < port)
		heap_pop(heap);
	return heap->count ? heap->claims[0] : NULL;
}

static int by_first(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

static int by_value(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static void add_claim(struct sweep *sweep, const struct rule *rule,
		      uint32_t number, uint32_t first, uint32_t last)
{
	*array_add(sweep->claims, sweep->claim_count) = (struct claim){
		.first = first,
		.last = last,
		.rule = number,
		.tier = tier_index(rule->tier),
	};
	*array_add(sweep->ends, sweep->end_count) = first;
	if (last + 1 < PORT_MAP_END)
		*array_add(sweep->ends, sweep->end_count) = last + 1;
}

static void add_claims(struct sweep *sweep, const struct rule *rule,
		       uint32_t number)
{
	size_t i;

	if (rule->any_port) {
		add_claim(sweep, rule, number, 0, PORT_MAP_END - 1);
		return;
	}
	for (i = 0; i < rule->port_range_count; i++) {
		const struct port_range *range = &rule->port_ranges[i];
		uint32_t protocol = (uint32_t)range->protocol << 16;

		add_claim(sweep, rule, number, protocol | range->first,
			  protocol | range->last);
	}
}

/* Open all claims that begin up to a port. */
static void open_claims(struct sweep *sweep, size_t *next, uint32_t port)
{
	while (*next < sweep->claim_count &&
	       sweep->claims[*next].first <= port) {
		const struct claim *claim = &sweep->claims[(*next)++];

		heap_push(&sweep->heaps[claim->tier], claim);
	}
}

static struct port_segment decide(const struct rule_answers *answers,
				  struct sweep *sweep, uint32_t port)
{
	const struct rule_set *rule_set = answers->rule_set;
	enum port_verdict verdict = PORT_ACCEPTED;
	uint32_t origin = 0;
	unsigned int i;

	for (i = 0; i < TIERS; i++) {
		const struct claim *claim = heap_first(&sweep->heaps[i], port);
		const struct rule *rule;

		if (claim) {
			rule = &rule_set->rules[claim->rule];
			if (rule->action == PODWALL_ACTION_PASS)
				continue;
			verdict = rule->action == PODWALL_ACTION_ACCEPT ?
					  PORT_ACCEPTED :
					  PORT_DENIED;
			origin = answers->origins[claim->rule];
			break;
		}
		if (i == tier_index(PODWALL_TIER_POLICY) &&
		    rule_set->isolated) {
			verdict = PORT_DENIED;
			origin = answers->origins[rule_set->rule_count];
			break;
		}
	}
	return (struct port_segment){
		.first = port,
		.verdict = verdict,
		.egress = rule_set->direction == PODWALL_DIRECTION_EGRESS ?
				  origin :
				  0,
		.ingress = rule_set->direction == PODWALL_DIRECTION_EGRESS ?
				   0 :
				   origin,
	};
}

static uint32_t sweep_rules(struct rule_answers *answers, size_t count)
{
	struct sweep sweep = {};
	struct port_map map = {};
	size_t next = 0, i;

	for (i = 0; i < count; i++)
		add_claims(&sweep,
			   &answers->rule_set->rules[answers->matching[i]],
			   answers->matching[i]);
	*array_add(sweep.ends, sweep.end_count) = 0;
	if (sweep.claim_count)
		qsort(sweep.claims, sweep.claim_count, sizeof(*sweep.claims),
		      by_first);
	qsort(sweep.ends, sweep.end_count, sizeof(*sweep.ends), by_value);
	for (i = 0; i < TIERS; i++)
		sweep.heaps[i].claims = xcalloc(sweep.claim_count + 1,
						sizeof(*sweep.heaps[i].claims));
	for (i = 0; i < sweep.end_count; i++) {
		struct port_segment segment;

		if (i && sweep.ends[i] == sweep.ends[i - 1])
			continue;
		open_claims(&sweep, &next, sweep.ends[i]);
		segment = decide(answers, &sweep, sweep.ends[i]);
		port_map_append(&map, &segment);
	}
	for (i = 0; i < TIERS; i++)
		free(sweep.heaps[i].claims);
	free(sweep.claims);
	free(sweep.ends);
	return port_maps_put(answers->maps, &map);
}

static bool rule_matches(const struct rule_answers *answers, size_t number,
			 uint32_t membership)
{
	const struct rule *rule = &answers->rule_set->rules[number];
	size_t i;

	if (rule->any_peer)
		return true;
	for (i = 0; i < rule->peer_set_count; i++)
		if (answers->peer_bits[number][i] != UINT32_MAX &&
		    peers_has(answers->peers, membership,
			      answers->peer_bits[number][i]))
			return true;
	return false;
}

/* The rules that match, as far as they can still decide anything. */
static size_t match_rules(struct rule_answers *answers, uint32_t membership)
{
	const struct rule_set *rule_set = answers->rule_set;
	bool closed[TIERS] = {};
	size_t count = 0, i;

	for (i = 0; i < rule_set->rule_count; i++) {
		const struct rule *rule = &rule_set->rules[i];
		unsigned int tier = tier_index(rule->tier);

		if (closed[tier] || !rule_matches(answers, i, membership))
			continue;
		closed[tier] = rule->any_port;
		answers->matching[count++] = i;
	}
	return count;
}

void rule_answers_open(struct rule_answers *answers,
		       const struct rule_set *rule_set)
{
	size_t i, j;

	answers->rule_set = rule_set;
	answers->origins =
		xcalloc(rule_set->rule_count + 1, sizeof(*answers->origins));
	answers->peer_bits =
		xcalloc(rule_set->rule_count + 1, sizeof(*answers->peer_bits));
	answers->matching =
		xcalloc(rule_set->rule_count + 1, sizeof(*answers->matching));
	answers->by_membership = xcalloc(answers->peers->membership_count,
					 sizeof(*answers->by_membership));
	for (i = 0; i < rule_set->rule_count; i++) {
		const struct rule *rule = &rule_set->rules[i];

		answers->origins[i] =
			port_maps_text(answers->maps, rule->origin);
		answers->peer_bits[i] =
			xcalloc(rule->peer_set_count + 1, sizeof(uint32_t));
		for (j = 0; j < rule->peer_set_count; j++) {
			long bit = peers_index(answers->objects,
					       rule->peer_sets[j]);

			/* The module checks that every peer set exists. */
			answers->peer_bits[i][j] = bit < 0 ? UINT32_MAX : bit;
		}
	}
	answers->origins[rule_set->rule_count] =
		port_maps_text(answers->maps, rule_set->isolation_origin);
}

uint32_t rule_answers_ask(struct rule_answers *answers, uint32_t membership)
{
	uint32_t *known = &answers->by_membership[membership];
	struct rule_answers_entry *entry;
	size_t count, size;

	if (*known)
		return *known - 1;
	count = match_rules(answers, membership);
	/* The number behind the last rule keeps the key from being empty. */
	answers->matching[count] = answers->rule_set->rule_count;
	size = (count + 1) * sizeof(*answers->matching);
	HASH_FIND(hh, answers->by_rules, answers->matching, size, entry);
	if (!entry) {
		entry = xcalloc(1, sizeof(*entry));
		entry->rules = xmemdup(answers->matching, size);
		entry->map = sweep_rules(answers, count);
		HASH_ADD_KEYPTR(hh, answers->by_rules, entry->rules, size,
				entry);
	}
	*known = entry->map + 1;
	return entry->map;
}

void rule_answers_clear(struct rule_answers *answers)
{
	struct rule_answers_entry *entry, *next;
	size_t i;

	HASH_ITER(hh, answers->by_rules, entry, next) {
		HASH_DEL(answers->by_rules, entry);
		free(entry->rules);
		free(entry);
	}
	for (i = 0; answers->rule_set && i < answers->rule_set->rule_count; i++)
		free(answers->peer_bits[i]);
	free(answers->peer_bits);
	free(answers->origins);
	free(answers->matching);
	free(answers->by_membership);
	*answers = (struct rule_answers){};
}
