// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/jiffies.h>
#include <linux/podwall.h>

#include "event_limit.h"
#include "limits.h"

static void a_pod_gets_a_quarter(struct kunit *test)
{
	static const struct {
		u32 rate;
		u32 share;
	} cases[] = {
		{ 0, 0 },
		{ 1, 1 },
		{ 2, 1 },
		{ 4, 1 },
		{ 5, 2 },
		{ 8, 2 },
		{ 399, 100 },
		{ PODWALL_EVENT_RATE_DEFAULT, 100 },
		{ 401, 101 },
		{ PODWALL_EVENT_RATE_MAX, 250000 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, podwall_event_share(cases[i].rate),
				    cases[i].share, "rate %u", cases[i].rate);
}

static u32 allowed(struct podwall_event_limit *limit,
		   enum podwall_event_group group, u32 rate, u32 attempts)
{
	u32 count = 0;

	while (attempts--)
		count += podwall_event_limit_allows(limit, group, rate);
	return count;
}

/*
 * Seconds may pass between attempts on a slow machine, so what was allowed has
 * bounds.
 */
static void expect_held(struct kunit *test, struct podwall_event_limit *limit,
			enum podwall_event_group group, u32 rate)
{
	unsigned long begin = jiffies, seconds;
	u32 count = allowed(limit, group, rate, 10000);

	seconds = (jiffies - begin) / HZ + 2;
	KUNIT_EXPECT_GE(test, count, rate);
	KUNIT_EXPECT_LE(test, count, rate * seconds);
}

static void holds_each_group_to_the_rate(struct kunit *test)
{
	struct podwall_event_limit *limit = podwall_event_limit_create();

	KUNIT_ASSERT_NOT_NULL(test, limit);
	expect_held(test, limit, PODWALL_EVENT_DROPS, 10);
	/* The other group has used up nothing. */
	expect_held(test, limit, PODWALL_EVENT_ACCEPTS, 7);
	KUNIT_EXPECT_EQ(test, atomic64_read(&limit->lost), 0);
	podwall_event_limit_put(limit);
}

static void rate_may_change_any_time(struct kunit *test)
{
	struct podwall_event_limit limit;

	podwall_event_limit_init(&limit);
	KUNIT_EXPECT_EQ(test, allowed(&limit, PODWALL_EVENT_DROPS, 0, 100), 0);
	expect_held(test, &limit, PODWALL_EVENT_DROPS, 10);
	KUNIT_EXPECT_EQ(test, allowed(&limit, PODWALL_EVENT_DROPS, 0, 100), 0);
}

static void references_keep_it(struct kunit *test)
{
	struct podwall_event_limit *limit = podwall_event_limit_create();

	KUNIT_ASSERT_NOT_NULL(test, limit);
	KUNIT_EXPECT_PTR_EQ(test, podwall_event_limit_get(limit), limit);
	KUNIT_EXPECT_EQ(test, refcount_read(&limit->references), 2);
	podwall_event_limit_put(limit);
	KUNIT_EXPECT_EQ(test, refcount_read(&limit->references), 1);
	podwall_event_limit_put(limit);
}

static struct kunit_case event_limit_cases[] = {
	KUNIT_CASE(a_pod_gets_a_quarter),
	KUNIT_CASE(holds_each_group_to_the_rate),
	KUNIT_CASE(rate_may_change_any_time),
	KUNIT_CASE(references_keep_it),
	{}
};

static struct kunit_suite event_limit_suite = {
	.name = "podwall_event_limit",
	.test_cases = event_limit_cases,
};

kunit_test_suite(event_limit_suite);
