// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "draft.h"
#include "rule_set.h"

static const struct draft_rule_set three_rules = {
	.id = 7,
	.direction = PODWALL_DIRECTION_EGRESS,
	.isolated = true,
	.rules = {
		{
			.tier = PODWALL_TIER_ADMIN,
			.action = PODWALL_ACTION_DENY,
			.priority = 10,
			.peer_sets = { 1, 2 },
			.ports = { { IPPROTO_TCP, 22, 22 } },
			.cookie = 111,
		},
		{
			.tier = PODWALL_TIER_POLICY,
			.action = PODWALL_ACTION_ACCEPT,
			.cookie = 222,
		},
		{
			.tier = PODWALL_TIER_BASELINE,
			.action = PODWALL_ACTION_PASS,
			.priority = 5,
			.peer_sets = { 3 },
			.ports = {
				{ IPPROTO_UDP, 0, 53 },
				{ IPPROTO_SCTP, 80, 65535 },
			},
			.cookie = U64_MAX,
		},
	},
};

static void rules_keep_their_fields(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &three_rules);
	const struct podwall_rule *rule;
	u32 i;

	KUNIT_EXPECT_EQ(test, set->id, 7);
	KUNIT_EXPECT_EQ(test, set->direction, PODWALL_DIRECTION_EGRESS);
	KUNIT_ASSERT_EQ(test, set->rules.count, 3);
	for (i = 0; i < 3; i++) {
		const struct draft_rule *draft = &three_rules.rules[i];

		rule = podwall_rule_set_rule(set, i);
		KUNIT_EXPECT_EQ(test, rule->tier, draft->tier);
		KUNIT_EXPECT_EQ(test, rule->action, draft->action);
		KUNIT_EXPECT_EQ(test, rule->priority, draft->priority);
		KUNIT_EXPECT_EQ(test, rule->cookie, draft->cookie);
		KUNIT_EXPECT_EQ(test, rule->any_peer, i == 1);
		KUNIT_EXPECT_EQ(test, rule->any_port, i == 1);
	}
	podwall_rule_set_put(set);
}

static void rules_own_runs(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &three_rules);
	static const struct {
		u32 first_peer_set, peer_set_count;
		u32 first_port_range, port_range_count;
	} runs[] = { { 0, 2, 0, 1 }, { 2, 0, 1, 0 }, { 2, 1, 1, 2 } };
	const struct podwall_port_range *ranges = set->port_ranges.elements;
	const u32 *ids = set->peer_sets.elements;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		KUNIT_EXPECT_EQ(test, rule->first_peer_set,
				runs[i].first_peer_set);
		KUNIT_EXPECT_EQ(test, rule->peer_set_count,
				runs[i].peer_set_count);
		KUNIT_EXPECT_EQ(test, rule->first_port_range,
				runs[i].first_port_range);
		KUNIT_EXPECT_EQ(test, rule->port_range_count,
				runs[i].port_range_count);
	}
	KUNIT_ASSERT_EQ(test, set->peer_sets.count, 3);
	KUNIT_EXPECT_EQ(test, ids[0], 1);
	KUNIT_EXPECT_EQ(test, ids[1], 2);
	KUNIT_EXPECT_EQ(test, ids[2], 3);
	KUNIT_ASSERT_EQ(test, set->port_ranges.count, 3);
	KUNIT_EXPECT_EQ(test, ranges[1].protocol, IPPROTO_UDP);
	KUNIT_EXPECT_EQ(test, ranges[1].first, 0);
	KUNIT_EXPECT_EQ(test, ranges[1].last, 53);
	KUNIT_EXPECT_EQ(test, ranges[2].protocol, IPPROTO_SCTP);
	KUNIT_EXPECT_EQ(test, ranges[2].last, 65535);
	podwall_rule_set_put(set);
}

