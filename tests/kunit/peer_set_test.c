// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>

#include "draft.h"
#include "peer_set.h"

static const struct freeze_case {
	const char *desc;
	u32 before[6];
	u32 after[6];
} freeze_cases[] = {
	{ "none" },
	{ "one", { 7 }, { 7 } },
	{ "in order", { 1, 2, 3 }, { 1, 2, 3 } },
	{ "out of order", { 3, 1, 2 }, { 1, 2, 3 } },
	{ "duplicates apart", { 2, 1, 2, 1 }, { 1, 2 } },
	{ "only duplicates", { 5, 5, 5, 5, 5, 5 }, { 5 } },
	{ "duplicates at both ends", { 1, 1, 2, 3, 3, 3 }, { 1, 2, 3 } },
	{ "compared unsigned", { U32_MAX, 1, 0x80000000 },
	  { 1, 0x80000000, U32_MAX } },
};

KUNIT_ARRAY_PARAM_DESC(freeze, freeze_cases, desc);

static void freeze_sorts_and_deduplicates(struct kunit *test)
{
	const struct freeze_case *row = test->param_value;
	struct draft_peer_set draft = { .id = 1, .name = "set" };
	struct podwall_peer_set *set;
	u32 i, count = 0;

	/* Arrange */
	memcpy(draft.identities, row->before, sizeof(draft.identities));
	set = draft_make_peer_set(test, &draft);

	/* Act */
	podwall_peer_set_freeze(set);

	/* Assert */
	while (count < ARRAY_SIZE(row->after) && row->after[count])
		count++;
	KUNIT_EXPECT_EQ(test, set->identities.count, count);
	KUNIT_EXPECT_EQ(test, podwall_peer_set_members(set), count);
	for (i = 0; i < set->identities.count && i < count; i++)
		KUNIT_EXPECT_EQ(test, ((u32 *)set->identities.elements)[i],
				row->after[i]);
	podwall_peer_set_put(set);
}

static const struct draft_peer_set held = {
	.id = 1,
	.name = "held",
	.identities = { 30, 10, 20, 10 },
	.blocks = {
		{ "10.0.0.0/8", { "10.1.0.0/16", "10.2.3.4/32" } },
		{ "10.1.128.0/17", { "10.1.200.0/24" } },
		{ "fd00::/16", { "fd00:1::/32" } },
	},
};

static const struct holds_case {
	const char *desc;
	u32 identity;
	const char *ip;
	bool holds;
} holds_cases[] = {
	{ "lowest identity", 10, "192.0.2.1", true },
	{ "middle identity", 20, "192.0.2.1", true },
	{ "highest identity", 30, "192.0.2.1", true },
	{ "unknown identity", 15, "192.0.2.1", false },
	{ "identity above all", 31, "192.0.2.1", false },
	{ "no identity, no block", 0, "192.0.2.1", false },
	{ "block without identity", 0, "10.9.9.9", true },
	{ "block with an unknown identity", 15, "10.9.9.9", true },
	{ "excepted", 0, "10.1.0.1", false },
	{ "excepted with an identity of the set", 10, "10.1.0.1", true },
	{ "second exception", 0, "10.2.3.4", false },
	{ "beside the second exception", 0, "10.2.3.5", true },
	{ "excepted in one block, held by another", 0, "10.1.128.1", true },
	{ "excepted in both blocks", 0, "10.1.200.1", false },
	{ "IPv6 block", 0, "fd00:2::1", true },
	{ "excepted in IPv6", 0, "fd00:1::1", false },
	{ "outside in IPv6", 0, "fd01::1", false },
};

KUNIT_ARRAY_PARAM_DESC(holds, holds_cases, desc);

static void holds_identities_and_blocks(struct kunit *test)
{
	const struct holds_case *row = test->param_value;
	struct podwall_peer_set *set = draft_make_peer_set(test, &held);
	struct podwall_ip ip = draft_ip(row->ip);

	podwall_peer_set_freeze(set);
	KUNIT_EXPECT_EQ(test, podwall_peer_set_holds(set, row->identity, &ip),
			row->holds);
	podwall_peer_set_put(set);
}

