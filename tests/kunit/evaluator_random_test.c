// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/in.h>
#include <linux/podwall.h>
#include <linux/prandom.h>

#include "draft.h"
#include "evaluator.h"
#include "naive.h"
#include "policy.h"

/* Few values each, so that random rules meet random questions. */
static const char *const networks[] = {
	"0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32",
	"10.128.0.0/9", "::/0", "fd00::/16", "fd00:1::/32", "fd00:1::1/128",
};

static const char *const peers[] = {
	"10.0.0.1", "10.1.9.9", "10.1.2.4", "10.1.2.3", "10.200.0.1",
	"192.0.2.1", "fd00::1", "fd00:1::1", "fd00:1::2", "2001:db8::1",
};

static const u8 protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };
static const u16 ports[] = { 0, 1, 79, 80, 81, 443, 65534, 65535 };

#define PEER_SETS 4

static const char *pick_network(struct rnd_state *random)
{
	return networks[draft_below(random, ARRAY_SIZE(networks))];
}

static u8 pick_protocol(struct rnd_state *random)
{
	return protocols[draft_below(random, ARRAY_SIZE(protocols))];
}

static u16 pick_port(struct rnd_state *random)
{
	return ports[draft_below(random, ARRAY_SIZE(ports))];
}

static void random_block(struct rnd_state *random, struct draft_block *block)
{
	struct podwall_network outer, inner;
	size_t i;

	block->network = pick_network(random);
	outer = draft_network(block->network);
	for (i = 0; i < ARRAY_SIZE(block->excepts); i++) {
		block->excepts[i] = pick_network(random);
		inner = draft_network(block->excepts[i]);
		if (!podwall_network_is_within(&inner, &outer)) {
			block->excepts[i] = NULL;
			return;
		}
	}
}

static void random_peer_set(struct rnd_state *random,
			    struct draft_peer_set *set, u32 id)
{
	u32 i, identities = draft_below(random, 4);
	u32 blocks = draft_below(random, 3);

	*set = (struct draft_peer_set){ .id = id, .name = "random" };
	for (i = 0; i < identities; i++)
		set->identities[i] = 1 + draft_below(random, 6);
	for (i = 0; i < blocks; i++)
		random_block(random, &set->blocks[i]);
}

static void random_rule(struct rnd_state *random, struct draft_rule *rule)
{
	u32 i, sets = draft_below(random, 3), ranges = draft_below(random, 3);

	if (rule->tier != PODWALL_TIER_POLICY)
		rule->action = PODWALL_ACTION_ACCEPT + draft_below(random, 3);
	for (i = 0; i < sets; i++)
		rule->peer_sets[i] = 1 + draft_below(random, PEER_SETS);
	for (i = 0; i < ranges; i++) {
		u16 a = pick_port(random), b = pick_port(random);

		rule->ports[i] = (struct podwall_port_range){
			.protocol = pick_protocol(random),
			.first = min(a, b),
			.last = max(a, b),
		};
	}
}

/* Tiers in order, and priorities that rise in steps of 0 and 1. */
static void random_rule_set(struct rnd_state *random,
			    struct draft_rule_set *set)
{
	u32 i, priority = 0, tier = PODWALL_TIER_ADMIN;

	*set = (struct draft_rule_set){
		.id = 1,
		.direction = PODWALL_DIRECTION_INGRESS,
		.isolated = draft_below(random, 2),
	};
	for (i = 0; i < ARRAY_SIZE(set->rules); i++) {
		if (tier < PODWALL_TIER_BASELINE && !draft_below(random, 3)) {
			tier++;
			priority = 0;
		}
		if (tier == PODWALL_TIER_POLICY && !set->isolated)
			tier++;
		priority += draft_below(random, 2);
		set->rules[i] = (struct draft_rule){
			.tier = tier,
			.action = PODWALL_ACTION_ACCEPT,
			.priority = tier == PODWALL_TIER_POLICY ? 0 : priority,
		};
		random_rule(random, &set->rules[i]);
	}
}

static void random_question(struct rnd_state *random,
			    struct naive_question *question)
{
	*question = (struct naive_question){
		.peer = peers[draft_below(random, ARRAY_SIZE(peers))],
		.identity = draft_below(random, 8),
		.protocol = pick_protocol(random),
		.has_port = draft_below(random, 8),
		.port = pick_port(random),
		.skip_policy_tier = !draft_below(random, 4),
	};
}

static void compare_answers(struct kunit *test,
			    const struct naive_question *question,
			    const struct draft_peer_set *peer_sets,
			    const struct podwall_policy *policy,
			    const struct draft_rule_set *draft,
			    const struct podwall_rule_set *set, int round)
{
	const struct podwall_ip peer = draft_ip(question->peer);
	const struct podwall_query query = {
		.peer = &peer,
		.identity = question->identity,
		.protocol = question->protocol,
		.has_port = question->has_port,
		.port = question->port,
		.skip_policy_tier = question->skip_policy_tier,
	};
	struct podwall_outcome outcome;
	struct naive_answer answer;
	int index;

	answer = naive_evaluate(peer_sets, PEER_SETS, draft, question);
	podwall_evaluate(policy, set, &query, &outcome);
	index = outcome.rule ? outcome.rule - podwall_rule_set_rule(set, 0) : -1;
	KUNIT_ASSERT_EQ_MSG(test, outcome.verdict, answer.verdict,
			    "round %d: %s", round, question->peer);
	KUNIT_ASSERT_EQ_MSG(test, outcome.reason, answer.reason,
			    "round %d: %s", round, question->peer);
	KUNIT_ASSERT_EQ_MSG(test, index, answer.rule,
			    "round %d: %s", round, question->peer);
}

static void evaluate_equals_naive_model(struct kunit *test)
{
	struct draft_peer_set drafts[PEER_SETS];
	struct rnd_state random = draft_random(test);
	struct naive_question question;
	struct podwall_policy *policy;
	struct draft_rule_set *draft;
	struct podwall_rule_set *set;
	int round, i;

	draft = kunit_kzalloc(test, sizeof(*draft), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, draft);
	for (round = 0; round < 300; round++) {
		policy = draft_policy(test);
		for (i = 0; i < PEER_SETS; i++) {
			struct podwall_peer_set **element;

			random_peer_set(&random, &drafts[i], i + 1);
			element = podwall_array_append(&policy->peer_sets,
						       sizeof(*element));
			KUNIT_ASSERT_NOT_NULL(test, element);
			*element = draft_make_peer_set(test, &drafts[i]);
			podwall_peer_set_freeze(*element);
		}
		random_rule_set(&random, draft);
		set = draft_make_rule_set(test, draft);
		draft_keep_rule_set(test, set);
		for (i = 0; i < 20; i++) {
			random_question(&random, &question);
			compare_answers(test, &question, drafts, policy, draft,
					set, round);
		}
	}
}

static struct kunit_case evaluator_random_cases[] = {
	KUNIT_CASE(evaluate_equals_naive_model),
	{}
};

static struct kunit_suite evaluator_random_suite = {
	.name = "podwall_evaluator_random",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = evaluator_random_cases,
};

kunit_test_suite(evaluator_random_suite);
