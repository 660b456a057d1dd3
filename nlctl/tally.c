// SPDX-License-Identifier: GPL-2.0-only
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"
#include "tally_order.h"
#include "traffic.h"

static void make_reasons(struct tally *tally)
{
	const struct status *status = &tally->status;
	struct traffic_sums sums = {};
	size_t i;

	for (i = 0; i < status->traffic_count; i++)
		traffic_sums_add(&sums, &status->traffic[i], true);
	for (i = 0; i < sums.count; i++) {
		const struct traffic *sum = &sums.list[i];

		*array_add(tally->reasons, tally->reason_count) =
			(struct tally_reason){
				.direction = sum->direction,
				.verdict = sum->verdict,
				.mode = sum->mode,
				.reason = sum->reason,
				.amount.total = sum->count,
			};
	}
	traffic_sums_clear(&sums);
}

static void add_pod(struct tally *tally, const struct pod *pod)
{
	struct traffic_sums sums = {};
	size_t i;

	for (i = 0; i < pod->traffic_count; i++)
		traffic_sums_add(&sums, &pod->traffic[i], false);
	for (i = 0; i < sums.count; i++) {
		const struct traffic *sum = &sums.list[i];

		*array_add(tally->pods, tally->pod_count) = (struct tally_pod){
			.key = pod->key,
			.direction = sum->direction,
			.verdict = sum->verdict,
			.mode = sum->mode,
			.amount.total = sum->count,
			.events_lost = pod->events_lost,
		};
	}
	if (!sums.count)
		*array_add(tally->pods, tally->pod_count) = (struct tally_pod){
			.key = pod->key,
			.events_lost = pod->events_lost,
		};
	traffic_sums_clear(&sums);
}

static void make_pods(struct tally *tally)
{
	const struct objects *objects = &tally->objects;
	size_t i;

	for (i = 0; i < objects->pod_count; i++)
		add_pod(tally, &objects->pods[i]);
}

static bool is_counted(const struct count *count)
{
	return count->connections || count->packets || count->bytes;
}

static void add_part(struct tally *tally, const struct rule_set *set,
		     size_t ordinal, const struct tally_decider *decider,
		     const struct count *count)
{
	struct tally_part *part = array_add(tally->parts, tally->part_count);

	part->decider = *decider;
	part->decider.direction = set->direction;
	part->rule_set = set->id;
	part->ordinal = ordinal;
	part->amount.total = *count;
}

static void make_parts(struct tally *tally, const struct rule_set *set)
{
	const struct tally_decider isolation = {
		.kind = TALLY_ISOLATION,
		.action = PODWALL_ACTION_DENY,
		.origin = set->isolation_origin ? set->isolation_origin : "",
	};
	const struct tally_decider otherwise = {
		.kind = TALLY_DEFAULT,
		.action = PODWALL_ACTION_ACCEPT,
		.origin = "",
	};
	size_t i;

	for (i = 0; i < set->rule_count; i++) {
		const struct rule *rule = &set->rules[i];
		const struct tally_decider decider = {
			.kind = TALLY_RULE,
			.tier = rule->tier,
			.action = rule->action,
			.origin = rule->origin ? rule->origin : "",
			.cookie = rule->cookie,
		};

		add_part(tally, set, i, &decider, &rule->count);
	}
	if (set->isolated)
		add_part(tally, set, 0, &isolation, &set->isolation_count);
	if (!set->isolated || is_counted(&set->default_count))
		add_part(tally, set, 0, &otherwise, &set->default_count);
}

