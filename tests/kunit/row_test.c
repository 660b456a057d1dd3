// SPDX-License-Identifier: GPL-2.0-only
/*
 * What rows of masks and rows of programs have in common, which is all that
 * packets ask them for.
 */

#include <kunit/test.h>
#include <linux/cache.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/podwall.h>
#include <linux/sizes.h>

#include "ask.h"
#include "chance.h"
#include "draft.h"
#include "error.h"
#include "evaluator.h"
#include "peer_set.h"
#include "peers.h"
#include "policy.h"
#include "port_case.h"
#include "port_map.h"
#include "port_sets.h"
#include "row.h"
#include "row_masks.h"
#include "row_programs.h"
#include "transaction.h"

static const void *next_case(const void *row, char *desc)
{
	const struct port_case *next = port_case_next(row);

	if (next)
		strscpy(desc, next->desc, KUNIT_PARAM_DESC_SIZE);
	return next;
}

#define BITS 5

/* Peer set i + 1 holds identities, and addresses of 10.0.0.0/27, with bit i. */
static void begin_bits(struct kunit *test, struct peers *peers)
{
	struct podwall_network network = { .prefix_length = 32 };
	struct podwall_peer_set *set;
	u32 i, bits;

	peers_begin(test, peers, NULL, 0, BIT(BITS) - 1);
	for (i = 0; i < BITS; i++) {
		set = podwall_peer_set_create(i + 1, "bit");
		KUNIT_ASSERT_NOT_NULL(test, set);
		for (bits = 1; bits < BIT(BITS); bits++) {
			if (!(bits & BIT(i)))
				continue;
			KUNIT_ASSERT_EQ(test, 0,
					podwall_peer_set_add_identity(set, bits));
			network.base = draft_ip4(0x0a000000 + bits);
			KUNIT_ASSERT_NOT_NULL(test,
					      podwall_peer_set_add_block(set, &network));
		}
		peers_add_set(test, &peers->sets, set);
	}
	peers_refresh(test, peers);
}

static struct podwall_row *build_masks(struct kunit *test,
				       const struct podwall_rule_set *set,
				       const struct peers *peers,
				       const struct podwall_port_map *ports)
{
	struct podwall_row *row;

	row = podwall_row_masks_build(set, &peers->membership, ports);
	KUNIT_ASSERT_FALSE(test, IS_ERR(row));
	KUNIT_ASSERT_NULL(test, row->code);
	return row;
}

static struct podwall_port_map *build_ports(struct kunit *test,
					    struct podwall_rule_set *set)
{
	const struct podwall_array sets = { .elements = &set, .count = 1 };

	return port_sets_build(test, &sets);
}

static void expect_answer(struct kunit *test, const struct podwall_row *row,
			  const struct peers *peers,
			  const struct podwall_port_map *ports,
			  const struct port_question *question)
{
	const struct podwall_ip ip = draft_ip4(0x0a000000 + question->block);
	u32 key = podwall_port_key(question->protocol, max(question->port, 0),
				   question->port >= 0);
	const struct podwall_query query = {
		.peer = &ip,
		.identity = question->peer,
		.protocol = question->protocol,
		.has_port = question->port >= 0,
		.port = max(question->port, 0),
		.skip_policy_tier = question->skip_policy_tier,
	};
	u32 region = podwall_regions_find(peers->regions, &ip);

	KUNIT_EXPECT_EQ_MSG(test,
			    podwall_row_find(row, question->peer, region, key,
					     podwall_port_map_find(ports, key),
					     question->skip_policy_tier),
			    port_case_result(row->set, question->expected),
			    "protocol %u, port %d, %s", question->protocol,
			    question->port, row->code ? "programs" : "masks");
	ask_row(test, row, peers, ports, &query);
}

static void first_rule_decides(struct kunit *test)
{
	const struct port_case *row = test->param_value;
	struct podwall_rule_set *set = port_case_make(test, row);
	const struct port_question *question;
	struct podwall_row *masks, *programs;
	struct podwall_port_map *ports;
	struct peers peers;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	begin_bits(test, &peers);
	ports = build_ports(test, set);
	masks = build_masks(test, set, &peers, ports);
	programs = peers_build_programs(test, &peers, set);
	for (question = row->questions; question->protocol; question++) {
		expect_answer(test, masks, &peers, ports, question);
		expect_answer(test, programs, &peers, ports, question);
	}
	podwall_row_put(masks);
	podwall_row_put(programs);
	podwall_port_map_put(ports);
	peers_end(&peers);
	podwall_rule_set_put(set);
}

static const struct draft_rule_set few_rules = {
	.id = 7,
	.isolated = true,
	.rules = {
		{ PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY, .peer_sets = { 1 },
		  .ports = { { IPPROTO_TCP, 22, 22 } } },
		{ PODWALL_TIER_POLICY, PODWALL_ACTION_ACCEPT },
	},
};

