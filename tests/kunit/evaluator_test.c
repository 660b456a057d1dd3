// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "draft.h"
#include "evaluator.h"
#include "naive.h"
#include "policy.h"

#define ADMIN PODWALL_TIER_ADMIN
#define POLICY PODWALL_TIER_POLICY
#define BASELINE PODWALL_TIER_BASELINE
#define ACCEPT PODWALL_ACTION_ACCEPT
#define DENY PODWALL_ACTION_DENY
#define PASS PODWALL_ACTION_PASS
#define RULE PODWALL_REASON_RULE
#define ISOLATED PODWALL_REASON_ISOLATED
#define DEFAULT PODWALL_REASON_DEFAULT

/* What the policy has; peer set 3 is named below and missing. */
static const struct draft_peer_set peer_sets[] = {
	{ .id = 1, .name = "frontend", .identities = { 100, 101 } },
	{ .id = 2, .name = "site", .blocks = { { "10.0.0.0/8",
						 { "10.1.0.0/16" } } } },
	{ .id = 5, .name = "six", .blocks = { { "fd00::/16" } } },
};

/* The peer of a question whose row says nothing else. */
#define FRONTEND .peer = "10.1.0.1", .identity = 100

static const struct verdict_case {
	const char *desc;
	bool isolated;
	struct draft_rule rules[4];
	struct naive_question question;
	u8 reason;
	/* Of the deciding rule; those that none decided have no rule 0. */
	int rule;
} verdict_cases[] = {
	{ "no rules", false, {}, { FRONTEND }, DEFAULT, -1 },
	{ "no rules, isolated", true, {}, { FRONTEND }, ISOLATED, -1 },
	{ "isolated, tier skipped", true, {},
	  { FRONTEND, .skip_policy_tier = true }, DEFAULT, -1 },

	/* tiers */
	{ "admin accepts before isolation", true,
	  { { ADMIN, ACCEPT } }, { FRONTEND }, RULE, 0 },
	{ "admin denies before policy", true,
	  { { ADMIN, DENY }, { POLICY, ACCEPT } }, { FRONTEND }, RULE, 0 },
	{ "admin passes to policy", true,
	  { { ADMIN, PASS }, { ADMIN, DENY }, { POLICY, ACCEPT } },
	  { FRONTEND }, RULE, 2 },
	{ "admin passes to isolation", true,
	  { { ADMIN, PASS }, { BASELINE, ACCEPT } },
	  { FRONTEND }, ISOLATED, -1 },
	{ "admin passes to baseline", false,
	  { { ADMIN, PASS }, { BASELINE, DENY } }, { FRONTEND }, RULE, 1 },
	{ "admin passes to the default", false,
	  { { ADMIN, PASS } }, { FRONTEND }, DEFAULT, -1 },
	{ "policy accepts before baseline", true,
	  { { POLICY, ACCEPT }, { BASELINE, DENY } },
	  { FRONTEND }, RULE, 0 },
	{ "isolation keeps baseline out", true,
	  { { POLICY, ACCEPT, .peer_sets = { 2 } }, { BASELINE, ACCEPT } },
	  { FRONTEND }, ISOLATED, -1 },
	{ "policy skipped, baseline denies", true,
	  { { POLICY, ACCEPT }, { BASELINE, DENY } },
	  { FRONTEND, .skip_policy_tier = true }, RULE, 1 },
	{ "policy skipped, admin denies", true,
	  { { ADMIN, DENY }, { POLICY, ACCEPT } },
	  { FRONTEND, .skip_policy_tier = true }, RULE, 0 },
	{ "baseline denies", false,
	  { { BASELINE, DENY } }, { FRONTEND }, RULE, 0 },
	{ "baseline passes to the default", false,
	  { { BASELINE, PASS }, { BASELINE, DENY } },
	  { FRONTEND }, DEFAULT, -1 },

	/* order */
	{ "the first of two that match", false,
	  { { ADMIN, ACCEPT, 10 }, { ADMIN, DENY, 10 } },
	  { FRONTEND }, RULE, 0 },
	{ "the first that matches is not the first", false,
	  { { ADMIN, ACCEPT, 10, { 2 } }, { ADMIN, DENY, 20 } },
	  { FRONTEND }, RULE, 1 },
	{ "any rule of the policy tier", true,
	  { { POLICY, ACCEPT, 0, { 2 } }, { POLICY, ACCEPT, 0, { 5 } },
	    { POLICY, ACCEPT, 0, { 1 } } },
	  { FRONTEND }, RULE, 2 },

	/* peers */
	{ "by identity", false, { { ADMIN, DENY, 0, { 1 } } },
	  { .peer = "192.0.2.1", .identity = 101 }, RULE, 0 },
	{ "another identity", false, { { ADMIN, DENY, 0, { 1 } } },
	  { .peer = "192.0.2.1", .identity = 102 }, DEFAULT, -1 },
	{ "no identity", false, { { ADMIN, DENY, 0, { 1 } } },
	  { .peer = "192.0.2.1" }, DEFAULT, -1 },
	{ "any peer without an identity", false, { { ADMIN, DENY } },
	  { .peer = "192.0.2.1" }, RULE, 0 },
	{ "by block", false, { { ADMIN, DENY, 0, { 2 } } },
	  { .peer = "10.2.0.1" }, RULE, 0 },
	{ "excepted from the block", false, { { ADMIN, DENY, 0, { 2 } } },
	  { .peer = "10.1.0.1" }, DEFAULT, -1 },
	{ "by the second peer set", false, { { ADMIN, DENY, 0, { 1, 5 } } },
	  { .peer = "fd00::1" }, RULE, 0 },
	{ "IPv6 in no IPv4 block", false, { { ADMIN, DENY, 0, { 2 } } },
	  { .peer = "fd00::1" }, DEFAULT, -1 },
	{ "unknown peer set holds nobody", false,
	  { { ADMIN, DENY, 0, { 3 } } }, { FRONTEND }, DEFAULT, -1 },
	{ "unknown peer set beside a known one", false,
	  { { ADMIN, DENY, 0, { 3, 1 } } }, { FRONTEND }, RULE, 0 },

	/* ports */
	{ "one port", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 80, 80 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 80 }, RULE, 0 },
	{ "below one port", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 80, 80 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 79 }, DEFAULT, -1 },
	{ "above one port", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 80, 80 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 81 }, DEFAULT, -1 },
	{ "first of a range", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 80, 90 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 80 }, RULE, 0 },
	{ "last of a range", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 80, 90 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 90 }, RULE, 0 },
	{ "port 0", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 0, 0 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 0 }, RULE, 0 },
	{ "port 1 is not port 0", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 0, 0 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 1 }, DEFAULT, -1 },
	{ "port 65535", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 65535, 65535 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 65535 }, RULE, 0 },
	{ "all ports hold the highest", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 0, 65535 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 65535 }, RULE, 0 },
	{ "another protocol's port", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 53, 53 } } } },
	  { FRONTEND, IPPROTO_UDP, true, 53 }, DEFAULT, -1 },
	{ "SCTP", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_SCTP, 53, 53 } } } },
	  { FRONTEND, IPPROTO_SCTP, true, 53 }, RULE, 0 },
	{ "the second range", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 53, 53 },
				      { IPPROTO_UDP, 53, 53 } } } },
	  { FRONTEND, IPPROTO_UDP, true, 53 }, RULE, 0 },
	{ "any port of any protocol", false, { { ADMIN, DENY } },
	  { FRONTEND, IPPROTO_UDPLITE, true, 9 }, RULE, 0 },
	{ "any port without ports", false, { { ADMIN, DENY } },
	  { FRONTEND, IPPROTO_ICMP, false, 0 }, RULE, 0 },
	{ "a fragment is kept out by any denied port", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 80, 80 } } } },
	  { FRONTEND, IPPROTO_TCP, false, 0 }, RULE, 0 },
	{ "a fragment of another protocol", false,
	  { { ADMIN, DENY, .ports = { { IPPROTO_TCP, 80, 80 } } } },
	  { FRONTEND, IPPROTO_UDP, false, 0 }, DEFAULT, -1 },
	{ "a fragment does not pass a tier by port", false,
	  { { ADMIN, PASS, .ports = { { IPPROTO_TCP, 0, 65535 } } },
	    { ADMIN, DENY } },
	  { FRONTEND, IPPROTO_TCP, false, 0 }, RULE, 1 },
	{ "a fragment is not let in by port", true,
	  { { POLICY, ACCEPT, .ports = { { IPPROTO_TCP, 0, 65535 } } } },
	  { FRONTEND, IPPROTO_TCP, false, 0 }, ISOLATED, -1 },

	/* both */
	{ "peer and port must match in one rule", true,
	  { { POLICY, ACCEPT, 0, { 1 }, { { IPPROTO_TCP, 80, 80 } } },
	    { POLICY, ACCEPT, 0, { 2 }, { { IPPROTO_TCP, 81, 81 } } } },
	  { FRONTEND, IPPROTO_TCP, true, 81 }, ISOLATED, -1 },
};