/* Those of one decider together, by id of the rule set. */
static int compare_parts(const void *a, const void *b)
{
	const struct tally_part *left = *(struct tally_part *const *)a;
	const struct tally_part *right = *(struct tally_part *const *)b;
	int order = tally_compare_deciders(&left->decider, &right->decider);

	return order ? order :
		       (left->rule_set > right->rule_set) -
			       (left->rule_set < right->rule_set);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/** struct use - a pod uses a rule set */
struct use {
	uint32_t rule_set;
	const char *pod;
};

/**
 * struct uses - which pods use which rule sets
 * @uses: by id of the rule set; owned
 * @count: length of @uses
 */
struct uses {
	struct use *uses;
	size_t count;
};

static int compare_uses(const void *a, const void *b)
{
	const struct use *left = a, *right = b;

	return (left->rule_set > right->rule_set) -
	       (left->rule_set < right->rule_set);
}

static void find_uses(const struct objects *objects, struct uses *uses)
{
	size_t i, j;

	for (i = 0; i < objects->pod_count; i++) {
		const struct pod *pod = &objects->pods[i];
		const uint32_t ids[] = {
			pod->ingress_rule_set,
			pod->egress_rule_set,
			pod->ingress_enforced_rule_set,
			pod->egress_enforced_rule_set,
		};

		for (j = 0; j < sizeof(ids) / sizeof(*ids); j++)
			if (ids[j])
				*array_add(uses->uses, uses->count) =
					(struct use){ ids[j], pod->key };
	}
	tally_array_sort(uses->uses, uses->count, sizeof(*uses->uses),
			 compare_uses);
}

/* Where the uses of a rule set begin. */
static size_t first_use(const struct uses *uses, uint32_t rule_set)
{
	size_t low = 0, high = uses->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (uses->uses[middle].rule_set < rule_set)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void tidy_pods(struct tally_rule *row)
{
	size_t kept = 0;
	size_t i;

	tally_array_sort(row->pods, row->pod_count, sizeof(*row->pods),
			 compare_texts);
	for (i = 0; i < row->pod_count; i++)
		if (!kept || strcmp(row->pods[kept - 1], row->pods[i]) != 0)
			row->pods[kept++] = row->pods[i];
	row->pod_count = kept;
}

static void add_to_row(struct tally_rule *row, const struct tally_part *part,
		       const struct uses *uses)
{
	size_t i;

	count_add(&row->amount.total, &part->amount.total);
	if (row->rule_set_count &&
	    row->rule_sets[row->rule_set_count - 1] == part->rule_set)
		return;
	*array_add(row->rule_sets, row->rule_set_count) = part->rule_set;
	for (i = first_use(uses, part->rule_set);
	     i < uses->count && uses->uses[i].rule_set == part->rule_set; i++)
		*array_add(row->pods, row->pod_count) = uses->uses[i].pod;
}

static void make_rules(struct tally *tally)
{
	struct tally_part **order =
		xcalloc(tally->part_count + 1, sizeof(*order));
	struct tally_rule *row = NULL;
	struct uses uses = {};
	size_t i;

	find_uses(&tally->objects, &uses);
	for (i = 0; i < tally->part_count; i++)
		order[i] = &tally->parts[i];
	tally_array_sort(order, tally->part_count, sizeof(*order),
			 compare_parts);
	for (i = 0; i < tally->part_count; i++) {
		struct tally_part *part = order[i];

		if (!i || tally_compare_deciders(&order[i - 1]->decider,
						 &part->decider)) {
			row = array_add(tally->rules, tally->rule_count);
			row->decider = part->decider;
		}
		add_to_row(row, part, &uses);
		part->row = tally->rule_count - 1;
	}
	for (i = 0; i < tally->rule_count; i++)
		tidy_pods(&tally->rules[i]);
	free(uses.uses);
	free(order);
}

static bool same_cookie(const struct tally_part *a, const struct tally_part *b)
{
	return a->rule_set == b->rule_set &&
	       a->decider.direction == b->decider.direction &&
	       a->decider.kind == b->decider.kind &&
	       a->decider.cookie == b->decider.cookie;
}

/* Ordinals were places in the rule set so far; other rules must not move them.
 */
static void number_parts(struct tally *tally)
{
	struct tally_part **order = tally_parts_by_key(tally);
	size_t i, run = 0;

	for (i = 0; i < tally->part_count; i++) {
		run = i && same_cookie(order[i - 1], order[i]) ? run + 1 : 0;
		order[i]->ordinal = run;
	}
	free(order);
}

void tally_make(struct tally *tally, struct objects *objects,
		struct status *status, uint64_t time)
{
	size_t i;

	*tally = (struct tally){ .time = time };
	tally->objects = *objects;
	*objects = (struct objects){};
	tally->status = *status;
	*status = (struct status){};
	make_reasons(tally);
	tally_array_sort(tally->reasons, tally->reason_count,
			 sizeof(*tally->reasons), tally_compare_reasons);
	make_pods(tally);
	tally_array_sort(tally->pods, tally->pod_count, sizeof(*tally->pods),
			 tally_compare_pods);
	for (i = 0; i < tally->objects.rule_set_count; i++)
		make_parts(tally, &tally->objects.rule_sets[i]);
	number_parts(tally);
	make_rules(tally);
}

bool tally_is_unused(const struct tally_rule *rule)
{
	return rule->decider.kind == TALLY_RULE &&
	       rule->decider.action != PODWALL_ACTION_PASS &&
	       !is_counted(&rule->amount.total);
}

void tally_clear(struct tally *tally)
{
	size_t i;

	for (i = 0; i < tally->rule_count; i++) {
		free(tally->rules[i].rule_sets);
		free(tally->rules[i].pods);
	}
	free(tally->reasons);
	free(tally->pods);
	free(tally->parts);
	free(tally->rules);
	objects_clear(&tally->objects);
	status_clear(&tally->status);
	*tally = (struct tally){};
}