/* @spare: cells of either kind that it has room for besides the 32 that there are */
static void expect_references(struct kunit *test, struct podwall_row *row,
			      u32 spare)
{
	KUNIT_EXPECT_PTR_EQ(test, podwall_row_get(row), row);
	podwall_row_put(row);
	KUNIT_EXPECT_EQ(test, refcount_read(&row->references), 1);
	KUNIT_EXPECT_EQ(test, podwall_row_size(row),
			ALIGN(sizeof(*row) + row->port_count * sizeof(u32),
			      L1_CACHE_BYTES) +
			podwall_cells_size(row->cells) +
			row->code_count * sizeof(u32));
	KUNIT_EXPECT_EQ(test, row->cells->region_count, 32 + spare);
	KUNIT_EXPECT_EQ(test, row->cells->identity_count, 32 + spare);
	KUNIT_EXPECT_PTR_EQ(test, row->regions,
			    (const u32 *)podwall_cells_values(row->cells));
	KUNIT_EXPECT_PTR_EQ(test, row->identities,
			    row->regions + 32 + spare);
	podwall_row_put(row);
}

static void references_keep_it(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &few_rules);
	struct podwall_port_map *ports = build_ports(test, set);
	struct peers peers;

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	begin_bits(test, &peers);
	expect_references(test, build_masks(test, set, &peers, ports), 2);
	expect_references(test, peers_build_programs(test, &peers, set), 0);
	podwall_row_put(NULL);
	podwall_port_map_put(ports);
	peers_end(&peers);
	podwall_rule_set_put(set);
}

#define SETS 6

/* Rule sets of all lengths, by as many ways as they can be asked. */
static void rows_equal_evaluator(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	struct draft_peer_set drafts[SETS];
	struct podwall_port_map *ports;
	struct podwall_row *rows[2];
	struct podwall_query query = {};
	struct podwall_rule_set *set;
	u32 i, round, length;
	struct podwall_ip ip;
	struct peers peers;

	for (round = 0; round < 60; round++) {
		for (i = 0; i < SETS; i++)
			chance_peer_set(&random, &drafts[i], i + 1);
		peers_begin(test, &peers, drafts, SETS, CHANCE_IDENTITIES);
		length = round % 2 ? draft_below(&random, 31) :
				     draft_below(&random, 120);
		set = chance_rule_set(test, &random, round, length, SETS);
		KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
		ports = build_ports(test, set);
		rows[0] = peers_build_programs(test, &peers, set);
		rows[1] = podwall_rule_set_fits_mask(set) ?
			  build_masks(test, set, &peers, ports) : NULL;
		for (i = 0; i < 200; i++) {
			ip = chance_ip(&random);
			query.peer = &ip;
			query.identity = draft_below(&random,
						     CHANCE_IDENTITIES + 1);
			chance_query(&random, &query);
			ask_row(test, rows[i % 2 && rows[1]], &peers, ports,
				&query);
		}
		podwall_row_put(rows[0]);
		podwall_row_put(rows[1]);
		podwall_port_map_put(ports);
		podwall_rule_set_put(set);
		peers_end(&peers);
	}
}

static const struct length_case {
	const char *desc;
	u32 rules;
	bool isolated;
	bool has_masks;
} length_cases[] = {
	{ "none", 0, false, true },
	{ "none, isolated", 0, true, true },
	{ "one", 1, true, true },
	{ "29, isolated", 29, true, true },
	{ "30", 30, false, true },
	{ "30, isolated", 30, true, true },
	{ "31", 31, false, false },
	{ "31, isolated", 31, true, false },
	{ "500, isolated", 500, true, false },
};

KUNIT_ARRAY_PARAM_DESC(length, length_cases, desc);

/* Each rule decides its port, so that each bit is asked for. */
static void expect_long(struct kunit *test, const struct podwall_policy *policy,
			const struct podwall_rule_set *set)
{
	struct podwall_ip ip = draft_ip("10.0.0.1");
	struct podwall_query query = {
		.peer = &ip,
		.protocol = IPPROTO_TCP,
		.has_port = true,
	};
	u32 i;

	for (i = 0; i <= set->rules.count; i++) {
		query.port = 100 * i;
		query.skip_policy_tier = false;
		ask_policy(test, policy, set->id, &query);
		query.skip_policy_tier = true;
		ask_policy(test, policy, set->id, &query);
		query.port++;
		ask_policy(test, policy, set->id, &query);
	}
	query.has_port = false;
	ask_policy(test, policy, set->id, &query);
}

static void length_decides_what_rows_are(struct kunit *test)
{
	const struct length_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_rule_set *set = port_case_make_long(test, row->rules,
							   100);
	struct podwall_policy *policy;

	set->isolated = row->isolated;
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_rule_set(transaction, set));
	policy = draft_commit(test, draft_policy(test), transaction);
	KUNIT_EXPECT_EQ(test, !podwall_policy_row(policy, set->id)->code,
			row->has_masks);
	KUNIT_EXPECT_EQ(test, policy->classifier.ports->count,
			PODWALL_PORT_CLASS_UNNAMED + 1 +
			(row->has_masks ? row->rules : 0));
	expect_long(test, policy, set);
}

static struct kunit_case row_cases[] = {
	KUNIT_CASE_PARAM(first_rule_decides, next_case),
	KUNIT_CASE(references_keep_it),
	KUNIT_CASE(rows_equal_evaluator),
	KUNIT_CASE_PARAM(length_decides_what_rows_are, length_gen_params),
	{}
};

static struct kunit_suite row_suite = {
	.name = "podwall_row",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = row_cases,
};

kunit_test_suite(row_suite);
