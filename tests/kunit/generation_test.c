// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/limits.h>

#include "generation.h"

struct generation_case {
	const char *name;
	u64 desired;
	u64 live;
	u32 open;
	enum podwall_transaction_step step;
	u64 expected;
};

static const struct generation_case cases[] = {
	{ "the first begin", 0, 0, 1, PODWALL_TRANSACTION_BEGUN, 1 },
	{ "a begin", 7, 7, 1, PODWALL_TRANSACTION_BEGUN, 8 },
	{ "a begin beside another", 8, 7, 2, PODWALL_TRANSACTION_BEGUN, 8 },
	{ "a begin after a refusal", 8, 7, 1, PODWALL_TRANSACTION_BEGUN, 8 },
	{ "a begin never lowers", 9, 7, 1, PODWALL_TRANSACTION_BEGUN, 9 },
	{ "the only commit", 8, 8, 0, PODWALL_TRANSACTION_COMMITTED, 8 },
	{ "a commit with another open", 8, 8, 1, PODWALL_TRANSACTION_COMMITTED,
	  9 },
	{ "a commit with many open", 8, 8, 15, PODWALL_TRANSACTION_COMMITTED,
	  9 },
	{ "a commit after a refusal", 8, 8, 0, PODWALL_TRANSACTION_COMMITTED,
	  8 },
	{ "a commit forgets a wish from before", 9, 8, 0,
	  PODWALL_TRANSACTION_COMMITTED, 8 },
	{ "the only abort", 8, 7, 0, PODWALL_TRANSACTION_ABORTED, 7 },
	{ "an abort with another open", 8, 7, 1, PODWALL_TRANSACTION_ABORTED,
	  8 },
	{ "an abort at generation 0", 1, 0, 0, PODWALL_TRANSACTION_ABORTED, 0 },
	{ "a refusal", 8, 7, 0, PODWALL_TRANSACTION_LOST, 8 },
	{ "a refusal with another open", 8, 7, 1, PODWALL_TRANSACTION_LOST, 8 },
	{ "beyond 32 bits", U32_MAX, U32_MAX, 1, PODWALL_TRANSACTION_BEGUN,
	  1ULL << 32 },
};

static void table(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    podwall_generation_desired(cases[i].desired,
							       cases[i].live,
							       cases[i].open,
							       cases[i].step),
				    cases[i].expected, "%s", cases[i].name);
}

/*
 * Whatever happens, in whatever order: above the live generation while a
 * transaction is open, at most one above it, and never below.
 */
static void holds_over_every_story(struct kunit *test)
{
	const unsigned int steps = 8;
	u32 story, i;

	for (story = 0; story < 1U << (2 * steps); story++) {
		u64 desired = 0, live = 0;
		u32 open = 0;

		for (i = 0; i < steps; i++) {
			enum podwall_transaction_step step =
				story >> (2 * i) & 3;

			if (step == PODWALL_TRANSACTION_BEGUN)
				open++;
			else if (open)
				open--;
			else
				break;
			live += step == PODWALL_TRANSACTION_COMMITTED;
			desired = podwall_generation_desired(desired, live,
							     open, step);
			if (desired < live || desired > live + 1 ||
			    (open && desired != live + 1)) {
				KUNIT_FAIL(test,
					   "story %x, step %u: desired %llu, live %llu, %u open",
					   story, i, desired, live, open);
				return;
			}
		}
	}
}

static struct kunit_case generation_cases[] = {
	KUNIT_CASE(table),
	KUNIT_CASE(holds_over_every_story),
	{}
};

static struct kunit_suite generation_suite = {
	.name = "podwall_generation",
	.test_cases = generation_cases,
};

kunit_test_suite(generation_suite);
