// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "change.h"
#include "commit.h"
#include "draft.h"
#include "error.h"
#include "limits.h"
#include "peer_set.h"
#include "policy.h"
#include "transaction.h"

/* A policy that uses two or three of each. */
static const struct change changes[] = {
	ADDRESS("10.0.0.1", 1), ADDRESS("10.0.0.2", 2), ADDRESS("fd00::1", 1),
	PEER_SET(1, "one"), PEER_SET(2, "two"), PEER_SET(3, "three"),
	INGRESS(1, 1), EGRESS(2, 2),
	POD("a/a", "10.0.0.1", 1, 2), POD("a/b", "10.0.0.2", 1, 2),
};

#define LIMIT(name) offsetof(struct podwall_amounts, name)

static const struct limit_case {
	const char *desc;
	size_t offset;
	u32 used;
	const char *text;
} limit_cases[] = {
	{ "addresses", LIMIT(addresses), 3,
	  "the policy needs 3 addresses, the limit is 2 (settings, limits, addresses)" },
	{ "peer sets", LIMIT(peer_sets), 3,
	  "the policy needs 3 peer-sets, the limit is 2 (settings, limits, peer-sets)" },
	{ "rule sets", LIMIT(rule_sets), 2,
	  "the policy needs 2 rule-sets, the limit is 1 (settings, limits, rule-sets)" },
	{ "pods", LIMIT(pods), 2,
	  "the policy needs 2 pods, the limit is 1 (settings, limits, pods)" },
	{ "rules", LIMIT(rules), 2,
	  "the policy needs 2 rules, the limit is 1 (settings, limits, rules)" },
	{ "members", LIMIT(members), 3,
	  "the policy needs 3 members, the limit is 2 (settings, limits, members)" },
	{ "guarded", LIMIT(guarded), 2,
	  "the policy needs 2 guarded, the limit is 1 (settings, limits, guarded)" },
};

KUNIT_ARRAY_PARAM_DESC(limit, limit_cases, desc);

static struct podwall_transaction *stage_all(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_network *network;
	int i;

	podwall_settings_init(&transaction->settings);
	transaction->has_settings = true;
	for (i = 0; i < 2; i++) {
		network = podwall_array_append(&transaction->settings.guarded,
					       sizeof(*network));
		KUNIT_ASSERT_NOT_NULL(test, network);
		*network = draft_network("10.0.0.0/24");
	}
	change_stage(test, transaction, changes, ARRAY_SIZE(changes));
	return transaction;
}

static u32 *amount_at(struct podwall_amounts *amounts, size_t offset)
{
	return (u32 *)((char *)amounts + offset);
}

static void limit_may_be_reached(struct kunit *test)
{
	const struct limit_case *row = test->param_value;
	struct podwall_transaction *transaction = stage_all(test);
	struct podwall_policy *policy;

	*amount_at(&transaction->settings.limits, row->offset) = row->used;
	policy = draft_commit(test, draft_policy(test), transaction);
	KUNIT_EXPECT_EQ(test, *amount_at(&policy->used, row->offset),
			row->used);
}

static void limit_may_not_be_passed(struct kunit *test)
{
	const struct limit_case *row = test->param_value;
	struct podwall_transaction *transaction = stage_all(test);
	struct podwall_policy *live = draft_policy(test), *policy;
	struct podwall_error error = {};

	*amount_at(&transaction->settings.limits, row->offset) = row->used - 1;
	policy = podwall_commit_build(live, transaction, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(policy), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text, row->text);
	if (!IS_ERR(policy))
		podwall_policy_put(policy);
}

/* A limit below what is live already refuses whatever keeps it so. */
static void limit_holds_for_what_is_live(struct kunit *test)
{
	const struct limit_case *row = test->param_value;
	struct podwall_transaction *lower = draft_transaction(test);
	struct podwall_policy *live, *policy;
	struct podwall_error error = {};

	live = draft_commit(test, draft_policy(test), stage_all(test));
	KUNIT_ASSERT_EQ(test, 0,
			podwall_settings_copy(&lower->settings,
					      &live->settings));
	lower->has_settings = true;
	*amount_at(&lower->settings.limits, row->offset) = row->used - 1;
	policy = podwall_commit_build(live, lower, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(policy), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text, row->text);
	if (!IS_ERR(policy))
		podwall_policy_put(policy);
}

static void memory_is_limited(struct kunit *test)
{
	struct podwall_transaction *transaction = stage_all(test);
	struct podwall_policy *policy;
	struct podwall_error error = {};
	char text[sizeof(error.text)];
	u64 used;

	policy = draft_commit(test, draft_policy(test), transaction);
	used = policy->used.memory;
	KUNIT_EXPECT_GT(test, used, sizeof(*policy));

	transaction = stage_all(test);
	transaction->settings.limits.memory = used;
	draft_commit(test, draft_policy(test), transaction);

	transaction = stage_all(test);
	transaction->settings.limits.memory = used - 1;
	policy = podwall_commit_build(draft_policy(test), transaction, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(policy), -ENOSPC);
	snprintf(text, sizeof(text),
		 "the policy needs %llu memory, the limit is %llu (settings, limits, memory)",
		 used, used - 1);
	KUNIT_EXPECT_STREQ(test, error.text, text);
	if (!IS_ERR(policy))
		podwall_policy_put(policy);
}

/* Each identity takes a cell of each row, whatever the rules are. */
static void stage_rows(struct kunit *test,
		       struct podwall_transaction *transaction, u64 memory)
{
	struct draft_rule_set set = {
		.rules = { { PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY } },
	};
	struct podwall_ip ip;
	u32 i;

