// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "port_case.h"
#include "program_build.h"

static const void *next_case(const void *row, char *desc)
{
	const struct port_case *next = port_case_next(row);

	if (next)
		strscpy(desc, next->desc, KUNIT_PARAM_DESC_SIZE);
	return next;
}

static void begin(struct kunit *test, struct podwall_programs *programs,
		  const struct podwall_rule_set *set)
{
	KUNIT_ASSERT_EQ(test, 0, podwall_programs_begin(programs, set));
}

static u32 add(struct kunit *test, struct podwall_programs *programs,
	       const u32 *rules, u32 count)
{
	u32 start = U32_MAX;

	KUNIT_ASSERT_EQ(test, 0,
			podwall_programs_add(programs, rules, count, &start));
	KUNIT_ASSERT_LT(test, start, programs->code.count);
	return start;
}

static u32 add_bits(struct kunit *test, struct podwall_programs *programs,
		    u32 bits)
{
	u32 rules[32];

	return add(test, programs, rules,
		   port_case_rules(programs->set, bits, rules));
}

static const struct podwall_firsts *
find(const struct podwall_programs *programs, u32 start, u8 protocol, int port)
{
	const u32 *code = programs->code.elements;

	return podwall_program_find((const void *)(code + start),
				    podwall_port_key(protocol, max(port, 0),
						     port >= 0));
}

static u32 ask(const struct podwall_programs *programs, u32 peer, u32 block,
	       const struct port_question *question)
{
	return podwall_program_decide(programs->set,
				      find(programs, peer, question->protocol,
					   question->port),
				      find(programs, block, question->protocol,
					   question->port),
				      question->skip_policy_tier);
}

static void first_rule_decides(struct kunit *test)
{
	const struct port_case *row = test->param_value;
	struct podwall_rule_set *set = draft_make_rule_set(test, &row->set);
	const struct port_question *question;
	struct podwall_programs programs;
	u32 i, peers[16], blocks[16];

	begin(test, &programs, set);
	question = row->questions;
	for (i = 0; question[i].protocol; i++) {
		peers[i] = add_bits(test, &programs, question[i].peer);
		blocks[i] = add_bits(test, &programs, question[i].block);
	}
	/* Only now: what is written must stay as it is. */
	for (i = 0; question[i].protocol; i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    ask(&programs, peers[i], blocks[i],
					&question[i]),
				    port_case_result(set, question[i].expected),
				    "question %u", i);
	podwall_programs_free(&programs);
	podwall_rule_set_put(set);
}

static const struct length_case {
	const char *desc;
	u32 rules;
	bool isolated;
} length_cases[] = {
	{ "none", 0, true },
	{ "one", 1, false },
	{ "30", 30, true },
	{ "31", 31, false },
	{ "31, isolated", 31, true },
	{ "500", 500, false },
	{ "500, isolated", 500, true },
	{ "6000", 6000, true },
};

KUNIT_ARRAY_PARAM_DESC(length, length_cases, desc);

static void expect_long(struct kunit *test,
			const struct podwall_programs *programs, u32 start,
			bool isolated)
{
	u32 i, result, count = programs->set->rules.count, wrong = 0;
	struct port_question question = { .protocol = IPPROTO_TCP };

	for (i = 0; i < count; i++) {
		question.port = 10 * i;
		question.skip_policy_tier = true;
		result = podwall_rule_set_rule_count(programs->set, i) |
			 (i % 4 ? 0 : PODWALL_RESULT_DENY);
		wrong += ask(programs, start, start, &question) != result;
		question.skip_policy_tier = false;
		if (isolated && i >= count / 3 * 2)
			result = port_case_result(programs->set, ISOLATED);
		wrong += ask(programs, start, start, &question) != result;
		question.port++;
		result = port_case_result(programs->set,
					  isolated ? ISOLATED : DEFAULT);
		wrong += ask(programs, start, start, &question) != result;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void length_is_not_limited(struct kunit *test)
{
	const struct length_case *row = test->param_value;
	struct podwall_rule_set *set = port_case_make_long(test, row->rules, 10);
	struct podwall_programs programs;
	u32 i, *rules;

	rules = kunit_kcalloc(test, row->rules + 1, sizeof(*rules), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, rules);
	for (i = 0; i < row->rules; i++)
		rules[i] = i;
	set->isolated = row->isolated;
	begin(test, &programs, set);
	expect_long(test, &programs, add(test, &programs, rules, row->rules),
		    row->isolated);
	podwall_programs_free(&programs);
	podwall_rule_set_put(set);
}

static const struct draft_rule_set four_rules = {
	.rules = {
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY, .peer_sets = { 1 },
		  .ports = { { IPPROTO_TCP, 22, 22 } } },
		{ PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT,
		  .peer_sets = { 1 }, .ports = { { IPPROTO_TCP, 20, 80 } } },
		{ PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT,
		  .peer_sets = { 1 }, .ports = { { IPPROTO_TCP, 30, 40 } } },
		{ PODWALL_TIER_BASELINE, PODWALL_ACTION_DENY,
		  .peer_sets = { 1 }, .ports = { { IPPROTO_SCTP, 9, 65535 } } },
	},
};

/* Peers that differ in what makes no difference share a program. */
static void programs_are_shared(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &four_rules);
	struct podwall_programs programs;
	u32 bits, starts[16], length;

	begin(test, &programs, set);
	for (bits = 0; bits < 16; bits++)
		starts[bits] = add_bits(test, &programs, bits);
	length = programs.code.count;
	for (bits = 0; bits < 16; bits++)
		KUNIT_EXPECT_EQ(test, add_bits(test, &programs, bits),
				starts[bits]);
	KUNIT_EXPECT_EQ(test, programs.code.count, length);
	/* Rule 2 has nothing to say where rule 1 speaks. */
	for (bits = 0; bits < 16; bits++)
		KUNIT_EXPECT_EQ(test, starts[bits] == starts[bits & ~4],
				!(bits & 4) || bits & 2);
	podwall_programs_free(&programs);
	podwall_rule_set_put(set);
}

