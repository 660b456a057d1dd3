// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <unistd.h>

#include <linux/errno.h>

#include "attempt.h"
#include "chance.h"
#include "change.h"
#include "compare.h"
#include "dump.h"
#include "kernel.h"
#include "node.h"
#include "options.h"
#include "plan.h"
#include "policy.h"

/*
 * Each kind of commit over and over, with its first allocation failing, its
 * second, and so on until none fails any more: nothing may be lost by it, and
 * the live policy answers as before.
 */

/** struct result - @failures: commits that failed as they were made to */
struct result {
	u64 commits;
	u64 failures;
	u64 survived;
};

static struct tally tally;

static bool sweep(struct node *node, const struct list *changes, u32 size,
		  struct result *result)
{
	struct trouble trouble = {};

	for (; trouble.kind < TROUBLES; trouble.kind++) {
		trouble.number = 0;
		do {
			/* Of the many alike a few are enough. */
			trouble.number += trouble.number > 60 && size ?
						  chance_between(1, 20) :
						  1;
			if (!attempt(node, changes, &trouble, &tally))
				return false;
			result->failures += trouble.met && trouble.failed;
			result->survived += trouble.met && !trouble.failed;
		} while (trouble.met);
	}
	return true;
}

/* A commit that fails in every way before it succeeds. */
static bool commit(struct node *node, const struct list *changes, u32 size,
		   struct result *result)
{
	const struct world before = node->world;
	struct world next;
	bool fine;

	fine = sweep(node, changes, size, result);
	if (fine && !change_apply(&before, changes, &next)) {
		counts_add(&node->counts, node->live, &before, 20);
		fine = !node_commit(node, changes, &next);
		kernel_grace_period();
		fine = fine &&
		       counts_compare(&node->counts, node->live, &next) &&
		       compare(node->live, &next, &before, 40, &tally);
		result->commits++;
	}
	if (!fine) {
		puts("# the transaction:");
		dump_changes(changes);
		puts("# in force:");
		dump_world(&before);
	}
	return fine;
}

/* Begin with what most of the following needs: sets, addresses and pods. */
static struct list load(const struct node *node, const struct scale *scale)
{
	struct list changes;
	struct world next;

	do
		changes = plan_load(&node->world, scale);
	while (change_apply(&node->world, &changes, &next));
	return changes;
}

/* A commit that is accepted says more than one that is refused anyhow. */
static struct list make(const struct node *node, const struct scale *scale,
			const struct plan *plan)
{
	struct list changes;
	struct world next;
	u32 tries;

	for (tries = 0; tries < 8; tries++) {
		changes = (struct list){};
		plan->make(&node->world, scale, &changes);
		if (!change_apply(&node->world, &changes, &next))
			break;
	}
	return changes;
}

/* The last of the results is that of the load. */
static bool play(const struct options *options, u64 round,
		 struct result *results)
{
	u64 allocations = kernel_live_allocations();
	struct list changes;
	struct scale scale;
	struct node node;
	const char *name = "a load";
	bool fine;
	u32 i, size;

	chance_seed(options->seed, round);
	kernel_seed(chance_u64());
	kernel_poison(chance_percent(50));
	size = options->size >= 0 ? options->size : chance_percent(4);
	scale = plan_scale(size);
	node_begin(&node);
	changes = load(&node, &scale);
	fine = commit(&node, &changes, size, &results[plan_count]);
	for (i = 0; fine && i < plan_count; i++) {
		changes = make(&node, &scale, &plans[i]);
		name = plans[i].name;
		fine = commit(&node, &changes, size, &results[i]);
	}
	if (!fine) {
		printf("not ok - without memory: %s\n", name);
		return false;
	}
	node_end(&node);
	if (kernel_live_allocations() == allocations)
		return true;
	puts("not ok - without memory: leaves nothing behind");
	return false;
}

static void report(const char *name, const struct result *result)
{
	printf("# %llu commits, failed %llu times, %llu survived\n",
	       result->commits, result->failures, result->survived);
	printf("ok - without memory: %s\n", name);
}

int main(int count, char **arguments)
{
	struct options options = options_read(count, arguments);
	struct result results[32] = {};
	u64 round;
	u32 i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %llu\n", options.seed);
	kernel_fail_allocation(1, false);
	if (podwall_policy_init() != -ENOMEM || podwall_policy_init())
		return 2;
	for (round = options.first; options_go_on(&options, round); round++) {
		if (!play(&options, round, results)) {
			options_say_how_to_repeat();
			/* What the round holds is no leak. */
			_exit(1);
		}
		pool_release();
	}
	podwall_policy_exit();
	printf("# %llu rounds, %llu questions\n", round - options.first,
	       tally.asked);
	report("a load", &results[plan_count]);
	for (i = 0; i < plan_count; i++)
		report(plans[i].name, &results[i]);
	return 0;
}