static void no_identity_is_no_member(struct kunit *test)
{
	struct podwall_peer_set *set = podwall_peer_set_create(1, "zero");
	struct podwall_ip ip = draft_ip("10.0.0.1");

	KUNIT_ASSERT_NOT_NULL(test, set);
	KUNIT_ASSERT_EQ(test, 0, podwall_peer_set_add_identity(set, 0));
	podwall_peer_set_freeze(set);
	KUNIT_EXPECT_FALSE(test, podwall_peer_set_holds(set, 0, &ip));
	podwall_peer_set_put(set);
}

static void empty_set_holds_nothing(struct kunit *test)
{
	struct podwall_peer_set *set = podwall_peer_set_create(1, "empty");
	struct podwall_ip ip = draft_ip("0.0.0.0");

	KUNIT_ASSERT_NOT_NULL(test, set);
	podwall_peer_set_freeze(set);
	KUNIT_EXPECT_FALSE(test, podwall_peer_set_holds(set, 1, &ip));
	KUNIT_EXPECT_EQ(test, podwall_peer_set_members(set), 0);
	podwall_peer_set_put(set);
}

static void members_and_size_count_all(struct kunit *test)
{
	struct podwall_peer_set *set = podwall_peer_set_create(9, "name");
	size_t before;

	KUNIT_ASSERT_NOT_NULL(test, set);
	KUNIT_EXPECT_EQ(test, set->id, 9);
	KUNIT_EXPECT_STREQ(test, set->name, "name");
	before = podwall_peer_set_size(set);
	KUNIT_EXPECT_EQ(test, before,
			offsetof(struct podwall_peer_set, name) + 5);
	podwall_peer_set_put(set);

	set = draft_make_peer_set(test, &held);
	KUNIT_EXPECT_EQ(test, podwall_peer_set_members(set), 4 + 3 + 4);
	KUNIT_EXPECT_EQ(test, podwall_peer_set_size(set),
			before + set->identities.room * sizeof(u32) +
			set->blocks.room * sizeof(struct podwall_block) +
			set->excepts.room * sizeof(struct podwall_network));
	podwall_peer_set_freeze(set);
	KUNIT_EXPECT_EQ(test, podwall_peer_set_members(set), 3 + 3 + 4);
	podwall_peer_set_put(set);
}

static const struct find_case {
	const char *desc;
	u32 ids[4];
	u32 id;
	bool found;
} find_cases[] = {
	{ "none", { }, 1, false },
	{ "the only one", { 7 }, 7, true },
	{ "below the only one", { 7 }, 6, false },
	{ "above the only one", { 7 }, 8, false },
	{ "the first", { 2, 4, 6 }, 2, true },
	{ "the last", { 2, 4, U32_MAX }, U32_MAX, true },
	{ "between two", { 2, 4, 6 }, 5, false },
};

KUNIT_ARRAY_PARAM_DESC(find, find_cases, desc);

static void set_is_found_by_id(struct kunit *test)
{
	const struct find_case *row = test->param_value;
	struct podwall_peer_set *sets[ARRAY_SIZE(row->ids)], *found;
	struct podwall_array array = { .elements = sets };
	u32 i;

	for (i = 0; i < ARRAY_SIZE(row->ids) && row->ids[i]; i++) {
		sets[i] = podwall_peer_set_create(row->ids[i], "set");
		KUNIT_ASSERT_NOT_NULL(test, sets[i]);
		array.count++;
	}
	found = podwall_peer_set_find(&array, row->id);
	KUNIT_EXPECT_EQ(test, !!found, row->found);
	if (found)
		KUNIT_EXPECT_EQ(test, found->id, row->id);
	for (i = 0; i < array.count; i++)
		podwall_peer_set_put(sets[i]);
}