KUNIT_ARRAY_PARAM_DESC(verdict, verdict_cases, desc);

static struct podwall_policy *make_policy(struct kunit *test)
{
	struct podwall_policy *policy = draft_policy(test);
	struct podwall_peer_set **element;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(peer_sets); i++) {
		element = podwall_array_append(&policy->peer_sets,
					       sizeof(*element));
		KUNIT_ASSERT_NOT_NULL(test, element);
		*element = draft_make_peer_set(test, &peer_sets[i]);
		podwall_peer_set_freeze(*element);
	}
	return policy;
}

static void expect_rule(struct kunit *test, const struct podwall_rule_set *set,
			int index, const struct podwall_outcome *outcome)
{
	const struct podwall_rule *rule = podwall_rule_set_rule(set, index);

	KUNIT_EXPECT_EQ(test, outcome->verdict,
			rule->action == ACCEPT ? PODWALL_VERDICT_ACCEPT :
						 PODWALL_VERDICT_DENY);
	KUNIT_EXPECT_PTR_EQ(test, outcome->rule, rule);
	KUNIT_EXPECT_EQ(test, outcome->count,
			podwall_rule_set_rule_count(set, index));
	KUNIT_EXPECT_EQ(test, outcome->tier, rule->tier);
}

static void evaluate_decides(struct kunit *test)
{
	const struct verdict_case *row = test->param_value;
	struct draft_rule_set draft = {
		.id = 1,
		.direction = PODWALL_DIRECTION_INGRESS,
		.isolated = row->isolated,
	};
	struct podwall_policy *policy = make_policy(test);
	struct podwall_ip peer = draft_ip(row->question.peer);
	const struct podwall_query query = {
		.peer = &peer,
		.identity = row->question.identity,
		.protocol = row->question.protocol,
		.has_port = row->question.has_port,
		.port = row->question.port,
		.skip_policy_tier = row->question.skip_policy_tier,
	};
	struct podwall_outcome outcome;
	struct podwall_rule_set *set;

	/* Arrange */
	memcpy(draft.rules, row->rules, sizeof(row->rules));
	set = draft_make_rule_set(test, &draft);
	draft_keep_rule_set(test, set);
	memset(&outcome, 0xff, sizeof(outcome));

	/* Act */
	podwall_evaluate(policy, set, &query, &outcome);

	/* Assert */
	KUNIT_EXPECT_EQ(test, outcome.reason, row->reason);
	if (row->rule >= 0) {
		expect_rule(test, set, row->rule, &outcome);
		return;
	}
	KUNIT_EXPECT_NULL(test, outcome.rule);
	if (row->reason == ISOLATED) {
		KUNIT_EXPECT_EQ(test, outcome.verdict, PODWALL_VERDICT_DENY);
		KUNIT_EXPECT_EQ(test, outcome.tier, POLICY);
		KUNIT_EXPECT_EQ(test, outcome.count,
				podwall_rule_set_isolation_count(set));
	} else {
		KUNIT_EXPECT_EQ(test, outcome.verdict, PODWALL_VERDICT_ACCEPT);
		KUNIT_EXPECT_EQ(test, outcome.tier, 0);
		KUNIT_EXPECT_EQ(test, outcome.count,
				podwall_rule_set_default_count(set));
	}
}

static struct kunit_case evaluator_cases[] = {
	KUNIT_CASE_PARAM(evaluate_decides, verdict_gen_params),
	{}
};

static struct kunit_suite evaluator_suite = {
	.name = "podwall_evaluator",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = evaluator_cases,
};

kunit_test_suite(evaluator_suite);
