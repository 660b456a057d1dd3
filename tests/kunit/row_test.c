// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/podwall.h>
#include <linux/prandom.h>

#include "draft.h"
#include "error.h"
#include "membership.h"
#include "peer_set.h"
#include "region_build.h"
#include "row.h"
#include "row_build.h"

#define SETS	6
#define RULES	8

/** struct peers - what rows are made of */
struct peers {
	struct podwall_array sets;
	struct podwall_identities *identities;
	struct podwall_regions *regions;
	struct podwall_membership membership;
};

static struct podwall_peer_set **set_at(struct peers *peers, u32 index)
{
	return (struct podwall_peer_set **)peers->sets.elements + index;
}

/* After any change to the rest: regions anew, and what is known of members. */
static void refresh(struct kunit *test, struct peers *peers)
{
	struct podwall_regions *regions;
	struct podwall_error error = {};

	regions = podwall_regions_build(&peers->sets, peers->regions, &error);
	KUNIT_ASSERT_FALSE(test, IS_ERR(regions));
	podwall_regions_put(peers->regions);
	peers->regions = regions;
	peers->membership = (struct podwall_membership){
		.peer_sets = &peers->sets,
		.identities = peers->identities,
		.regions = regions,
	};
}

static void begin(struct kunit *test, struct peers *peers,
		  const struct draft_peer_set *drafts, u32 count, u32 identities)
{
	struct podwall_peer_set **element;
	u32 i, number;

	*peers = (struct peers){};
	for (i = 0; i < count; i++) {
		element = podwall_array_append(&peers->sets, sizeof(*element));
		KUNIT_ASSERT_NOT_NULL(test, element);
		*element = draft_make_peer_set(test, &drafts[i]);
		podwall_peer_set_freeze(*element);
	}
	peers->identities = podwall_identities_create();
	KUNIT_ASSERT_NOT_NULL(test, peers->identities);
	for (i = 1; i <= identities; i++) {
		number = podwall_identities_take(peers->identities, i);
		KUNIT_ASSERT_EQ(test, number, i);
		peers->identities->entries[number].users = 1;
	}
	refresh(test, peers);
}

static void end(struct peers *peers)
{
	u32 i;

	podwall_regions_put(peers->regions);
	podwall_identities_put(peers->identities);
	for (i = 0; i < peers->sets.count; i++)
		podwall_peer_set_put(*set_at(peers, i));
	podwall_array_free(&peers->sets);
}

static struct podwall_row *build(struct kunit *test, struct peers *peers,
				 const struct podwall_rule_set *set)
{
	struct podwall_error error = {};
	struct podwall_row *row;

	row = podwall_row_build(set, &peers->membership, &error);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(row), "refused: %s", error.text);
	return row;
}

static const struct draft_peer_set table_sets[] = {
	{ 1, "one", { 1, 2 } },
	{ 2, "two", { 2, 3 }, { { "10.0.0.0/8" } } },
	{ 3, "three", .blocks = { { "10.1.0.0/16" }, { "fd00::/8" } } },
	{ 4, "four" },
};

static const struct draft_rule_set table_rules = {
	.id = 7,
	.rules = {
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY, .peer_sets = { 1 } },
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY,
		  .peer_sets = { 1, 2 } },
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY, .peer_sets = { 4 } },
		{ PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT },
		{ PODWALL_TIER_BASELINE, PODWALL_ACTION_DENY,
		  .peer_sets = { 3, 2 } },
	},
};

/* Bits 0 to 2 are rules of the admin tier, 3 is policy, 5 is baseline. */
static const struct kind_case {
	const char *desc;
	u32 identity;
	const char *ip;
	u64 rules;
} kind_cases[] = {
	{ "nobody", 0, NULL, 0x08 },
	{ "one set of two rules", 1, NULL, 0x0b },
	{ "two sets of one rule", 2, NULL, 0x2b },
	{ "another set", 3, NULL, 0x2a },
	{ "no set", 4, NULL, 0x08 },
	{ "outside all blocks", 0, "192.0.2.1", 0x08 },
	{ "a block", 0, "10.2.0.0", 0x2a },
	{ "a block in a block", 0, "10.1.0.0", 0x2a },
	{ "an IPv6 block", 0, "fd00::1", 0x28 },
};

KUNIT_ARRAY_PARAM_DESC(kind, kind_cases, desc);

static u64 mask_of(const struct podwall_row *row, u32 cell)
{
	return row->masks[row->cells[cell]];
}

