// SPDX-License-Identifier: GPL-2.0-only

#include <sanitizer/lsan_interface.h>
#include <stdio.h>

#include <linux/gfp.h>
#include <linux/rcupdate.h>

#include "attempt.h"
#include "chance.h"
#include "change.h"
#include "dump.h"
#include "kernel.h"
#include "node.h"
#include "plan.h"
#include "policy.h"
#include "round.h"

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

/* What packets in flight read has not changed, unless it was done in place. */
static bool compare_old(struct node *node, const struct podwall_policy *old,
			const struct world *before, u32 count,
			struct rounds *rounds)
{
	bool fine;

	if (node->live == old) {
		rounds->in_place++;
		return true;
	}
	rcu_read_lock();
	counts_add(&node->counts, old, before, 10);
	fine = counts_compare(&node->counts, old, before) &&
	       counts_compare(&node->counts, node->live, &node->world) &&
	       compare(old, before, &node->world, count, &rounds->tally);
	rcu_read_unlock();
	if (!fine)
		puts("# so answers the policy of before, in its grace period");
	return fine;
}

/* One transaction, accepted or refused as it should be. */
static bool commit(struct node *node, const struct list *changes, u32 count,
		   struct rounds *rounds)
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
		rounds->refused++;
		return compare(node->live, &before, &next, count / 4,
			       &rounds->tally);
	}
	rounds->commits++;
	counts_add(&node->counts, node->live, &node->world, 10);
	if (!compare(node->live, &next, &before, count, &rounds->tally) ||
	    !compare_old(node, old, &before, count / 4, rounds))
		return false;
	if (chance_percent(70))
		kernel_grace_period();
	return counts_compare(&node->counts, node->live, &node->world);
}

static void take(struct listing *listing, const struct node *node)
{
	listing->policy = podwall_policy_get(node->live);
	listing->world = node->world;
}

/* Drop what a listing holds after a last look at it. */
static bool drop(struct listing *listing, const struct node *node,
		 struct rounds *rounds)
{
	bool fine;

	if (!listing->policy)
		return true;
	fine = counts_compare(&node->counts, listing->policy,
			      &listing->world) &&
	       compare(listing->policy, &listing->world, &node->world, 20,
		       &rounds->tally);
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

/* What may go wrong goes wrong with one of the first allocations, if at all. */
static bool try_in_trouble(struct node *node, const struct list *changes,
			   struct rounds *rounds)
{
	struct trouble trouble = {
		.kind = chance_below(TROUBLES),
		.number = 1 + chance_below(256),
	};

	if (!attempt(node, changes, &trouble, &rounds->tally))
		return false;
	rounds->failed += trouble.met && trouble.failed;
	rounds->survived += trouble.met && !trouble.failed;
	return true;
}

static bool commit_all(struct node *node, struct listing *listing, u32 size,
		       bool troubled, struct rounds *rounds)
{
	struct scale scale = plan_scale(size);
	/* A fuzzer asks in many rounds what another does in one. */
	u32 asked = troubled ? questions[size] / 4 : questions[size];
	u32 i, count = chance_between(2, 14);
	struct list changes;

	for (i = 0; i < count; i++) {
		/* An empty node says little: most must be loaded at last. */
		changes = node->world.rule_sets.count || chance_percent(10) ?
				  plan_update(&node->world, &scale) :
				  plan_load(&node->world, &scale);
		if ((troubled && chance_percent(30) &&
		     !try_in_trouble(node, &changes, rounds)) ||
		    !commit(node, &changes, asked, rounds)) {
			printf("# transaction %u of the round:\n", i);
			dump_changes(&changes);
			puts("# in force:");
			dump_world(&node->world);
			return false;
		}
		if (chance_percent(10)) {
			if (!drop(listing, node, rounds))
				return false;
			take(listing, node);
		}
	}
	return drop(listing, node, rounds);
}

/**
 * round_play - begin with an empty node, and end with none
 * @size: of what it holds, from 0 to 2
 * @troubled: some commits are attempted in trouble first
 * @rounds: receives what it came to
 *
 * Return: false when something is wrong, which is printed; then allocations are
 * left.
 */
bool round_play(u32 size, bool troubled, struct rounds *rounds)
{
	u64 allocations = kernel_live_allocations();
	u64 bytes = kernel_live_bytes();
	struct listing listing = {};
	struct node node;

	/* Keys so bad that a hash table of more could not be expected to work. */
	kernel_weaken_random(size < 2 && chance_percent(15) ? 0xffffffULL :
							      ~0ULL);
	node_begin(&node);
	if (!commit_all(&node, &listing, size, troubled, rounds) ||
	    !compare_memory(&node, bytes))
		return false;
	node_end(&node);
	if (kernel_live_allocations() == allocations)
		return true;
	printf("# %llu allocations are left over\n",
	       kernel_live_allocations() - allocations);
	__lsan_do_recoverable_leak_check();
	return false;
}
