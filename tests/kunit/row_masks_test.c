// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "array.h"
#include "chance.h"
#include "draft.h"
#include "peers.h"
#include "port_map.h"
#include "port_sets.h"
#include "row.h"
#include "row_masks.h"

#define SETS 6

static struct podwall_row *build(struct kunit *test, const struct peers *peers,
				 const struct podwall_rule_set *set,
				 const struct podwall_port_map *ports)
{
	struct podwall_row *row;

	row = podwall_row_masks_build(set, &peers->membership, ports);
	KUNIT_ASSERT_FALSE(test, IS_ERR(row));
	return row;
}

static struct podwall_row *update(struct kunit *test, const struct peers *peers,
				  struct podwall_row *old,
				  const struct podwall_port_map *ports,
				  const struct podwall_array *dirty)
{
	struct podwall_row *row;

	row = podwall_row_masks_update(old, &peers->membership, ports, false,
				       dirty);
	KUNIT_ASSERT_FALSE(test, IS_ERR(row));
	return row;
}

static struct podwall_port_map *build_ports(struct kunit *test,
					    struct podwall_rule_set *set)
{
	const struct podwall_array sets = { .elements = &set, .count = 1 };

	return port_sets_build(test, &sets);
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

/*
 * Bits 0 to 2 are rules of the admin tier, 3 is policy, 4 isolation, 5 is
 * baseline, and 6 what nothing decided.
 */
static const struct cell_case {
	const char *desc;
	u32 identity;
	const char *ip;
	u32 rules;
} cell_cases[] = {
	{ "nobody", 0, NULL, 0x00 },
	{ "one set of two rules", 1, NULL, 0x03 },
	{ "two sets of one rule", 2, NULL, 0x23 },
	{ "another set", 3, NULL, 0x22 },
	{ "no set", 4, NULL, 0x00 },
	{ "outside all blocks", 0, "192.0.2.1", 0x48 },
	{ "a block", 0, "10.2.0.0", 0x6a },
	{ "a block in a block", 0, "10.1.0.0", 0x6a },
	{ "an IPv6 block", 0, "fd00::1", 0x68 },
};

KUNIT_ARRAY_PARAM_DESC(cell, cell_cases, desc);

static void expect_cell(struct kunit *test, bool isolated)
{
	const struct cell_case *row = test->param_value;
	struct podwall_rule_set *set = draft_make_rule_set(test, &table_rules);
	struct podwall_port_map *ports = build_ports(test, set);
	struct podwall_row *built;
	struct peers peers;
	u32 cell;

	set->isolated = isolated;
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	peers_begin(test, &peers, table_sets, ARRAY_SIZE(table_sets), 4);
	built = build(test, &peers, set, ports);
	cell = row->ip ? built->regions[peers_region(&peers, row->ip)] :
			 built->identities[row->identity];
	KUNIT_EXPECT_EQ(test, cell, row->rules | (isolated && row->ip ? 0x10 : 0));
	KUNIT_EXPECT_EQ(test, built->cells->identity_count, 5);
	KUNIT_EXPECT_EQ(test, built->cells->region_count, 4);
	podwall_row_put(built);
	podwall_port_map_put(ports);
	peers_end(&peers);
	podwall_rule_set_put(set);
}

static void cells_are_the_rules(struct kunit *test)
{
	expect_cell(test, false);
}

static void cells_are_the_rules_and_isolation(struct kunit *test)
{
	expect_cell(test, true);
}

static const struct draft_rule_set port_rules = {
	.id = 8,
	.isolated = true,
	.rules = {
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_PASS,
		  .ports = { { IPPROTO_TCP, 80, 80 } } },
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY,
		  .ports = { { IPPROTO_TCP, 0, 100 } } },
		{ PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT,
		  .ports = { { IPPROTO_UDP, 53, 53 } } },
		{ PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT,
		  .peer_sets = { 1 } },
		{ PODWALL_TIER_BASELINE, PODWALL_ACTION_DENY,
		  .ports = { { IPPROTO_SCTP, 9, 9 },
			     { IPPROTO_SCTP, 65535, 65535 } } },
	},
};