static void kinds_have_their_rules(struct kunit *test)
{
	const struct kind_case *row = test->param_value;
	struct podwall_rule_set *set = draft_make_rule_set(test, &table_rules);
	struct podwall_row *built;
	struct peers peers;
	struct podwall_ip ip;
	u32 cell;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	begin(test, &peers, table_sets, ARRAY_SIZE(table_sets), 4);
	built = build(test, &peers, set);
	if (row->ip) {
		ip = draft_ip(row->ip);
		cell = podwall_regions_find(peers.regions, &ip);
	} else {
		cell = built->region_count + row->identity;
	}
	/* But for the bit that stands for what nothing decided. */
	KUNIT_EXPECT_EQ(test, mask_of(built, cell) & ~(1ULL << 6), row->rules);
	KUNIT_EXPECT_TRUE(test, mask_of(built, cell) & 1ULL << 6);
	KUNIT_EXPECT_EQ(test, built->kind_count, 5);
	KUNIT_EXPECT_EQ(test, built->identity_count, 5);
	KUNIT_EXPECT_EQ(test, built->region_count, 4);
	KUNIT_EXPECT_EQ(test, podwall_row_size(built),
			sizeof(*built) + 9 * sizeof(u16) + 5 * sizeof(u64));
	podwall_row_put(built);
	end(&peers);
	podwall_rule_set_put(set);
}

static void members_are_listed(struct kunit *test)
{
	static const u32 counts[] = { 0, 2, 2, 0 };
	struct peers peers;
	const u32 *regions;
	u32 i, j, count;

	begin(test, &peers, table_sets, ARRAY_SIZE(table_sets), 4);
	for (i = 0; i < ARRAY_SIZE(table_sets); i++) {
		KUNIT_EXPECT_PTR_EQ(test,
				    podwall_membership_peer_set(&peers.membership,
								i + 1),
				    *set_at(&peers, i));
		regions = podwall_regions_held(peers.regions, i + 1, &count);
		KUNIT_EXPECT_EQ(test, count, counts[i]);
		for (j = 0; j < count; j++)
			KUNIT_EXPECT_TRUE(test,
					  podwall_regions_holds(peers.regions,
								regions[j],
								i + 1));
	}
	end(&peers);
}

static void references_keep_it(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &table_rules);
	struct podwall_row *row;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	row = podwall_row_create(set, 3, 2);
	KUNIT_ASSERT_NOT_NULL(test, row);
	KUNIT_EXPECT_PTR_EQ(test, podwall_row_get(row), row);
	podwall_row_put(row);
	KUNIT_EXPECT_EQ(test, refcount_read(&row->references), 1);
	KUNIT_EXPECT_EQ(test, podwall_row_size(row),
			sizeof(*row) + 5 * sizeof(u16));
	podwall_row_put(row);
	podwall_row_put(NULL);
	podwall_rule_set_put(set);
}

static void random_peer_set(struct rnd_state *random,
			    struct draft_peer_set *set, u32 id)
{
	static const char *const networks[] = {
		"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "0.0.0.0/0",
		"fd00::/8", "fd00:1::/32", "::/0", "192.0.2.1/32",
	};
	u32 i, identities = draft_below(random, 6);
	u32 blocks = draft_below(random, 4);

	*set = (struct draft_peer_set){ .id = id, .name = "random" };
	for (i = 0; i < identities; i++)
		set->identities[i] = 1 + draft_below(random, 40);
	for (i = 0; i < blocks; i++)
		set->blocks[i].network =
			networks[draft_below(random, ARRAY_SIZE(networks))];
}

static void random_rules(struct rnd_state *random, struct draft_rule_set *set)
{
	u32 i, j, tier = PODWALL_TIER_ADMIN;

	*set = (struct draft_rule_set){ .id = 1, .isolated = true };
	for (i = 0; i < RULES; i++) {
		if (tier < PODWALL_TIER_BASELINE && !draft_below(random, 3))
			tier++;
		set->rules[i].tier = tier;
		set->rules[i].action = PODWALL_ACTION_ACCEPT;
		for (j = 0; j < draft_below(random, 4); j++)
			set->rules[i].peer_sets[j] = 1 + draft_below(random, SETS);
	}
}

static void append_cell(struct kunit *test, struct podwall_array *cells,
			u32 cell)
{
	u32 *element = podwall_array_append(cells, sizeof(*element));

	KUNIT_ASSERT_NOT_NULL(test, element);
	*element = cell;
}

/* One peer set, some identities: what the row changes must be told of. */
static void change(struct kunit *test, struct rnd_state *random,
		   struct peers *peers)
{
	u32 i, index = draft_below(random, SETS), number;
	struct draft_peer_set draft;
	struct podwall_peer_set **set = set_at(peers, index);

	random_peer_set(random, &draft, index + 1);
	podwall_peer_set_put(*set);
	*set = draft_make_peer_set(test, &draft);
	podwall_peer_set_freeze(*set);
	for (i = 0; i < 2; i++) {
		number = podwall_identities_take(peers->identities,
						 1 + draft_below(random, 40));
		KUNIT_ASSERT_NE(test, number, 0);
	}
	refresh(test, peers);
}

static void find_dirty(struct kunit *test, const struct podwall_row *old,
		       const struct podwall_row *built,
		       struct podwall_array *dirty)
{
	u32 i, from;

	dirty->count = 0;
	for (i = 0; i < built->identity_count + built->region_count; i++) {
		bool is_new = i < built->region_count ?
			i >= old->region_count :
			i - built->region_count >= old->identity_count;

		from = i < built->region_count ? i :
		       i - built->region_count + old->region_count;
		if (is_new || mask_of(old, from) != mask_of(built, i))
			append_cell(test, dirty, i);
	}
}