/* That the last put frees it is what the search for leaks proves. */
static void references_keep_it(struct kunit *test)
{
	struct podwall_peer_set *set = draft_make_peer_set(test, &held);

	KUNIT_EXPECT_PTR_EQ(test, podwall_peer_set_get(set), set);
	podwall_peer_set_put(set);
	KUNIT_EXPECT_STREQ(test, set->name, "held");
	KUNIT_EXPECT_EQ(test, refcount_read(&set->references), 1);
	podwall_peer_set_put(set);
}

static const struct blocks_case {
	const char *desc;
	struct draft_peer_set sets[2];
	bool same;
} blocks_cases[] = {
	{ "none", { { 1, "a", { 1 } }, { 1, "a", { 2 } } }, true },
	{ "one, whatever the identities",
	  { { 1, "a", { 1 }, { { "10.0.0.0/8" } } },
	    { 1, "a", { 1, 2 }, { { "10.0.0.0/8" } } } }, true },
	{ "one and none", { { 1, "a", {}, { { "10.0.0.0/8" } } }, { 1, "a" } } },
	{ "another address",
	  { { 1, "a", {}, { { "10.0.0.0/8" } } },
	    { 1, "a", {}, { { "11.0.0.0/8" } } } } },
	{ "another length",
	  { { 1, "a", {}, { { "10.0.0.0/8" } } },
	    { 1, "a", {}, { { "10.0.0.0/9" } } } } },
	{ "another family",
	  { { 1, "a", {}, { { "0.0.0.0/0" } } },
	    { 1, "a", {}, { { "::/0" } } } } },
	{ "the same exceptions",
	  { { 1, "a", {}, { { "10.0.0.0/8", { "10.1.0.0/16" } } } },
	    { 1, "a", {}, { { "10.0.0.0/8", { "10.1.0.0/16" } } } } }, true },
	{ "an exception more",
	  { { 1, "a", {}, { { "10.0.0.0/8" } } },
	    { 1, "a", {}, { { "10.0.0.0/8", { "10.1.0.0/16" } } } } } },
	{ "another exception",
	  { { 1, "a", {}, { { "10.0.0.0/8", { "10.1.0.0/16" } } } },
	    { 1, "a", {}, { { "10.0.0.0/8", { "10.2.0.0/16" } } } } } },
	{ "the exception of another block",
	  { { 1, "a", {}, { { "10.0.0.0/8", { "10.1.0.0/16" } },
			    { "10.0.0.0/9" } } },
	    { 1, "a", {}, { { "10.0.0.0/8" },
			    { "10.0.0.0/9", { "10.1.0.0/16" } } } } } },
};

KUNIT_ARRAY_PARAM_DESC(blocks, blocks_cases, desc);

static void same_blocks_are_told(struct kunit *test)
{
	const struct blocks_case *row = test->param_value;
	struct podwall_peer_set *sets[2];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		sets[i] = draft_make_peer_set(test, &row->sets[i]);
		podwall_peer_set_freeze(sets[i]);
	}
	KUNIT_EXPECT_EQ(test, podwall_peer_set_same_blocks(sets[0], sets[1]),
			row->same);
	KUNIT_EXPECT_EQ(test, podwall_peer_set_same_blocks(sets[1], sets[0]),
			row->same);
	for (i = 0; i < ARRAY_SIZE(sets); i++)
		podwall_peer_set_put(sets[i]);
}

static struct kunit_case peer_set_cases[] = {
	KUNIT_CASE_PARAM(freeze_sorts_and_deduplicates, freeze_gen_params),
	KUNIT_CASE_PARAM(holds_identities_and_blocks, holds_gen_params),
	KUNIT_CASE(no_identity_is_no_member),
	KUNIT_CASE(empty_set_holds_nothing),
	KUNIT_CASE(members_and_size_count_all),
	KUNIT_CASE_PARAM(set_is_found_by_id, find_gen_params),
	KUNIT_CASE_PARAM(same_blocks_are_told, blocks_gen_params),
	KUNIT_CASE(references_keep_it),
	{}
};

static struct kunit_suite peer_set_suite = {
	.name = "podwall_peer_set",
	.test_cases = peer_set_cases,
};

kunit_test_suite(peer_set_suite);
