// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/minmax.h>
#include <linux/podwall.h>
#include <linux/sizes.h>

#include "draft.h"
#include "error.h"
#include "peer_set.h"
#include "peers.h"
#include "port_case.h"
#include "program.h"
#include "row.h"
#include "row_programs.h"

static const struct draft_peer_set table_sets[] = {
	{ 1, "one", { 1, 2 } },
	{ 2, "two", { 2, 3 }, { { "10.0.0.0/8" } } },
	{ 3, "three", .blocks = { { "10.1.0.0/16" }, { "fd00::/8" } } },
	{ 4, "four", { 4 } },
};

/* So that whoever matches other rules gets other answers. */
static const struct draft_rule_set table_rules = {
	.id = 7,
	.rules = {
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY, .peer_sets = { 1 },
		  .ports = { { IPPROTO_TCP, 1, 1 } } },
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY, .peer_sets = { 2, 2 },
		  .ports = { { IPPROTO_TCP, 2, 2 } } },
		{ PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT,
		  .ports = { { IPPROTO_TCP, 3, 3 } } },
		{ PODWALL_TIER_BASELINE, PODWALL_ACTION_DENY,
		  .peer_sets = { 3, 1, 2 }, .ports = { { IPPROTO_TCP, 4, 4 } } },
	},
};

/* Which of the rules match, as bits. */
static const struct cell_case {
	u32 identity;
	const char *ip;
	u32 rules;
} cells[] = {
	{ 0, NULL, 0x4 }, { 1, NULL, 0xd }, { 2, NULL, 0xf }, { 3, NULL, 0xe },
	{ 4, NULL, 0x4 }, { 5, NULL, 0x4 }, { 0, "192.0.2.1", 0x4 },
	{ 0, "10.2.0.0", 0xe }, { 0, "10.1.0.0", 0xe }, { 0, "fd00::1", 0xc },
};

static u32 cell_of(const struct podwall_row *row, const struct peers *peers,
		   const struct cell_case *cell)
{
	return cell->ip ? row->regions[peers_region(peers, cell->ip)] :
			  row->identities[cell->identity];
}

static u32 first_of(const struct podwall_firsts *firsts)
{
	return min3(firsts->rules[0], firsts->rules[1], firsts->rules[2]);
}

/* Rule i alone speaks of TCP port i + 1. */
static void programs_have_their_rules(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &table_rules);
	const struct podwall_program *program;
	struct podwall_row *row;
	struct peers peers;
	u32 i, j, first;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	peers_begin(test, &peers, table_sets, ARRAY_SIZE(table_sets), 5);
	row = peers_build_programs(test, &peers, set);
	KUNIT_EXPECT_EQ(test, row->port_count, 0);
	for (i = 0; i < ARRAY_SIZE(cells); i++) {
		program = (const void *)(row->code +
					 cell_of(row, &peers, &cells[i]));
		/* Rule 2 alone matches every peer. */
		KUNIT_EXPECT_EQ_MSG(test,
				    cell_of(row, &peers, &cells[i]) == row->base,
				    cells[i].rules == BIT(2), "cell %u", i);
		for (j = 0; j < set->rules.count; j++) {
			first = first_of(podwall_program_find(program,
							      podwall_port_key(IPPROTO_TCP,
									       j + 1,
									       true)));
			KUNIT_EXPECT_EQ_MSG(test, first,
					    cells[i].rules & BIT(j) ?
					    j : PODWALL_NO_RULE,
					    "cell %u, rule %u", i, j);
		}
		for (j = 0; j < ARRAY_SIZE(cells); j++)
			KUNIT_EXPECT_EQ_MSG(test,
					    cell_of(row, &peers, &cells[i]) ==
					    cell_of(row, &peers, &cells[j]),
					    cells[i].rules == cells[j].rules,
					    "cells %u and %u", i, j);
	}
	podwall_row_put(row);
	peers_end(&peers);
	podwall_rule_set_put(set);
}

#define BITS 10

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
	return set;
}

static void begin_telling(struct kunit *test, struct peers *peers)
{
	struct podwall_peer_set *set;
	u32 i, identity;

	peers_begin(test, peers, NULL, 0, BIT(BITS) - 1);
	for (i = 0; i < BITS; i++) {
		set = podwall_peer_set_create(i + 1, "bit");
		KUNIT_ASSERT_NOT_NULL(test, set);
		for (identity = 1; identity < BIT(BITS); identity++)
			if (identity & BIT(i))
				KUNIT_ASSERT_EQ(test, 0,
						podwall_peer_set_add_identity(set,
									      identity));
		peers_add_set(test, &peers->sets, set);
	}
	peers_refresh(test, peers);
}

