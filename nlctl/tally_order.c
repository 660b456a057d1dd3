// SPDX-License-Identifier: GPL-2.0-only
#include "tally_order.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "policy/memory.h"

static int three_way(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

void tally_array_sort(void *array, size_t count, size_t size,
		      int (*compare)(const void *a, const void *b))
{
	if (count > 1)
		qsort(array, count, size, compare);
}

int tally_compare_reasons(const void *a, const void *b)
{
	const struct tally_reason *left = a, *right = b;
	int order = three_way(left->direction, right->direction);

	if (!order)
		order = three_way(left->verdict, right->verdict);
	if (!order)
		order = three_way(left->mode, right->mode);
	return order ? order : three_way(left->reason, right->reason);
}

int tally_compare_pods(const void *a, const void *b)
{
	const struct tally_pod *left = a, *right = b;
	int order = strcmp(left->key, right->key);

	if (!order)
		order = three_way(left->direction, right->direction);
	if (!order)
		order = three_way(left->verdict, right->verdict);
	return order ? order : three_way(left->mode, right->mode);
}

int tally_compare_deciders(const struct tally_decider *a,
			   const struct tally_decider *b)
{
	int order = three_way(a->direction, b->direction);

	if (!order)
		order = three_way(a->kind, b->kind);
	if (!order)
		order = three_way(a->tier, b->tier);
	if (!order)
		order = strcmp(a->origin, b->origin);
	if (!order)
		order = three_way(a->action, b->action);
	return order ? order : three_way(a->cookie, b->cookie);
}

int tally_compare_keys(const void *a, const void *b)
{
	const struct tally_part *left = *(struct tally_part *const *)a;
	const struct tally_part *right = *(struct tally_part *const *)b;
	int order = three_way(left->rule_set, right->rule_set);

	if (!order)
		order = three_way(left->decider.direction,
				  right->decider.direction);
	if (!order)
		order = three_way(left->decider.kind, right->decider.kind);
	if (!order)
		order = three_way(left->decider.cookie, right->decider.cookie);
	return order ? order : three_way(left->ordinal, right->ordinal);
}

struct tally_part **tally_parts_by_key(const struct tally *tally)
{
	struct tally_part **order =
		xcalloc(tally->part_count + 1, sizeof(*order));
	size_t i;

	for (i = 0; i < tally->part_count; i++)
		order[i] = &tally->parts[i];
	tally_array_sort(order, tally->part_count, sizeof(*order),
			 tally_compare_keys);
	return order;
}

bool tally_order_parse(const char *name, enum tally_order *order)
{
	static const char *const names[] = {
		[TALLY_BY_CONNECTIONS] = "connections",
		[TALLY_BY_PACKETS] = "packets",
		[TALLY_BY_BYTES] = "bytes",
		[TALLY_BY_NAME] = "name",
	};
	size_t i;

	for (i = TALLY_BY_CONNECTIONS; i <= TALLY_BY_NAME; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*order = i;
		return true;
	}
	return false;
}

/**
 * struct sorting - how rows are compared
 * @order: by what
 * @recent: by recent amounts
 */
struct sorting {
	enum tally_order order;
	bool recent;
};

static int compare_amounts(const struct tally_amount *a,
			   const struct tally_amount *b,
			   const struct sorting *sorting)
{
	const struct count *left = sorting->recent ? &a->recent : &a->total;
	const struct count *right = sorting->recent ? &b->recent : &b->total;

	switch (sorting->order) {
	case TALLY_BY_CONNECTIONS:
		return three_way(right->connections, left->connections);
	case TALLY_BY_PACKETS:
		return three_way(right->packets, left->packets);
	case TALLY_BY_BYTES:
		return three_way(right->bytes, left->bytes);
	case TALLY_BY_PLACE:
	case TALLY_BY_NAME:
		break;
	}
	return 0;
}

static int sort_reasons(const void *a, const void *b, void *data)
{
	const struct tally_reason *left = a, *right = b;
	const struct sorting *sorting = data;
	int order = compare_amounts(&left->amount, &right->amount, sorting);

	if (sorting->order == TALLY_BY_NAME)
		order = strcmp(name_of(ENUMERATION_REASON, left->reason),
			       name_of(ENUMERATION_REASON, right->reason));
	return order ? order : tally_compare_reasons(left, right);
}

/* Pods lie by name anyway. */
static int sort_pods(const void *a, const void *b, void *data)
{
	const struct tally_pod *left = a, *right = b;
	int order = compare_amounts(&left->amount, &right->amount, data);

	return order ? order : tally_compare_pods(left, right);
}

static int sort_rules(const void *a, const void *b, void *data)
{
	const struct tally_rule *left = a, *right = b;
	const struct sorting *sorting = data;
	int order = compare_amounts(&left->amount, &right->amount, sorting);

	if (sorting->order == TALLY_BY_NAME)
		order = strcmp(left->decider.origin, right->decider.origin);
	return order ? order :
		       tally_compare_deciders(&left->decider, &right->decider);
}

static void sort_by(void *array, size_t count, size_t size,
		    int (*compare)(const void *a, const void *b, void *data),
		    struct sorting *sorting)
{
	if (count > 1)
		qsort_r(array, count, size, compare, sorting);
}

void tally_sort(struct tally *tally, enum tally_order order)
{
	struct sorting sorting = { order, tally->elapsed };

	sort_by(tally->reasons, tally->reason_count, sizeof(*tally->reasons),
		sort_reasons, &sorting);
	sort_by(tally->pods, tally->pod_count, sizeof(*tally->pods), sort_pods,
		&sorting);
	sort_by(tally->rules, tally->rule_count, sizeof(*tally->rules),
		sort_rules, &sorting);
}
