// SPDX-License-Identifier: GPL-2.0-only

#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <unistd.h>

#include <linux/gfp.h>
#include <linux/rcupdate.h>

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
 * Random transactions, one after the other, and after each of them random
 * questions to the policy that it led to, to the one before it, which packets
 * in flight still read, and to those that listings hold.
 */

/** struct listing - a policy that somebody keeps a reference to */
struct listing {
	struct podwall_policy *policy;
	struct world world;
};

static const u32 questions[] = { 120, 80, 30 };

static struct tally tally;
static u64 commits, refused, in_place;

/* What packets in flight read has not changed, unless it was done in place. */
static bool compare_old(const struct node *node,
			const struct podwall_policy *old,
			const struct world *before, u32 count)
{
	bool fine;

	if (node->live == old) {
		in_place++;
		return true;
	}
	rcu_read_lock();
	fine = compare(old, before, &node->world, count, &tally);
	rcu_read_unlock();
	if (!fine)
		puts("# so answers the policy of before, in its grace period");
	return fine;
}

/* One transaction, accepted or refused as it should be. */
static bool commit(struct node *node, const struct list *changes, u32 count)
{
	const struct podwall_policy *old = node->live;
	const struct world before = node->world;
	unsigned int refusals;
	struct world next;
	int err;

	refusals = change_apply(&before, changes, &next);
	err = node_commit(node, changes, &next);
	if (!refusal_allows(refusals, err)) {
		printf("# the commit returns %d: %s\n", err, node->error.text);
		printf("# it should be refused for reasons 0x%x\n", refusals);
		return false;
	}
	if (err) {
		refused++;
		return compare(node->live, &before, &next, count / 4, &tally);
	}
	commits++;
	if (!compare(node->live, &next, &before, count, &tally) ||
	    !compare_old(node, old, &before, count / 4))
		return false;
	if (chance_percent(70))
		kernel_grace_period();
	return true;
}

static void take(struct listing *listing, const struct node *node)
{
	listing->policy = podwall_policy_get(node->live);
	listing->world = node->world;
}

/* Drop what a listing holds after a last look at it. */
static bool drop(struct listing *listing, const struct node *node)
{
	bool fine;

	if (!listing->policy)
		return true;
	fine = compare(listing->policy, &listing->world, &node->world, 20,
		       &tally);
	if (!fine)
		puts("# so answers a policy that a listing holds");
	podwall_policy_put(listing->policy);
	listing->policy = NULL;
	return fine;
}

/*
 * What a policy says of its memory, held against what there is. It need not
 * count the heads of small things, and may count a page for each of its tables
 * of addresses where empty ones share one.
 */
static bool compare_memory(const struct node *node, u64 before)
{
	const struct podwall_amounts *used = &node->live->used;
	u64 heads = used->pods + used->peer_sets + used->rule_sets;
	u64 bytes;

	/* The policy that a namespace begins with is not reckoned. */
	if (!node->generation)
		return true;
	kernel_grace_period();
	bytes = kernel_live_bytes() - before;
	if (used->memory <= bytes + bytes / 8 + 512 + 4 * PAGE_SIZE &&
	    bytes <= used->memory + used->memory / 8 + 64 * heads + 512)
		return true;
	printf("# the policy says that it uses %llu bytes, but %llu are allocated\n",
	       used->memory, bytes);
	return false;
}

static bool commit_all(struct node *node, struct listing *listing, u32 size)
{
	struct scale scale = plan_scale(size);
	struct list changes;
	u32 i, count = chance_between(2, 14);

	for (i = 0; i < count; i++) {
		/* An empty node says little: most must be loaded at last. */
		changes = node->world.rule_sets.count || chance_percent(10) ?
				  plan_update(&node->world, &scale) :
				  plan_load(&node->world, &scale);
		if (!commit(node, &changes, questions[size])) {
			printf("# transaction %u of the round:\n", i);
			dump_changes(&changes);
			puts("# in force:");
			dump_world(&node->world);
			return false;
		}
		if (chance_percent(10)) {
			if (!drop(listing, node))
				return false;
			take(listing, node);
		}
	}
	return drop(listing, node);
}

static bool play(const struct options *options, u64 round)
{
	u64 allocations = kernel_live_allocations();
	u64 bytes = kernel_live_bytes();
	struct listing listing = {};
	struct node node;
	u32 size;

	chance_seed(options->seed, round);
	kernel_seed(chance_u64());
	kernel_weaken_hash(chance_percent(30) ? 1 + chance_below(4) : 0);
	kernel_poison(chance_percent(50));
	size = chance_percent(70) ? 0 : chance_percent(90) ? 1 : 2;
	if (options->size >= 0)
		size = options->size;
	/* Keys so bad that a hash table of more could not be expected to work. */
	kernel_weaken_random(size < 2 && chance_percent(15) ? 0xffffffULL :
							      ~0ULL);
	node_begin(&node);
	if (!commit_all(&node, &listing, size) || !compare_memory(&node, bytes))
		return false;
	node_end(&node);
	if (kernel_live_allocations() == allocations)
		return true;
	printf("# %llu allocations are left over\n",
	       kernel_live_allocations() - allocations);
	__lsan_do_recoverable_leak_check();
	return false;
}

static bool covers_everything(void)
{
	int reason;

	for (reason = PODWALL_REASON_NO_POLICY; reason <= PODWALL_REASON_NODE;
	     reason++)
		if (!tally.reasons[reason])
			return false;
	return refused && tally.rule_verdicts[PODWALL_VERDICT_ACCEPT] &&
	       tally.rule_verdicts[PODWALL_VERDICT_DENY];
}

static void report(const struct options *options, u64 rounds)
{
	printf("# %llu rounds, %llu commits, %llu of them in place, %llu refused, %llu questions\n",
	       rounds, commits, in_place, refused, tally.asked);
	printf("# answers: %llu by accept, %llu by deny, %llu isolated, %llu default, %llu no policy, %llu unregistered, %llu node\n",
	       tally.rule_verdicts[PODWALL_VERDICT_ACCEPT],
	       tally.rule_verdicts[PODWALL_VERDICT_DENY],
	       tally.reasons[PODWALL_REASON_ISOLATED],
	       tally.reasons[PODWALL_REASON_DEFAULT],
	       tally.reasons[PODWALL_REASON_NO_POLICY],
	       tally.reasons[PODWALL_REASON_UNREGISTERED],
	       tally.reasons[PODWALL_REASON_NODE]);
	puts("ok - random transactions and questions");
	/* Of a few rounds it says nothing. */
	if (rounds >= 100 && options->size < 0)
		printf("%sok - every kind of answer was met\n",
		       covers_everything() ? "" : "not ");
}

int main(int count, char **arguments)
{
	struct options options = options_read(count, arguments);
	u64 round;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %llu\n", options.seed);
	if (podwall_policy_init())
		return 2;
	for (round = options.first; options_go_on(&options, round); round++) {
		if (!play(&options, round)) {
			options_say_how_to_repeat();
			puts("not ok - random transactions and questions");
			/* What the round holds is no leak. */
			_exit(1);
		}
		pool_release();
	}
	podwall_policy_exit();
	report(&options, round - options.first);
	return 0;
}
