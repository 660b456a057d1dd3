// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/rcupdate.h>

#include "draft.h"
#include "identity.h"

static struct podwall_identities *make_identities(struct kunit *test)
{
	struct podwall_identities *identities = podwall_identities_create();

	KUNIT_ASSERT_NOT_NULL(test, identities);
	return identities;
}

static u32 take(struct kunit *test, struct podwall_identities *identities,
		u32 id)
{
	u32 number = podwall_identities_take(identities, id);

	KUNIT_ASSERT_NE(test, number, 0);
	KUNIT_ASSERT_LT(test, number, identities->count);
	KUNIT_ASSERT_LE(test, identities->count, identities->room);
	KUNIT_EXPECT_EQ(test, identities->entries[number].id, id);
	return number;
}

static u32 take_with_users(struct kunit *test,
			   struct podwall_identities *identities, u32 id,
			   u32 users)
{
	u32 number = take(test, identities, id);

	identities->entries[number].users += users;
	return number;
}

static struct podwall_identities *
clone(struct kunit *test, const struct podwall_identities *identities)
{
	struct podwall_identities *copy = podwall_identities_clone(identities);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	return copy;
}

/* As the next commit does; nobody else holds the table. */
static void next_table(struct kunit *test,
		       struct podwall_identities **identities)
{
	struct podwall_identities *copy = clone(test, *identities);

	podwall_identities_put(*identities);
	*identities = copy;
}

static void begins_empty(struct kunit *test)
{
	struct podwall_identities *identities = make_identities(test);

	KUNIT_EXPECT_EQ(test, podwall_identities_find(identities, 1), 0);
	KUNIT_EXPECT_EQ(test, podwall_identities_find(identities, U32_MAX), 0);
	podwall_identities_sweep(identities);
	next_table(test, &identities);
	KUNIT_EXPECT_EQ(test, podwall_identities_find(identities, 1), 0);
	KUNIT_EXPECT_EQ(test, identities->count, 1);
	podwall_identities_put(identities);
}

static void numbers_are_small_and_apart(struct kunit *test)
{
	static const u32 ids[] = { 1, 4711, U32_MAX, 0x80000000, 2, 16, 32 };
	struct podwall_identities *identities = make_identities(test);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		KUNIT_EXPECT_EQ(test, take(test, identities, ids[i]), i + 1);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		KUNIT_EXPECT_EQ(test, take(test, identities, ids[i]), i + 1);
		KUNIT_EXPECT_EQ(test, podwall_identities_find(identities, ids[i]),
				i + 1);
	}
	KUNIT_EXPECT_EQ(test, podwall_identities_find(identities, 3), 0);
	podwall_identities_put(identities);
}

/* How userspace may allot identities. */
static const struct growth_case {
	const char *desc;
	u32 first;
	u32 step;
	u32 count;
} growth_cases[] = {
	{ "one after the other", 1, 1, 20000 },
	{ "down from the top", U32_MAX, -1, 20000 },
	{ "in steps of 256", 256, 256, 20000 },
	{ "in steps of 65536", 65536, 65536, 20000 },
	{ "in odd steps", 77, 0x9e3779b1, 20000 },
	{ "to the edge of the room", 1, 1, 15 },
	{ "over the edge of the room", 1, 1, 16 },
};

KUNIT_ARRAY_PARAM_DESC(growth, growth_cases, desc);

static u32 longest_chain(const struct podwall_identities *identities)
{
	u32 i, number, length, longest = 0;

	for (i = 0; i < 1U << identities->head_bits; i++) {
		length = 0;
		for (number = identities->heads[i]; number;
		     number = identities->entries[number].next)
			length++;
		longest = max(longest, length);
	}
	return longest;
}

static void expect_all(struct kunit *test,
		       const struct podwall_identities *identities,
		       const struct growth_case *row)
{
	u32 i, missing = 0;

	for (i = 0; i < row->count; i++)
		missing += podwall_identities_find(identities, row->first +
						   i * row->step) != i + 1;
	KUNIT_EXPECT_EQ(test, missing, 0);
	KUNIT_EXPECT_EQ(test, identities->count, row->count + 1);
	KUNIT_EXPECT_LE(test, longest_chain(identities), 32);
	KUNIT_EXPECT_EQ(test, podwall_identities_size(identities),
			sizeof(*identities) +
			identities->room * sizeof(*identities->entries) +
			(sizeof(u32) << identities->head_bits));
}

