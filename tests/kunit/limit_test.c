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
