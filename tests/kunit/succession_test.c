// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/mm.h>

#include "draft.h"
#include "policy.h"
#include "succession.h"
#include "transaction.h"

#define NONE	PODWALL_COUNTERS_NONE

#define ADMIN	PODWALL_TIER_ADMIN
#define POLICY	PODWALL_TIER_POLICY
#define BASE	PODWALL_TIER_BASELINE

/** struct marked - a rule; tier 0 ends a list */
struct marked {
	u8 tier;
	u64 cookie;
};

/*
 * Counts stand as packets come by them: admin and policy rules, isolation, the
 * baseline tier, and last what nothing decided.
 */
static const struct succession_case {
	const char *desc;
	struct marked older[5];
	struct marked set[5];
	u32 indices[7];
} succession_cases[] = {
	{
		.desc = "no rules",
		.indices = { 0, 1 },
	},
	{
		.desc = "the same",
		.older = { { ADMIN, 7 }, { POLICY, 5 }, { BASE, 9 } },
		.set = { { ADMIN, 7 }, { POLICY, 5 }, { BASE, 9 } },
		.indices = { 0, 1, 2, 3, 4 },
	},
	{
		.desc = "another order",
		.older = { { POLICY, 1 }, { POLICY, 2 }, { POLICY, 3 } },
		.set = { { POLICY, 3 }, { POLICY, 1 }, { POLICY, 2 } },
		.indices = { 2, 0, 1, 3, 4 },
	},
	{
		.desc = "a rule more in front",
		.older = { { POLICY, 1 }, { BASE, 2 } },
		.set = { { ADMIN, 8 }, { POLICY, 1 }, { BASE, 2 } },
		.indices = { NONE, 0, 1, 2, 3 },
	},
	{
		.desc = "a rule less in front",
		.older = { { ADMIN, 8 }, { POLICY, 1 }, { BASE, 2 } },
		.set = { { POLICY, 1 }, { BASE, 2 } },
		.indices = { 1, 2, 3, 4 },
	},
	{
		.desc = "all others",
		.older = { { POLICY, 1 }, { POLICY, 2 } },
		.set = { { POLICY, 3 }, { POLICY, 4 } },
		.indices = { NONE, NONE, 2, 3 },
	},
	{
		.desc = "all gone",
		.older = { { POLICY, 1 }, { BASE, 2 } },
		.indices = { 1, 3 },
	},
	{
		.desc = "the first ones",
		.set = { { POLICY, 1 }, { BASE, 2 } },
		.indices = { NONE, 0, NONE, 1 },
	},
	{
		.desc = "another tier",
		.older = { { ADMIN, 1 }, { BASE, 2 } },
		.set = { { ADMIN, 2 }, { BASE, 1 } },
		.indices = { NONE, 1, NONE, 3 },
	},
	{
		.desc = "one cookie in two tiers",
		.older = { { BASE, 1 } },
		.set = { { ADMIN, 1 }, { BASE, 1 } },
		.indices = { NONE, 0, 1, 2 },
	},
	{
		.desc = "no cookies",
		.older = { { POLICY, 0 }, { POLICY, 6 } },
		.set = { { POLICY, 0 }, { POLICY, 6 } },
		.indices = { NONE, 1, 2, 3 },
	},
	{
		.desc = "as many of one cookie",
		.older = { { POLICY, 4 }, { POLICY, 9 }, { POLICY, 4 } },
		.set = { { POLICY, 4 }, { POLICY, 4 }, { POLICY, 9 } },
		.indices = { 0, 2, 1, 3, 4 },
	},
	{
		.desc = "fewer of one cookie",
		.older = { { POLICY, 4 }, { POLICY, 4 }, { POLICY, 4 } },
		.set = { { POLICY, 9 }, { POLICY, 4 } },
		.indices = { NONE, 0, 3, 4 },
	},
	{
		.desc = "more of one cookie",
		.older = { { POLICY, 4 }, { POLICY, 2 } },
		.set = { { POLICY, 4 }, { POLICY, 4 }, { POLICY, 2 },
			 { POLICY, 4 } },
		.indices = { 0, NONE, 1, NONE, 2, 3 },
	},
	{
		.desc = "cookies of all bits",
		.older = { { POLICY, U64_MAX }, { POLICY, 1ULL << 63 },
			   { POLICY, 1 } },
		.set = { { POLICY, 1 }, { POLICY, U64_MAX },
			 { POLICY, 1ULL << 63 } },
		.indices = { 2, 0, 1, 3, 4 },
	},
};

