// SPDX-License-Identifier: GPL-2.0-only
#include "tally_difference.h"

#include <stdlib.h>

#include "clock.h"
#include "policy/memory.h"
#include "tally_order.h"
#include "traffic.h"

static uint64_t since(uint64_t now, uint64_t before)
{
	return now >= before ? now - before : now;
}

/* The three of a count begin anew together. */
static void compare_amount(struct tally_amount *amount,
			   const struct count *before)
{
	const struct count *total = &amount->total;

	if (!before || total->connections < before->connections ||
	    total->packets < before->packets || total->bytes < before->bytes)
		amount->recent = *total;
	else
		amount->recent = (struct count){
			total->connections - before->connections,
			total->packets - before->packets,
			total->bytes - before->bytes,
		};
}

static void compare_rules(struct tally *tally, const struct tally *before)
{
	struct tally_part **order = tally_parts_by_key(before);
	size_t i;

	for (i = 0; i < tally->rule_count; i++)
		tally->rules[i].amount.recent = (struct count){};
	for (i = 0; i < tally->part_count; i++) {
		struct tally_part *part = &tally->parts[i];
		struct tally_part **found =
			bsearch(&part, order, before->part_count,
				sizeof(*order), tally_compare_keys);

		compare_amount(&part->amount,
			       found ? &(*found)->amount.total : NULL);
		count_add(&tally->rules[part->row].amount.recent,
			  &part->amount.recent);
	}
	free(order);
}

static int compare_pod_pointers(const void *a, const void *b)
{
	return tally_compare_pods(*(struct tally_pod *const *)a,
				  *(struct tally_pod *const *)b);
}

static void compare_pod_rows(struct tally *tally, const struct tally *before)
{
	struct tally_pod **order =
		xcalloc(before->pod_count + 1, sizeof(*order));
	size_t i;

	for (i = 0; i < before->pod_count; i++)
		order[i] = &before->pods[i];
	tally_array_sort(order, before->pod_count, sizeof(*order),
			 compare_pod_pointers);
	for (i = 0; i < tally->pod_count; i++) {
		struct tally_pod *row = &tally->pods[i];
		struct tally_pod **found =
			bsearch(&row, order, before->pod_count, sizeof(*order),
				compare_pod_pointers);

		compare_amount(&row->amount,
			       found ? &(*found)->amount.total : NULL);
	}
	free(order);
}

void tally_compare(struct tally *tally, const struct tally *before)
{
	const struct status *now = &tally->status, *then = &before->status;
	size_t i, j;

	tally->elapsed = tally->time - before->time;
	tally->accepted = since(now->accepted_packets, then->accepted_packets);
	tally->denied = since(now->denied_packets, then->denied_packets);
	tally->audited = since(now->audited_packets, then->audited_packets);
	for (i = 0; i < tally->reason_count; i++) {
		struct tally_reason *row = &tally->reasons[i];
		const struct count *count = NULL;

		for (j = 0; j < before->reason_count && !count; j++)
			if (!tally_compare_reasons(row, &before->reasons[j]))
				count = &before->reasons[j].amount.total;
		compare_amount(&row->amount, count);
	}
	compare_pod_rows(tally, before);
	compare_rules(tally, before);
}

double tally_rate(uint64_t count, uint64_t elapsed)
{
	return (double)count * NANOSECONDS_PER_SECOND / elapsed;
}