/* Bits 0 and 1 are admin, 2 and 3 policy, 4 isolation, 5 baseline, 6 the end. */
static const struct word_case {
	const char *desc;
	u8 protocol;
	int port;
	u32 rules;
} word_cases[] = {
	{ "two rules", IPPROTO_TCP, 80, 0x5b },
	{ "one of them", IPPROTO_TCP, 79, 0x5a },
	{ "the first port", IPPROTO_TCP, 0, 0x5a },
	{ "the last one", IPPROTO_TCP, 100, 0x5a },
	{ "behind it", IPPROTO_TCP, 101, 0x58 },
	{ "another protocol", IPPROTO_UDP, 53, 0x5c },
	{ "no rule that names it", IPPROTO_UDP, 80, 0x58 },
	{ "port 65535", IPPROTO_SCTP, 65535, 0x78 },
	{ "between two", IPPROTO_SCTP, 10, 0x58 },
	{ "later fragments of what is denied", IPPROTO_TCP, -1, 0x5a },
	{ "later fragments of what is accepted", IPPROTO_UDP, -1, 0x58 },
	{ "later fragments of what baseline denies", IPPROTO_SCTP, -1, 0x78 },
	{ "another protocol without ports", IPPROTO_ICMP, 0, 0x58 },
};

KUNIT_ARRAY_PARAM_DESC(word, word_cases, desc);

static void expect_word(struct kunit *test, const struct podwall_row *built,
			const struct podwall_port_map *ports)
{
	const struct word_case *row = test->param_value;
	u32 key = podwall_port_key(row->protocol, max(row->port, 0),
				   row->port >= 0);

	KUNIT_EXPECT_EQ(test, built->port_count, ports->count);
	KUNIT_EXPECT_EQ(test, built->ports[podwall_port_map_find(ports, key)],
			row->rules);
	KUNIT_EXPECT_EQ(test, built->passes, 0x01);
	KUNIT_EXPECT_EQ(test, built->denies, 0x32);
	KUNIT_EXPECT_EQ(test, built->stops, 0x33);
	KUNIT_EXPECT_EQ(test, built->tiers[PODWALL_TIER_ADMIN], 0x03);
	KUNIT_EXPECT_EQ(test, built->tiers[PODWALL_TIER_POLICY], 0x1c);
	KUNIT_EXPECT_EQ(test, built->tiers[PODWALL_TIER_BASELINE], 0x20);
}

/* Whatever else the map tells apart. */
static void ports_are_the_rules(struct kunit *test)
{
	static const struct podwall_port_range others[] = {
		{ IPPROTO_TCP, 70, 90 }, { IPPROTO_UDP, 0, 65535 },
		{ IPPROTO_SCTP, 1, 1 }, { IPPROTO_TCP, 80, 8080 },
	};
	struct podwall_rule_set *set = draft_make_rule_set(test, &port_rules);
	struct podwall_port_map *ports = build_ports(test, set), *more;
	static const struct podwall_array none;
	struct podwall_row *built, *updated;
	struct podwall_array sets = {};
	struct peers peers;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	peers_begin(test, &peers, table_sets, ARRAY_SIZE(table_sets), 4);
	port_sets_add(test, &sets, others, ARRAY_SIZE(others));
	port_sets_append(test, &sets, podwall_rule_set_get(set));
	more = port_sets_build(test, &sets);
	KUNIT_EXPECT_GT(test, more->count, ports->count);

	built = build(test, &peers, set, ports);
	expect_word(test, built, ports);
	updated = update(test, &peers, built, more, &none);
	expect_word(test, updated, more);
	KUNIT_EXPECT_PTR_EQ(test, updated->cells, built->cells);
	podwall_row_put(built);
	expect_word(test, updated, more);
	KUNIT_EXPECT_EQ(test, refcount_read(&updated->cells->references), 1);
	podwall_row_put(updated);

	port_sets_free(&sets);
	podwall_port_map_put(ports);
	podwall_port_map_put(more);
	peers_end(&peers);
	podwall_rule_set_put(set);
}

static void append_cell(struct kunit *test, struct podwall_array *cells,
			u32 cell)
{
	u32 *element = podwall_array_append(cells, sizeof(*element));

	KUNIT_ASSERT_NOT_NULL(test, element);
	*element = cell;
}

/* One peer set, some identities: what the row must be told of. */
static void change(struct kunit *test, struct rnd_state *random,
		   struct peers *peers)
{
	struct draft_peer_set draft;
	u32 i;