KUNIT_ARRAY_PARAM_DESC(succession, succession_cases, desc);

static struct podwall_rule_set *make(struct kunit *test,
				     const struct marked *rules)
{
	struct draft_rule_set draft = {
		.id = 1,
		.direction = PODWALL_DIRECTION_INGRESS,
		.isolated = true,
	};
	struct podwall_rule_set *set;
	size_t i;

	for (i = 0; i < 5 && rules[i].tier; i++)
		draft.rules[i] = (struct draft_rule){
			.tier = rules[i].tier,
			.action = PODWALL_ACTION_ACCEPT,
			.cookie = rules[i].cookie,
		};
	set = draft_make_rule_set(test, &draft);
	draft_keep_rule_set(test, set);
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	return set;
}

static void rules_go_on_by_cookie(struct kunit *test)
{
	const struct succession_case *row = test->param_value;
	struct podwall_rule_set *older = make(test, row->older);
	struct podwall_rule_set *set = make(test, row->set);
	u32 *indices = podwall_succession_find(set, older);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, indices);
	for (i = 0; i < set->rules.count + 2; i++)
		KUNIT_EXPECT_EQ_MSG(test, indices[i], row->indices[i],
				    "count %u", i);
	kvfree(indices);
}

static const struct draft_rule_set ingress = {
	.id = 7,
	.direction = PODWALL_DIRECTION_INGRESS,
	.rules = {
		{ .tier = POLICY, .action = PODWALL_ACTION_ACCEPT, .cookie = 3 },
	},
	.isolated = true,
}, egress = {
	.id = 7,
	.direction = PODWALL_DIRECTION_EGRESS,
	.rules = {
		{ .tier = POLICY, .action = PODWALL_ACTION_ACCEPT, .cookie = 3 },
	},
	.isolated = true,
};

static struct podwall_policy *commit_rule_set(struct kunit *test,
					      const struct podwall_policy *live,
					      const struct draft_rule_set *draft,
					      bool flush)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *policy;

	if (flush)
		podwall_transaction_flush(transaction);
	if (draft)
		draft_stage_rule_set(test, transaction, draft);
	policy = draft_commit(test, live, transaction);
	draft_drop_transaction(test, transaction);
	return policy;
}

static void count_one(const struct podwall_policy *policy)
{
	struct podwall_rule_set *set = podwall_policy_rule_set(policy, 7);

	podwall_count_packet(podwall_counters_at(set->counters, 0), 100);
}

static u64 packets(const struct podwall_policy *policy)
{
	struct podwall_rule_set *set = podwall_policy_rule_set(policy, 7);

	return podwall_counters_read(set->counters, 0).packets;
}

static void counts_survive_a_commit(struct kunit *test)
{
	struct podwall_policy *policies[4];
	u32 i;

	policies[0] = commit_rule_set(test, draft_policy(test), &ingress, false);
	count_one(policies[0]);
	/* One that leaves the set alone, one that replaces it, one that flushes. */
	policies[1] = commit_rule_set(test, policies[0], NULL, false);
	KUNIT_EXPECT_EQ(test, packets(policies[1]), 1);
	policies[2] = commit_rule_set(test, policies[1], &ingress, false);
	KUNIT_EXPECT_EQ(test, packets(policies[2]), 1);
	policies[3] = commit_rule_set(test, policies[2], &ingress, true);
	for (i = 0; i < ARRAY_SIZE(policies); i++)
		count_one(policies[i]);
	KUNIT_EXPECT_EQ(test, packets(policies[3]), 5);
	for (i = 0; i < 3; i++) {
		draft_drop_policy(test, policies[i]);
		rcu_barrier();
		KUNIT_EXPECT_EQ(test, packets(policies[3]), 5);
	}
}