/* A template's runs are the caller's mistake, not the set's. */
static void add_rule_ignores_runs(struct kunit *test)
{
	const struct podwall_rule template = {
		.tier = PODWALL_TIER_ADMIN,
		.action = PODWALL_ACTION_DENY,
		.any_peer = true,
		.first_peer_set = 9,
		.peer_set_count = 9,
		.first_port_range = 9,
		.port_range_count = 9,
		.origin = 99,
	};
	struct podwall_rule_set *set = podwall_rule_set_create(1, 1);
	const struct podwall_rule *rule;

	KUNIT_ASSERT_NOT_NULL(test, set);
	rule = podwall_rule_set_add_rule(set, &template, "origin");
	KUNIT_ASSERT_NOT_NULL(test, rule);
	KUNIT_EXPECT_EQ(test, rule->first_peer_set, 0);
	KUNIT_EXPECT_EQ(test, rule->peer_set_count, 0);
	KUNIT_EXPECT_EQ(test, rule->first_port_range, 0);
	KUNIT_EXPECT_EQ(test, rule->port_range_count, 0);
	KUNIT_EXPECT_STREQ(test, podwall_rule_set_text(set, rule->origin),
			   "origin");
	podwall_rule_set_put(set);
}

static void texts_stay_apart(struct kunit *test)
{
	const struct podwall_rule template = { .any_peer = true };
	struct podwall_rule_set *set = podwall_rule_set_create(1, 1);
	char origin[32];
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, set);
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_isolate(set, "why"));
	for (i = 0; i < 300; i++) {
		snprintf(origin, sizeof(origin), "NetworkPolicy %u", i);
		KUNIT_ASSERT_NOT_NULL(test,
				      podwall_rule_set_add_rule(set, &template,
								origin));
	}
	KUNIT_EXPECT_TRUE(test, set->isolated);
	KUNIT_EXPECT_STREQ(test,
			   podwall_rule_set_text(set, set->isolation_origin),
			   "why");
	for (i = 0; i < 300; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		snprintf(origin, sizeof(origin), "NetworkPolicy %u", i);
		KUNIT_ASSERT_STREQ(test,
				   podwall_rule_set_text(set, rule->origin),
				   origin);
	}
	podwall_rule_set_put(set);
}

static void freeze_gives_counters_once(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &three_rules);
	struct podwall_counters *counters;

	KUNIT_EXPECT_NULL(test, set->counters);
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	counters = set->counters;
	KUNIT_ASSERT_NOT_NULL(test, counters);
	KUNIT_EXPECT_EQ(test, counters->count, 5);
	KUNIT_EXPECT_EQ(test, podwall_rule_set_isolation_count(set), 2);
	KUNIT_EXPECT_EQ(test, podwall_rule_set_default_count(set), 4);
	podwall_count_packet(podwall_counters_at(counters, 4), 60);

	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	KUNIT_EXPECT_PTR_EQ(test, set->counters, counters);
	KUNIT_EXPECT_EQ(test, podwall_counters_read(counters, 4).packets, 1);
	podwall_rule_set_put(set);
}

/* Tiers of the rules, and the index of each one's count. */
static const struct count_case {
	const char *desc;
	u8 tiers[6];
	u32 counts[6];
	u32 isolation;
} count_cases[] = {
	{ "no rules", {}, {}, 0 },
	{ "admin", { 1, 1 }, { 0, 1 }, 2 },
	{ "policy", { 2 }, { 0 }, 1 },
	{ "baseline", { 3, 3 }, { 1, 2 }, 0 },
	{ "admin and policy", { 1, 2, 2 }, { 0, 1, 2 }, 3 },
	{ "admin and baseline", { 1, 3 }, { 0, 2 }, 1 },
	{ "policy and baseline", { 2, 2, 3 }, { 0, 1, 3 }, 2 },
	{ "all", { 1, 1, 2, 2, 3, 3 }, { 0, 1, 2, 3, 5, 6 }, 4 },
};

KUNIT_ARRAY_PARAM_DESC(count, count_cases, desc);

