// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>

#include "ledger.h"

static void counts_what_is_made_and_freed(struct kunit *test)
{
	enum podwall_ledger_kind kind = PODWALL_LEDGER_POD;
	s64 count = podwall_ledger_count(kind);
	s64 left = podwall_ledger_left(kind);

	podwall_ledger_made(kind);
	podwall_ledger_made(kind);
	podwall_ledger_freed(kind);
	KUNIT_EXPECT_EQ(test, podwall_ledger_count(kind), count + 2);
	KUNIT_EXPECT_EQ(test, podwall_ledger_left(kind), left + 1);
	podwall_ledger_freed(kind);
	KUNIT_EXPECT_EQ(test, podwall_ledger_left(kind), left);
}

static void tells_kinds_apart(struct kunit *test)
{
	s64 left = podwall_ledger_left(PODWALL_LEDGER_ROW);

	podwall_ledger_made(PODWALL_LEDGER_CELLS);
	KUNIT_EXPECT_EQ(test, podwall_ledger_left(PODWALL_LEDGER_ROW), left);
	podwall_ledger_freed(PODWALL_LEDGER_CELLS);
	KUNIT_EXPECT_STREQ(test, podwall_ledger_name(PODWALL_LEDGER_ROW), "rows");
}

/* All suites before this one waited for what they dropped. */
static void tests_freed_what_they_made(struct kunit *test)
{
	int kind;

	for (kind = 0; kind < PODWALL_LEDGER_KINDS; kind++) {
		const char *name = podwall_ledger_name(kind);

		kunit_info(test, "%lld %s", podwall_ledger_count(kind), name);
		KUNIT_EXPECT_GT_MSG(test, podwall_ledger_count(kind), 0,
				    "no %s were made", name);
		KUNIT_EXPECT_EQ_MSG(test, podwall_ledger_left(kind), 0,
				    "some %s were not freed", name);
	}
}

static struct kunit_case ledger_cases[] = {
	KUNIT_CASE(counts_what_is_made_and_freed),
	KUNIT_CASE(tells_kinds_apart),
	KUNIT_CASE(tests_freed_what_they_made),
	{}
};

static struct kunit_suite ledger_suite = {
	.name = "podwall_ledger",
	.test_cases = ledger_cases,
};

kunit_test_suite(ledger_suite);
