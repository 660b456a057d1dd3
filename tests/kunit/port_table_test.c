// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "port_case.h"
#include "port_table.h"

static const void *next_case(const void *row, char *desc)
{
	const struct port_case *next = port_case_next(row);

	if (next)
		strscpy(desc, next->desc, KUNIT_PARAM_DESC_SIZE);
	return next;
}

static struct podwall_port_table *build(struct kunit *test,
					const struct podwall_rule_set *set)
{
	struct podwall_port_table *table;

	KUNIT_ASSERT_EQ(test, 0, podwall_port_table_build(set, &table));
	return table;
}

static u64 mask_of(const struct podwall_rule_set *set,
		   const struct podwall_port_table *table, u32 bits)
{
	u64 mask = table->any_peer;
	u32 i;

	for (i = 0; i < set->rules.count && i < 32; i++)
		if (bits & 1U << i)
			mask |= 1ULL << podwall_port_table_bit(set, i);
	return mask;
}

static void lowest_bit_decides(struct kunit *test)
{
	const struct port_case *row = test->param_value;
	struct podwall_rule_set *set = draft_make_rule_set(test, &row->set);
	struct podwall_port_table *table = build(test, set);
	const struct port_question *question;
	u32 result;

	KUNIT_ASSERT_NOT_NULL(test, table);
	for (question = row->questions; question->protocol; question++) {
		result = podwall_port_table_find(table,
						 mask_of(set, table, question->peer |
							 question->block),
						 podwall_port_key(question->protocol,
								  max(question->port, 0)),
						 question->port >= 0,
						 question->skip_policy_tier);
		KUNIT_EXPECT_EQ_MSG(test, result,
				    port_case_result(set, question->expected),
				    "question %td",
				    question - row->questions);
	}
	podwall_port_table_free(table);
	podwall_rule_set_put(set);
}

static const struct length_case {
	const char *desc;
	u32 rules;
	bool isolated;
	bool fits;
} length_cases[] = {
	{ "none", 0, false, true },
	{ "one", 1, true, true },
	{ "61, isolated", 61, true, true },
	{ "62", 62, false, true },
	{ "62, isolated", 62, true, true },
	{ "63", 63, false, false },
	{ "63, isolated", 63, true, false },
	{ "500", 500, true, false },
};

KUNIT_ARRAY_PARAM_DESC(length, length_cases, desc);

/* Far enough apart not to crowd. */
#define STEP 100

static u32 find_tcp(const struct podwall_port_table *table, u16 port,
		    bool skip_policy_tier)
{
	return podwall_port_table_find(table, table->any_peer,
				       podwall_port_key(IPPROTO_TCP, port),
				       true, skip_policy_tier);
}

static void expect_long(struct kunit *test,
			const struct podwall_port_table *table,
			const struct podwall_rule_set *set)
{
	u32 i, result, count = set->rules.count;

	for (i = 0; i < count; i++) {
		result = i | (i % 4 ? 0 : PODWALL_RESULT_DENY);
		KUNIT_EXPECT_EQ(test, find_tcp(table, STEP * i, true), result);
		if (set->isolated && i >= count / 3 * 2)
			result = port_case_result(set, ISOLATED);
		KUNIT_EXPECT_EQ(test, find_tcp(table, STEP * i, false), result);
		KUNIT_EXPECT_EQ(test, find_tcp(table, STEP * i + 1, true),
				count + 1);
	}
	KUNIT_EXPECT_EQ(test, find_tcp(table, 65535, false),
			port_case_result(set, set->isolated ? ISOLATED : DEFAULT));
}

static void length_is_limited(struct kunit *test)
{
	const struct length_case *row = test->param_value;
	struct podwall_rule_set *set = port_case_make_long(test, row->rules,
							   STEP);
	struct podwall_port_table *table;

	set->isolated = row->isolated;
	table = build(test, set);
	KUNIT_EXPECT_EQ(test, !!table, row->fits);
	if (table) {
		expect_long(test, table, set);
		KUNIT_EXPECT_EQ(test, podwall_port_table_size(table),
				sizeof(*table) + table->count *
				(sizeof(u64) + sizeof(u16)));
	}
	podwall_port_table_free(table);
	podwall_rule_set_put(set);
}

/* Rules of the tiers stand apart by the bit of isolation. */
static void bits_leave_room_for_isolation(struct kunit *test)
{
	static const struct draft_rule_set draft = {
		.rules = { { PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY },
			   { PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT },
			   { PODWALL_TIER_BASELINE, PODWALL_ACTION_DENY },
			   { PODWALL_TIER_BASELINE, PODWALL_ACTION_ACCEPT } },
	};
	struct podwall_rule_set *set = draft_make_rule_set(test, &draft);
	struct podwall_port_table *table = build(test, set);

	KUNIT_ASSERT_NOT_NULL(test, table);
	KUNIT_EXPECT_EQ(test, podwall_port_table_bit(set, 0), 0);
	KUNIT_EXPECT_EQ(test, podwall_port_table_bit(set, 1), 1);
	KUNIT_EXPECT_EQ(test, podwall_port_table_bit(set, 2), 3);
	KUNIT_EXPECT_EQ(test, podwall_port_table_bit(set, 3), 4);
	KUNIT_EXPECT_EQ(test, table->tiers[PODWALL_TIER_ADMIN], 0x01);
	KUNIT_EXPECT_EQ(test, table->tiers[PODWALL_TIER_POLICY], 0x06);
	KUNIT_EXPECT_EQ(test, table->tiers[PODWALL_TIER_BASELINE], 0x18);
	podwall_port_table_free(table);
	podwall_rule_set_put(set);
}