static void counts_stand_as_rules_are_judged(struct kunit *test)
{
	const struct count_case *row = test->param_value;
	struct podwall_rule template = { .any_peer = true };
	struct podwall_rule_set *set = podwall_rule_set_create(1, 1);
	u32 i, rules;

	KUNIT_ASSERT_NOT_NULL(test, set);
	for (i = 0; i < ARRAY_SIZE(row->tiers) && row->tiers[i]; i++) {
		template.tier = row->tiers[i];
		KUNIT_ASSERT_NOT_NULL(test,
				      podwall_rule_set_add_rule(set, &template,
								"rule"));
	}
	rules = i;
	for (i = 0; i < rules; i++)
		KUNIT_EXPECT_EQ(test, podwall_rule_set_rule_count(set, i),
				row->counts[i]);
	KUNIT_EXPECT_EQ(test, podwall_rule_set_isolation_count(set),
			row->isolation);
	KUNIT_EXPECT_EQ(test, podwall_rule_set_default_count(set), rules + 1);
	KUNIT_EXPECT_TRUE(test, podwall_rule_set_fits_mask(set));
	podwall_rule_set_put(set);
}

static size_t size_of_parts(const struct podwall_rule_set *set)
{
	return sizeof(*set) + set->rules.room * sizeof(struct podwall_rule) +
	       set->peer_sets.room * sizeof(u32) +
	       set->port_ranges.room * sizeof(struct podwall_port_range) +
	       set->texts.room +
	       5 * (sizeof(struct podwall_count) * num_possible_cpus() +
		    sizeof(u32));
}

static void size_counts_all(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &three_rules);

	KUNIT_EXPECT_EQ(test, podwall_rule_set_size(set), size_of_parts(set));
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	KUNIT_EXPECT_EQ(test, podwall_rule_set_size(set), size_of_parts(set));
	podwall_rule_set_put(set);
}

static void freeze_gives_back_room(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &three_rules);
	struct podwall_rule *rule = podwall_array_append(&set->rules,
							 sizeof(*rule));
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, rule);
	*rule = (struct podwall_rule){
		.tier = PODWALL_TIER_BASELINE,
		.action = PODWALL_ACTION_DENY,
		.first_peer_set = set->peer_sets.count,
		.first_port_range = set->port_ranges.count,
	};
	for (i = 0; i < 1000; i++)
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_peer_set(set, rule, i));
	KUNIT_ASSERT_EQ(test, 0,
			podwall_array_reserve(&set->peer_sets, 2000,
					      sizeof(u32)));
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_freeze(set));
	KUNIT_EXPECT_EQ(test, set->peer_sets.room, set->peer_sets.count);
	KUNIT_EXPECT_EQ(test,
			((u32 *)set->peer_sets.elements)[set->peer_sets.count - 1],
			999);
	podwall_rule_set_put(set);
}

static void references_keep_it(struct kunit *test)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, &three_rules);

	KUNIT_EXPECT_PTR_EQ(test, podwall_rule_set_get(set), set);
	podwall_rule_set_put(set);
	KUNIT_EXPECT_EQ(test, set->rules.count, 3);
	KUNIT_EXPECT_EQ(test, refcount_read(&set->references), 1);
	podwall_rule_set_put(set);
}

static struct kunit_case rule_set_cases[] = {
	KUNIT_CASE(rules_keep_their_fields),
	KUNIT_CASE(rules_own_runs),
	KUNIT_CASE(add_rule_ignores_runs),
	KUNIT_CASE(texts_stay_apart),
	KUNIT_CASE(freeze_gives_counters_once),
	KUNIT_CASE_PARAM(counts_stand_as_rules_are_judged, count_gen_params),
	KUNIT_CASE(size_counts_all),
	KUNIT_CASE(freeze_gives_back_room),
	KUNIT_CASE(references_keep_it),
	{}
};

static struct kunit_suite rule_set_suite = {
	.name = "podwall_rule_set",
	.test_cases = rule_set_cases,
};

kunit_test_suite(rule_set_suite);