static void table_grows(struct kunit *test)
{
	const struct growth_case *row = test->param_value;
	struct podwall_identities *identities = make_identities(test);
	u32 i;

	for (i = 0; i < row->count; i++)
		take_with_users(test, identities, row->first + i * row->step, 1);
	expect_all(test, identities, row);
	next_table(test, &identities);
	expect_all(test, identities, row);
	podwall_identities_sweep(identities);
	expect_all(test, identities, row);
	podwall_identities_put(identities);
}

static void sweep_frees_what_has_no_users(struct kunit *test)
{
	struct podwall_identities *identities = make_identities(test);
	u32 i, found;

	for (i = 1; i <= 300; i++)
		take_with_users(test, identities, i * 7, i % 3);
	podwall_identities_sweep(identities);
	for (i = 1; i <= 300; i++) {
		found = podwall_identities_find(identities, i * 7);
		KUNIT_ASSERT_EQ(test, found, i % 3 ? i : 0);
	}
	podwall_identities_put(identities);
}

static void clone_leaves_the_original(struct kunit *test)
{
	struct podwall_identities *identities = make_identities(test), *copy;
	u32 i, number = take_with_users(test, identities, 5, 1);

	copy = clone(test, identities);
	for (i = 6; i < 1000; i++)
		take(test, copy, i);
	copy->entries[number].users = 0;
	podwall_identities_sweep(copy);

	KUNIT_EXPECT_EQ(test, podwall_identities_find(identities, 5), number);
	KUNIT_EXPECT_EQ(test, podwall_identities_find(identities, 6), 0);
	KUNIT_EXPECT_EQ(test, podwall_identities_find(copy, 5), 0);
	KUNIT_EXPECT_EQ(test, identities->entries[number].users, 1);
	KUNIT_EXPECT_EQ(test, identities->count, 2);
	podwall_identities_put(identities);
	podwall_identities_put(copy);
}

static void references_keep_it(struct kunit *test)
{
	struct podwall_identities *identities = make_identities(test);

	KUNIT_EXPECT_PTR_EQ(test, podwall_identities_get(identities),
			    identities);
	podwall_identities_put(identities);
	KUNIT_EXPECT_EQ(test, refcount_read(&identities->references), 1);
	KUNIT_EXPECT_EQ(test, take(test, identities, 5), 1);
	podwall_identities_put(identities);
	podwall_identities_put(NULL);
}

/*
 * What happens between a number being freed and the next one being taken: c is
 * a commit's clone, s a grace period. Two commits within what may or may not be
 * a grace period promise nothing.
 */
static const struct reuse_case {
	const char *desc;
	const char *steps;
	bool reused;
} reuse_cases[] = {
	{ "freed by this very commit", "", false },
	{ "a grace period, but no commit", "s", false },
	{ "waits from the next commit on", "c", false },
	{ "waits from the next commit on, however late", "ssc", false },
	{ "waited, but nobody looked", "cs", false },
	{ "waited for a grace period", "csc", true },
	{ "free for good", "cscc", true },
	{ "free for good, after another grace period", "cscsc", true },
};

KUNIT_ARRAY_PARAM_DESC(reuse, reuse_cases, desc);

static void number_waits_for_a_grace_period(struct kunit *test)
{
	const struct reuse_case *row = test->param_value;
	struct podwall_identities *identities = make_identities(test);
	u32 freed = take(test, identities, 5);
	const char *step;

	podwall_identities_sweep(identities);
	for (step = row->steps; *step; step++) {
		if (*step == 'c')
			next_table(test, &identities);
		else
			synchronize_rcu();
	}
	KUNIT_EXPECT_EQ(test, take(test, identities, 6) == freed, row->reused);
	KUNIT_EXPECT_EQ(test, podwall_identities_find(identities, 5), 0);
	KUNIT_EXPECT_NE(test, take(test, identities, 7), freed);
	podwall_identities_put(identities);
}