/* Each program as if it were alone, to its last interval. */
static void programs_stay_apart(struct kunit *test)
{
	static const int ports[] = { -1, 0, 8, 9, 19, 20, 22, 30, 80, 81, 65535 };
	static const u8 protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP,
					IPPROTO_ICMP };
	struct podwall_rule_set *set = draft_make_rule_set(test, &four_rules);
	struct podwall_programs all, alone;
	u32 bits, i, j, starts[16], start;

	begin(test, &all, set);
	for (bits = 0; bits < 16; bits++)
		starts[bits] = add_bits(test, &all, bits);
	for (bits = 0; bits < 16; bits++) {
		begin(test, &alone, set);
		start = add_bits(test, &alone, bits);
		for (i = 0; i < ARRAY_SIZE(ports); i++)
			for (j = 0; j < ARRAY_SIZE(protocols); j++)
				KUNIT_ASSERT_EQ(test, 0,
						memcmp(find(&all, starts[bits],
							    protocols[j],
							    ports[i]),
						       find(&alone, start,
							    protocols[j],
							    ports[i]),
						       sizeof(struct podwall_firsts)));
		podwall_programs_free(&alone);
	}
	podwall_programs_free(&all);
	podwall_rule_set_put(set);
}

static const struct firsts_case {
	const char *desc;
	u32 bits;
	u8 protocol;
	int port;
	u32 firsts[3];
} firsts_cases[] = {
	{ "nothing", 0, IPPROTO_TCP, 22, { -1, -1, -1 } },
	{ "two tiers", 0xf, IPPROTO_TCP, 22, { 0, 1, -1 } },
	{ "the first of two", 0xf, IPPROTO_TCP, 35, { -1, 1, -1 } },
	{ "the second alone", 0x4, IPPROTO_TCP, 35, { -1, 2, -1 } },
	{ "the last interval", 0xf, IPPROTO_SCTP, 65535, { -1, -1, 3 } },
	{ "a later fragment of what is denied", 0xf, IPPROTO_TCP, -1,
	  { 0, -1, -1 } },
	{ "a later fragment in another tier", 0xf, IPPROTO_SCTP, -1,
	  { -1, -1, 3 } },
	{ "a later fragment of what is not named", 0xf, IPPROTO_UDP, -1,
	  { -1, -1, -1 } },
	{ "another protocol", 0xf, IPPROTO_ICMP, 0, { -1, -1, -1 } },
};

KUNIT_ARRAY_PARAM_DESC(firsts, firsts_cases, desc);

static void each_tier_has_its_first(struct kunit *test)
{
	const struct firsts_case *row = test->param_value;
	struct podwall_rule_set *set = draft_make_rule_set(test, &four_rules);
	const struct podwall_firsts *firsts;
	struct podwall_programs programs;
	u32 start, tier;

	begin(test, &programs, set);
	start = add_bits(test, &programs, row->bits);
	firsts = find(&programs, start, row->protocol, row->port);
	for (tier = 0; tier < ARRAY_SIZE(row->firsts); tier++)
		KUNIT_EXPECT_EQ(test, firsts->rules[tier], row->firsts[tier]);
	podwall_programs_free(&programs);
	podwall_rule_set_put(set);
}

static struct kunit_case program_cases[] = {
	KUNIT_CASE_PARAM(first_rule_decides, next_case),
	KUNIT_CASE_PARAM(length_is_not_limited, length_gen_params),
	KUNIT_CASE(programs_are_shared),
	KUNIT_CASE(programs_stay_apart),
	KUNIT_CASE_PARAM(each_tier_has_its_first, firsts_gen_params),
	{}
};

static struct kunit_suite program_suite = {
	.name = "podwall_program",
	.test_cases = program_cases,
};

kunit_test_suite(program_suite);