	chance_peer_set(random, &draft, 1 + draft_below(random, SETS));
	peers_replace(test, peers, &draft);
	for (i = 0; i < 2; i++)
		peers_take(test, peers,
			   1 + draft_below(random, CHANCE_IDENTITIES));
	peers_refresh(test, peers);
}

/* What differs, what is new, and now and then what is neither. */
static void find_dirty(struct kunit *test, struct rnd_state *random,
		       const struct peers *peers, const struct podwall_row *old,
		       const struct podwall_row *built,
		       struct podwall_array *dirty)
{
	u32 i, regions = peers->regions->regions.count;
	const struct podwall_cells *from = old->cells;

	dirty->count = 0;
	for (i = 0; i < regions; i++)
		if (i >= from->region_count ||
		    old->regions[i] != built->regions[i] ||
		    !draft_below(random, 9))
			append_cell(test, dirty, i);
	for (i = 0; i < peers->identities->count; i++)
		if (i >= from->identity_count ||
		    old->identities[i] != built->identities[i] ||
		    !draft_below(random, 9))
			append_cell(test, dirty, regions + i);
}

/* What is said of a region without addresses is nobody's business. */
static void expect_equal(struct kunit *test, const struct peers *peers,
			 const struct podwall_row *a, const struct podwall_row *b)
{
	u32 i, regions = peers->regions->regions.count;

	KUNIT_ASSERT_TRUE(test, podwall_cells_fit(a->cells, regions,
						  peers->identities->count));
	KUNIT_ASSERT_TRUE(test, podwall_cells_fit(b->cells, regions,
						  peers->identities->count));
	for (i = 0; i < regions; i++)
		if (!i || podwall_regions_region(peers->regions, i)->ranges)
			KUNIT_ASSERT_EQ_MSG(test, a->regions[i], b->regions[i],
					    "region %u", i);
	for (i = 0; i < peers->identities->count; i++)
		KUNIT_ASSERT_EQ_MSG(test, a->identities[i], b->identities[i],
				    "identity %u", i);
	KUNIT_ASSERT_EQ(test, a->port_count, b->port_count);
	KUNIT_ASSERT_EQ(test, 0,
			memcmp(a->ports, b->ports, a->port_count * sizeof(u32)));
	KUNIT_ASSERT_EQ(test, a->passes, b->passes);
	KUNIT_ASSERT_EQ(test, a->denies, b->denies);
	KUNIT_ASSERT_EQ(test, a->stops, b->stops);
	KUNIT_ASSERT_EQ(test, 0, memcmp(a->tiers, b->tiers, sizeof(a->tiers)));
}

static void update_equals_build(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	struct podwall_row *row, *built, *updated;
	struct draft_peer_set drafts[SETS];
	struct podwall_array dirty = {};
	struct podwall_port_map *ports;
	struct podwall_rule_set *set;
	struct peers peers;
	u32 i, round;

	for (round = 0; round < 30; round++) {
		for (i = 0; i < SETS; i++)
			chance_peer_set(&random, &drafts[i], i + 1);
		set = chance_rule_set(test, &random, 1, draft_below(&random, 31),
				      SETS);
		KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
		ports = build_ports(test, set);
		peers_begin(test, &peers, drafts, SETS, 5);
		row = build(test, &peers, set, ports);
		for (i = 0; i < 10; i++) {
			change(test, &random, &peers);
			built = build(test, &peers, set, ports);
			find_dirty(test, &random, &peers, row, built,
				   &dirty);
			updated = update(test, &peers, row, ports, &dirty);
			expect_equal(test, &peers, built, updated);
			podwall_row_put(built);
			podwall_row_put(row);
			row = updated;
		}
		podwall_row_put(row);
		peers_end(&peers);
		podwall_port_map_put(ports);
		podwall_rule_set_put(set);
	}
	podwall_array_free(&dirty);
}

static struct kunit_case row_masks_cases[] = {
	KUNIT_CASE_PARAM(cells_are_the_rules, cell_gen_params),
	KUNIT_CASE_PARAM(cells_are_the_rules_and_isolation, cell_gen_params),
	KUNIT_CASE_PARAM(ports_are_the_rules, word_gen_params),
	KUNIT_CASE(update_equals_build),
	{}
};

static struct kunit_suite row_masks_suite = {
	.name = "podwall_row_masks",
	.test_cases = row_masks_cases,
};

kunit_test_suite(row_masks_suite);