static void expect_refusal(struct kunit *test, const struct peers *peers,
			   const struct podwall_rule_set *set, u64 memory)
{
	struct podwall_error error = {};
	char text[sizeof(error.text)];
	struct podwall_row *row;

	row = podwall_row_programs_build(set, &peers->membership, memory,
					 &error);
	KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(row), -ENOSPC, "%llu bytes",
			    memory);
	snprintf(text, sizeof(text),
		 "rule set %u tells so many kinds of peer apart that it takes more than %llu bytes of memory, the limit (settings, limits, memory)",
		 set->id, memory);
	KUNIT_EXPECT_STREQ(test, error.text, text);
	if (!IS_ERR(row))
		podwall_row_put(row);
}

static bool fits(struct kunit *test, const struct peers *peers,
		 const struct podwall_rule_set *set, u64 memory)
{
	struct podwall_error error = {};
	struct podwall_row *row;

	row = podwall_row_programs_build(set, &peers->membership, memory,
					 &error);
	if (!IS_ERR(row))
		podwall_row_put(row);
	return !IS_ERR(row);
}

/* Each identity is a state, and few of them differ in what they say. */
static void states_are_limited(struct kunit *test)
{
	struct podwall_rule_set *set = make_telling_rules(test);
	u64 too_few = 0, enough = SZ_16M, middle;
	struct peers peers;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	begin_telling(test, &peers);
	expect_refusal(test, &peers, set, too_few);
	KUNIT_ASSERT_TRUE(test, fits(test, &peers, set, enough));
	while (enough - too_few > 1) {
		middle = (enough + too_few) / 2;
		if (fits(test, &peers, set, middle))
			enough = middle;
		else
			too_few = middle;
	}
	expect_refusal(test, &peers, set, too_few);
	/* A few words for each state, and no more than twice as many states. */
	KUNIT_EXPECT_GE(test, enough, BIT(BITS) * 3 * sizeof(u32));
	KUNIT_EXPECT_LE(test, enough, BIT(BITS) * 2 * 8 * sizeof(u32));
	peers_end(&peers);
	podwall_rule_set_put(set);
}

/* One state, whose program is long. */
static void programs_are_limited(struct kunit *test)
{
	struct podwall_rule_set *set = port_case_make_long(test, 500, 10);
	struct podwall_row *row;
	struct peers peers;
	u64 size;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	peers_begin(test, &peers, NULL, 0, 5);
	row = peers_build_programs(test, &peers, set);
	size = row->code_count * sizeof(u32);
	KUNIT_EXPECT_GE(test, size, 1000 * sizeof(struct podwall_interval));
	podwall_row_put(row);
	KUNIT_EXPECT_TRUE(test, fits(test, &peers, set, size));
	expect_refusal(test, &peers, set, size - 1);
	expect_refusal(test, &peers, set, 100);
	peers_end(&peers);
	podwall_rule_set_put(set);
}

#define LONG_RULES (2 * PODWALL_COUNTERS_CHUNK)
#define LONG_STEP 10

/* Each is accepted or denied for itself, also behind the first chunk of counts. */
static void long_rule_sets_count_for_their_rules(struct kunit *test)
{
	struct podwall_rule_set *set = port_case_make_long(test, LONG_RULES,
							   LONG_STEP);
	struct podwall_count __percpu *expected;
	struct podwall_count __percpu *count;
	const u8 protocol = IPPROTO_TCP;
	const struct podwall_rule *rule;
	struct podwall_row *row;
	struct peers peers;
	__be16 port;
	bool accepts;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	peers_begin(test, &peers, NULL, 0, 5);
	row = peers_build_programs(test, &peers, set);
	for (i = 0; i < LONG_RULES; i++) {
		rule = podwall_rule_set_rule(set, i);
		expected = podwall_counters_at(set->counters,
					       podwall_rule_set_rule_count(set, i));
		port = htons(i * LONG_STEP);
		accepts = podwall_row_accepts(row, 0, 0, &protocol, &port, 0,
					      &count);
		KUNIT_ASSERT_EQ_MSG(test, accepts,
				    rule->action == PODWALL_ACTION_ACCEPT,
				    "rule %u", i);
		if (accepts)
			KUNIT_ASSERT_TRUE_MSG(test, count == expected,
					      "rule %u", i);
	}
	podwall_row_put(row);
	peers_end(&peers);
	podwall_rule_set_put(set);
}

static struct kunit_case row_programs_cases[] = {
	KUNIT_CASE(programs_have_their_rules),
	KUNIT_CASE(states_are_limited),
	KUNIT_CASE(programs_are_limited),
	KUNIT_CASE(long_rule_sets_count_for_their_rules),
	{}
};

static struct kunit_suite row_programs_suite = {
	.name = "podwall_row_programs",
	.test_cases = row_programs_cases,
};

kunit_test_suite(row_programs_suite);