	podwall_settings_init(&transaction->settings);
	transaction->settings.limits.memory = memory;
	transaction->has_settings = true;
	for (i = 0; i < 2000; i++) {
		ip = draft_ip4(i + 1);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_address(transaction,
								&ip, i + 1));
	}
	for (i = 0; i < 100; i++) {
		set.id = i + 1;
		set.direction = PODWALL_DIRECTION_INGRESS;
		draft_stage_rule_set(test, transaction, &set);
	}
}

/* What rows take is too much before all of them are made. */
static void memory_of_rows_is_limited(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *policy;
	struct podwall_error error = {};
	char text[sizeof(error.text)];
	unsigned long long needed = 0;

	stage_rows(test, transaction, 400000);
	policy = podwall_commit_build(draft_policy(test), transaction, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(policy), -ENOSPC);
	KUNIT_EXPECT_EQ(test, 1,
			sscanf(error.text,
			       "the policy needs more than %llu bytes of memory",
			       &needed));
	snprintf(text, sizeof(text),
		 "the policy needs more than %llu bytes of memory, the limit is 400000 (settings, limits, memory)",
		 needed);
	KUNIT_EXPECT_STREQ(test, error.text, text);
	KUNIT_EXPECT_GT(test, needed, 400000);
	KUNIT_EXPECT_LT(test, needed, 400000 + 2 * 2000 * sizeof(u32));
	if (!IS_ERR(policy))
		podwall_policy_put(policy);
}

#define BITS 10

/* Peer set i + 1 holds the identities with bit i, so that all are told apart. */
static void stage_telling(struct kunit *test,
			  struct podwall_transaction *transaction)
{
	struct podwall_peer_set *set;
	struct podwall_ip ip;
	char name[16];
	u32 i, identity;

	for (i = 0; i < BITS; i++) {
		snprintf(name, sizeof(name), "bit %u", i);
		set = podwall_peer_set_create(i + 1, name);
		KUNIT_ASSERT_NOT_NULL(test, set);
		for (identity = 1; identity < BIT(BITS); identity++)
			if (identity & BIT(i))
				KUNIT_ASSERT_EQ(test, 0,
						podwall_peer_set_add_identity(set,
									      identity));
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_peer_set(transaction,
								 set));
	}
	for (identity = 1; identity < BIT(BITS); identity++) {
		ip = draft_ip4(identity);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_address(transaction,
								&ip, identity));
	}
}

/* As many rules as make programs, each with a port of its own. */
static void stage_long_rule_set(struct kunit *test,
				struct podwall_transaction *transaction)
{
	const struct podwall_rule template = {
		.tier = PODWALL_TIER_ADMIN,
		.action = PODWALL_ACTION_DENY,
	};
	struct podwall_rule_set *set = podwall_rule_set_create(9, 1);
	struct podwall_rule *rule;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, set);
	for (i = 0; i <= PODWALL_RULE_SET_MASK_MAX; i++) {
		const struct podwall_port_range range = {
			IPPROTO_TCP, 2 * i, 2 * i,
		};

		rule = podwall_rule_set_add_rule(set, &template, "long");
		KUNIT_ASSERT_NOT_NULL(test, rule);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_peer_set(set, rule,
							      i % BITS + 1));
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_port_range(set, rule,
								&range));
	}
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_rule_set(transaction, set));
}

/* The limit on all memory is the budget of one row, too. */
static void memory_of_programs_is_limited(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *policy;
	struct podwall_error error = {};

	stage_telling(test, transaction);
	stage_long_rule_set(test, transaction);
	podwall_settings_init(&transaction->settings);
	transaction->settings.limits.memory = 100000;
	transaction->has_settings = true;
	policy = podwall_commit_build(draft_policy(test), transaction, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(policy), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "rule set 9 tells so many kinds of peer apart that it takes more than 100000 bytes of memory, the limit (settings, limits, memory)");
	if (!IS_ERR(policy))
		podwall_policy_put(policy);
}

static void flush_gives_all_back(struct kunit *test)
{
	struct podwall_transaction *flush = draft_transaction(test);
	struct podwall_policy *empty, *live;

	podwall_settings_init(&flush->settings);
	flush->has_settings = true;
	empty = draft_commit(test, draft_policy(test), flush);
	live = draft_commit(test, draft_policy(test), stage_all(test));
	KUNIT_EXPECT_GT(test, live->used.memory, empty->used.memory);

	podwall_transaction_flush(flush);
	live = draft_commit(test, live, flush);
	KUNIT_EXPECT_EQ(test, live->used.addresses, 0);
	KUNIT_EXPECT_EQ(test, live->used.peer_sets, 0);
	KUNIT_EXPECT_EQ(test, live->used.rule_sets, 0);
	KUNIT_EXPECT_EQ(test, live->used.pods, 0);
	KUNIT_EXPECT_EQ(test, live->used.rules, 0);
	KUNIT_EXPECT_EQ(test, live->used.members, 0);
	KUNIT_EXPECT_EQ(test, live->used.guarded, 0);
	KUNIT_EXPECT_EQ(test, live->used.memory, empty->used.memory);
}

static struct kunit_case limit_cases_list[] = {
	KUNIT_CASE_PARAM(limit_may_be_reached, limit_gen_params),
	KUNIT_CASE_PARAM(limit_may_not_be_passed, limit_gen_params),
	KUNIT_CASE_PARAM(limit_holds_for_what_is_live, limit_gen_params),
	KUNIT_CASE(memory_is_limited),
	KUNIT_CASE(memory_of_rows_is_limited),
	KUNIT_CASE(memory_of_programs_is_limited),
	KUNIT_CASE(flush_gives_all_back),
	{}
};

static struct kunit_suite limit_suite = {
	.name = "podwall_limit",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = limit_cases_list,
};

kunit_test_suite(limit_suite);