static void removal_ends_counts(struct kunit *test)
{
	struct podwall_policy *policy, *without;

	policy = commit_rule_set(test, draft_policy(test), &ingress, false);
	count_one(policy);
	without = commit_rule_set(test, policy, NULL, true);
	policy = commit_rule_set(test, without, &ingress, false);
	KUNIT_EXPECT_EQ(test, packets(policy), 0);
}

static void other_direction_is_another_set(struct kunit *test)
{
	struct podwall_policy *policy;

	policy = commit_rule_set(test, draft_policy(test), &ingress, false);
	count_one(policy);
	policy = commit_rule_set(test, policy, &egress, false);
	KUNIT_EXPECT_EQ(test, packets(policy), 0);
}

/** struct pod_case - a pod before and after, and whether its traffic goes on */
static const struct pod_case {
	const char *desc;
	const char *uids[2];
	bool flushed;
	bool removed;
	bool goes_on;
} pod_cases[] = {
	{ "the same uid", { "u1", "u1" }, .goes_on = true },
	{ "no uid", { "", "" }, .goes_on = true },
	{ "another uid", { "u1", "u2" } },
	{ "its first uid", { "", "u2" } },
	{ "flushed before", { "u1", "u1" }, .flushed = true, .goes_on = true },
	{ "removed before", { "u1", "u1" }, .removed = true },
};

KUNIT_ARRAY_PARAM_DESC(pod, pod_cases, desc);

static void stage_pod(struct kunit *test,
		      struct podwall_transaction *transaction, const char *uid)
{
	static const struct draft_pod draft = {
		.key = "default/a",
		.addresses = { "10.0.0.1" },
	};
	struct podwall_pod *pod = draft_make_pod(test, &draft);

	strscpy(pod->uid, uid, sizeof(pod->uid));
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_pod(transaction, pod, false));
}

static void pods_go_on_by_uid(struct kunit *test)
{
	const struct pod_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *before, *after;
	const struct podwall_pod_slot *old, *new;

	stage_pod(test, transaction, row->uids[0]);
	before = draft_commit(test, draft_policy(test), transaction);
	old = before->pod_slots.elements;
	KUNIT_EXPECT_PTR_EQ(test, (const void __force *)old->traffic,
			    (const void __force *)old->pod->traffic->counts);
	after = before;
	if (row->removed)
		after = commit_rule_set(test, before, NULL, true);
	transaction = draft_transaction(test);
	if (row->flushed)
		podwall_transaction_flush(transaction);
	stage_pod(test, transaction, row->uids[1]);
	after = draft_commit(test, after, transaction);
	new = after->pod_slots.elements;
	KUNIT_EXPECT_TRUE(test, new->pod != old->pod);
	KUNIT_EXPECT_EQ(test, new->pod->traffic == old->pod->traffic,
			row->goes_on);
	KUNIT_EXPECT_TRUE(test, new->traffic == new->pod->traffic->counts);
	KUNIT_EXPECT_PTR_EQ(test, after->traffic, before->traffic);
}

static struct kunit_case succession_cases_list[] = {
	KUNIT_CASE_PARAM(rules_go_on_by_cookie, succession_gen_params),
	KUNIT_CASE(counts_survive_a_commit),
	KUNIT_CASE(removal_ends_counts),
	KUNIT_CASE(other_direction_is_another_set),
	KUNIT_CASE_PARAM(pods_go_on_by_uid, pod_gen_params),
	{}
};

static struct kunit_suite succession_suite = {
	.name = "podwall_succession",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = succession_cases_list,
};

kunit_test_suite(succession_suite);