/* The same identity again is no reason to hurry: cells may have changed. */
static void identity_waits_for_its_own_number(struct kunit *test)
{
	struct podwall_identities *identities = make_identities(test);
	u32 freed = take(test, identities, 5);

	podwall_identities_sweep(identities);
	next_table(test, &identities);
	KUNIT_EXPECT_NE(test, take(test, identities, 5), freed);
	podwall_identities_put(identities);
}

/* Those freed later wait for a grace period of their own. */
static void numbers_wait_in_turn(struct kunit *test)
{
	struct podwall_identities *identities = make_identities(test);
	u32 first = take(test, identities, 1), second, third;

	podwall_identities_sweep(identities);
	next_table(test, &identities);
	second = take(test, identities, 2);
	podwall_identities_sweep(identities);
	synchronize_rcu();
	next_table(test, &identities);
	KUNIT_EXPECT_EQ(test, take_with_users(test, identities, 3, 1), first);
	third = take(test, identities, 4);
	KUNIT_EXPECT_NE(test, third, second);
	podwall_identities_sweep(identities);
	synchronize_rcu();
	next_table(test, &identities);
	KUNIT_EXPECT_EQ(test, take_with_users(test, identities, 5, 1), second);
	synchronize_rcu();
	next_table(test, &identities);
	KUNIT_EXPECT_EQ(test, take_with_users(test, identities, 6, 1), third);
	KUNIT_EXPECT_EQ(test, identities->count, third + 1);
	podwall_identities_put(identities);
}

/* A table whose identities come and go does not grow for ever. */
static void numbers_come_back(struct kunit *test)
{
	struct podwall_identities *identities = make_identities(test);
	u32 i, j, number;

	for (i = 0; i < 20; i++) {
		for (j = 0; j < 10; j++)
			take_with_users(test, identities, 1 + i * 10 + j, 1);
		next_table(test, &identities);
		for (j = 0; j < 10; j++) {
			number = podwall_identities_find(identities,
							 1 + i * 10 + j);
			KUNIT_ASSERT_NE(test, number, 0);
			identities->entries[number].users--;
		}
		podwall_identities_sweep(identities);
		synchronize_rcu();
	}
	KUNIT_EXPECT_LE(test, identities->count, 1 + 4 * 10);
	podwall_identities_put(identities);
}

/* A commit that is refused drops its table, and what it freed or took. */
static void refused_table_changes_nothing(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	struct podwall_identities *identities = make_identities(test), *copy;
	u32 i, j, id;

	for (id = 1; id <= 100; id++)
		take_with_users(test, identities, id, 1);
	for (i = 0; i < 30; i++) {
		copy = clone(test, identities);
		for (j = 0; j < 20; j++) {
			id = 1 + draft_below(&random, 200);
			copy->entries[take(test, copy, id)].users =
				draft_below(&random, 2);
		}
		podwall_identities_sweep(copy);
		podwall_identities_put(copy);
	}
	for (id = 1; id <= 200; id++)
		KUNIT_ASSERT_EQ(test, podwall_identities_find(identities, id),
				id <= 100 ? id : 0);
	podwall_identities_put(identities);
}

static struct kunit_case identity_cases[] = {
	KUNIT_CASE(begins_empty),
	KUNIT_CASE(numbers_are_small_and_apart),
	KUNIT_CASE_PARAM(table_grows, growth_gen_params),
	KUNIT_CASE(sweep_frees_what_has_no_users),
	KUNIT_CASE(clone_leaves_the_original),
	KUNIT_CASE(references_keep_it),
	KUNIT_CASE_PARAM(number_waits_for_a_grace_period, reuse_gen_params),
	KUNIT_CASE(identity_waits_for_its_own_number),
	KUNIT_CASE(numbers_wait_in_turn),
	KUNIT_CASE(numbers_come_back),
	KUNIT_CASE(refused_table_changes_nothing),
	{}
};

static struct kunit_suite identity_suite = {
	.name = "podwall_identity",
	.test_cases = identity_cases,
};

kunit_test_suite(identity_suite);