static const struct interval_case {
	const char *desc;
	struct podwall_port_range ports[4];
	u16 lasts[8];
	u32 count;
} interval_cases[] = {
	{ "none", { }, { 65535, 65535, 65535 }, 3 },
	{ "one port", { { IPPROTO_TCP, 80, 80 } },
	  { 79, 80, 65535, 65535, 65535 }, 5 },
	{ "from 0", { { IPPROTO_UDP, 0, 7 } },
	  { 65535, 7, 65535, 65535 }, 4 },
	{ "to 65535", { { IPPROTO_SCTP, 9, 65535 } },
	  { 65535, 65535, 8, 65535 }, 4 },
	{ "all", { { IPPROTO_TCP, 0, 65535 } },
	  { 65535, 65535, 65535 }, 3 },
	{ "neighbours",
	  { { IPPROTO_TCP, 10, 19 }, { IPPROTO_TCP, 20, 29 } },
	  { 9, 19, 29, 65535, 65535, 65535 }, 6 },
	{ "the same twice",
	  { { IPPROTO_TCP, 10, 19 }, { IPPROTO_TCP, 10, 19 } },
	  { 9, 19, 65535, 65535, 65535 }, 5 },
};

KUNIT_ARRAY_PARAM_DESC(interval, interval_cases, desc);

static void ranges_cut_intervals(struct kunit *test)
{
	const struct interval_case *row = test->param_value;
	struct draft_rule_set draft = {
		.rules = { { PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY } },
	};
	struct podwall_port_table *table;
	struct podwall_rule_set *set;
	u32 i;

	memcpy(draft.rules[0].ports, row->ports, sizeof(row->ports));
	set = draft_make_rule_set(test, &draft);
	table = build(test, set);
	KUNIT_ASSERT_NOT_NULL(test, table);
	KUNIT_ASSERT_EQ(test, table->count, row->count);
	for (i = 0; i < row->count; i++)
		KUNIT_EXPECT_EQ(test, table->lasts[i], row->lasts[i]);
	podwall_port_table_free(table);
	podwall_rule_set_put(set);
}

/* Ports of one rule, and whether they are too crowded to look through. */
static const struct crowd_case {
	const char *desc;
	u32 first;
	u32 count;
	u32 step;
	bool fits;
} crowd_cases[] = {
	{ "one port", 80, 1, 1, true },
	{ "ports 0 and 65535", 0, 2, 65535, true },
	{ "every 16th of all", 0, 4096, 16, true },
	{ "every 16th of all but the first", 15, 4096, 16, true },
	{ "every 14th of all", 0, 4681, 14, false },
	{ "each port by itself", 0, 65536, 1, false },
	{ "seven of every other", 1000, 7, 2, true },
	{ "ten of every other", 1000, 10, 2, false },
	{ "the first ten of every other", 0, 10, 2, false },
	{ "the last ten of every other", 65517, 10, 2, false },
	{ "every other of all", 0, 32768, 2, false },
};

KUNIT_ARRAY_PARAM_DESC(crowd, crowd_cases, desc);

static struct podwall_rule_set *make_crowd(struct kunit *test,
					   const struct crowd_case *row)
{
	const struct podwall_rule template = {
		.tier = PODWALL_TIER_ADMIN,
		.action = PODWALL_ACTION_DENY,
		.any_peer = true,
	};
	struct podwall_rule_set *set = podwall_rule_set_create(1, 1);
	struct podwall_port_range range = { .protocol = IPPROTO_UDP };
	struct podwall_rule *rule;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, set);
	rule = podwall_rule_set_add_rule(set, &template, "crowd");
	KUNIT_ASSERT_NOT_NULL(test, rule);
	for (i = 0; i < row->count; i++) {
		range.first = row->first + i * row->step;
		range.last = range.first;
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_port_range(set, rule,
								&range));
	}
	return set;
}

static u32 find_crowd(const struct podwall_port_table *table, u8 protocol,
		      u16 port)
{
	return podwall_port_table_find(table, table->any_peer,
				       podwall_port_key(protocol, port), true,
				       false);
}

static void ports_may_not_crowd(struct kunit *test)
{
	const struct crowd_case *row = test->param_value;
	struct podwall_rule_set *set = make_crowd(test, row);
	struct podwall_port_table *table = build(test, set);
	u32 i, other = port_case_result(set, DEFAULT), wrong = 0;
	bool denied;

	KUNIT_EXPECT_EQ(test, !!table, row->fits);
	for (i = 0; table && i < 65536; i++) {
		denied = i >= row->first && (i - row->first) % row->step == 0 &&
			 (i - row->first) / row->step < row->count;
		wrong += find_crowd(table, IPPROTO_UDP, i) !=
			 (denied ? PODWALL_RESULT_DENY : other);
		wrong += find_crowd(table, IPPROTO_TCP, i) != other;
		wrong += find_crowd(table, IPPROTO_SCTP, i) != other;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	podwall_port_table_free(table);
	podwall_rule_set_put(set);
}

static struct kunit_case port_table_cases[] = {
	KUNIT_CASE_PARAM(lowest_bit_decides, next_case),
	KUNIT_CASE_PARAM(length_is_limited, length_gen_params),
	KUNIT_CASE(bits_leave_room_for_isolation),
	KUNIT_CASE_PARAM(ranges_cut_intervals, interval_gen_params),
	KUNIT_CASE_PARAM(ports_may_not_crowd, crowd_gen_params),
	{}
};

static struct kunit_suite port_table_suite = {
	.name = "podwall_port_table",
	.test_cases = port_table_cases,
};

kunit_test_suite(port_table_suite);
