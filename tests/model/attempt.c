// SPDX-License-Identifier: GPL-2.0-only

#include <sanitizer/lsan_interface.h>
#include <stdio.h>

#include <linux/err.h>

#include "attempt.h"
#include "change.h"
#include "kernel.h"
#include "node.h"
#include "policy.h"

/* One commit that something goes wrong with: nothing may be lost by it. */

static void make_trouble(enum trouble_kind kind, u64 number)
{
	kernel_fail_allocation(0, false);
	kernel_fatal_signal(0);
	if (kind == TROUBLE_SIGNAL)
		kernel_fatal_signal(number);
	else
		kernel_fail_allocation(number, kind == TROUBLE_ONWARDS);
}

/* Ends it, and says whether there was any. */
static bool end_trouble(void)
{
	bool was = kernel_allocation_failed() || kernel_signal_seen();

	make_trouble(TROUBLE_ONCE, 0);
	return was;
}

static bool unchanged(const struct node *node, u64 allocations, u64 bytes,
		      struct tally *tally)
{
	kernel_grace_period();
	if (kernel_live_allocations() != allocations ||
	    kernel_live_bytes() != bytes) {
		printf("# %lld allocations of %lld bytes are left over\n",
		       kernel_live_allocations() - allocations,
		       kernel_live_bytes() - bytes);
		__lsan_do_recoverable_leak_check();
		return false;
	}
	return counts_compare(&node->counts, node->live, &node->world) &&
	       compare(node->live, &node->world, &node->world, 5, tally);
}

/**
 * attempt - build a policy that will not be published, in trouble
 * @node: its live policy stays, and has to answer as before
 * @changes: of struct change
 * @trouble: receives what came of it
 * @tally: of the questions that are asked
 *
 * A commit that does without the memory it wanted is as good as any other, if
 * what it built is right.
 *
 * Return: false when something is wrong, which is printed.
 */
bool attempt(struct node *node, const struct list *changes,
	     struct trouble *trouble, struct tally *tally)
{
	int expected = trouble->kind == TROUBLE_SIGNAL ? -EINTR : -ENOMEM;
	struct podwall_policy *policy;
	unsigned int refusals;
	u64 allocations, bytes;
	struct world next;
	bool fine = true;
	int err;

	kernel_grace_period();
	allocations = kernel_live_allocations();
	bytes = kernel_live_bytes();
	refusals = change_apply(&node->world, changes, &next);
	make_trouble(trouble->kind, trouble->number);
	policy = node_build(node, changes);
	trouble->met = end_trouble();
	err = PTR_ERR_OR_ZERO(policy);
	trouble->failed = err;
	if (!(trouble->met && err == expected) &&
	    !refusal_allows(refusals, err)) {
		printf("# the commit returns %d: %s\n", err, node->error.text);
		fine = false;
	}
	if (!err) {
		fine = fine && compare(policy, &next, &node->world, 5, tally);
		podwall_policy_put(policy);
	}
	fine = unchanged(node, allocations, bytes, tally) && fine;
	if (!fine)
		printf("# in trouble %d, number %llu\n", trouble->kind,
		       trouble->number);
	return fine;
}