/* What is said of a region without addresses is nobody's business. */
static bool is_used(const struct peers *peers, u32 cell)
{
	return cell >= peers->regions->regions.count || !cell ||
	       podwall_regions_region(peers->regions, cell)->ranges;
}

static void update_equals_build(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	struct draft_peer_set drafts[SETS];
	struct podwall_array dirty = {};
	struct podwall_row *row, *built, *updated;
	struct draft_rule_set *draft;
	struct podwall_rule_set *set;
	u32 i, j, round;
	struct peers peers;

	draft = kunit_kzalloc(test, sizeof(*draft), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, draft);
	for (round = 0; round < 30; round++) {
		for (i = 0; i < SETS; i++)
			random_peer_set(&random, &drafts[i], i + 1);
		random_rules(&random, draft);
		set = draft_make_rule_set(test, draft);
		KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
		begin(test, &peers, drafts, SETS, 5);
		row = build(test, &peers, set);
		for (i = 0; i < 10; i++) {
			change(test, &random, &peers);
			built = build(test, &peers, set);
			find_dirty(test, row, built, &dirty);
			updated = podwall_row_update(row, &peers.membership,
						     &dirty);
			KUNIT_ASSERT_FALSE(test, IS_ERR(updated));
			KUNIT_ASSERT_EQ(test, built->identity_count,
					updated->identity_count);
			KUNIT_ASSERT_EQ(test, built->region_count,
					updated->region_count);
			for (j = 0; j < built->identity_count +
					built->region_count; j++)
				if (is_used(&peers, j))
					KUNIT_ASSERT_EQ_MSG(test,
							    mask_of(built, j),
							    mask_of(updated, j),
							    "round %u.%u, cell %u",
							    round, i, j);
			podwall_row_put(built);
			podwall_row_put(row);
			row = updated;
		}
		podwall_row_put(row);
		end(&peers);
		podwall_rule_set_put(set);
	}
	podwall_array_free(&dirty);
}

#define BITS 17

/* Rule i names peer set i + 1, which holds the identities with bit i. */
static struct podwall_rule_set *make_telling_rules(struct kunit *test)
{
	const struct podwall_rule template = {
		.tier = PODWALL_TIER_ADMIN,
		.action = PODWALL_ACTION_DENY,
		.any_port = true,
	};
	struct podwall_rule_set *set = podwall_rule_set_create(5, 1);
	struct podwall_rule *rule;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, set);
	for (i = 0; i < BITS; i++) {
		rule = podwall_rule_set_add_rule(set, &template, "bit");
		KUNIT_ASSERT_NOT_NULL(test, rule);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_peer_set(set, rule, i + 1));
	}
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	return set;
}

static void fill_telling_sets(struct kunit *test, struct peers *peers)
{
	struct draft_peer_set drafts[BITS] = {};
	u32 i, identity;

	for (i = 0; i < BITS; i++) {
		drafts[i].id = i + 1;
		drafts[i].name = "bit";
	}
	begin(test, peers, drafts, BITS, PODWALL_ROW_KINDS_MAX - 1);
	for (i = 0; i < BITS; i++)
		for (identity = 1; identity <= PODWALL_ROW_KINDS_MAX; identity++)
			if (identity >> i & 1)
				KUNIT_ASSERT_EQ(test, 0,
						podwall_peer_set_add_identity(*set_at(peers, i),
									      identity));
}

static void kinds_are_limited(struct kunit *test)
{
	struct podwall_rule_set *set = make_telling_rules(test);
	struct podwall_error error = {};
	struct podwall_array dirty = {};
	struct podwall_row *row, *more;
	struct peers peers;
	u32 number;

	fill_telling_sets(test, &peers);
	row = build(test, &peers, set);
	KUNIT_EXPECT_EQ(test, row->kind_count, PODWALL_ROW_KINDS_MAX);

	number = podwall_identities_take(peers.identities,
					 PODWALL_ROW_KINDS_MAX);
	KUNIT_ASSERT_EQ(test, number, PODWALL_ROW_KINDS_MAX);
	append_cell(test, &dirty, row->region_count + number);
	more = podwall_row_update(row, &peers.membership, &dirty);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(more), -ENOSPC);
	more = podwall_row_build(set, &peers.membership, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(more), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "rule set 5 tells more than 65536 kinds of peer apart");
	podwall_array_free(&dirty);
	podwall_row_put(row);
	end(&peers);
	podwall_rule_set_put(set);
}

static struct kunit_case row_cases[] = {
	KUNIT_CASE_PARAM(kinds_have_their_rules, kind_gen_params),
	KUNIT_CASE(members_are_listed),
	KUNIT_CASE(references_keep_it),
	KUNIT_CASE(update_equals_build),
	KUNIT_CASE(kinds_are_limited),
	{}
};

static struct kunit_suite row_suite = {
	.name = "podwall_row",
	.test_cases = row_cases,
};

kunit_test_suite(row_suite);
