// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/prandom.h>

#include "draft.h"
#include "policy.h"
#include "transaction.h"

/*
 * A rule set is replaced over and over, at random, while packets count by any of
 * the policies that are not freed, which are dropped in any order. The naive
 * model has a number for each count and moves it along by hand.
 */

#define ROUNDS		12
#define COMMITS		40
#define HELD		6
#define RULES_MAX	8

/** struct tally - what one count should be; the cookies of @tier and @cookie */
struct tally {
	u8 tier;
	u64 cookie;
	u64 connections;
	u64 packets;
	u64 bytes;
};

/**
 * struct version - a rule set as one commit had it
 * @policy: that has it; NULL once it is dropped
 * @rules: how many
 * @tallies: of the rules, of isolation and of what nothing decided
 * @successor: for each of @tallies, one up, which of the next version's goes on
 *	from it; 0 for none
 */
struct version {
	struct podwall_policy *policy;
	u32 rules;
	struct tally tallies[RULES_MAX + 2];
	u32 successor[RULES_MAX + 2];
};

struct history {
	struct rnd_state random;
	struct version versions[COMMITS];
	u32 count;
};

/* Few cookies, so that some are shared, and some none. */
static void draw_rules(struct history *history, struct draft_rule_set *draft,
		       struct version *version)
{
	u32 i, left = draft_below(&history->random, RULES_MAX + 1);
	u8 tier;

	*draft = (struct draft_rule_set){
		.id = 3,
		.direction = PODWALL_DIRECTION_INGRESS,
		.isolated = true,
	};
	version->rules = left;
	for (i = 0, tier = PODWALL_TIER_ADMIN; i < left; i++) {
		tier = max_t(u8, tier,
			     1 + draft_below(&history->random,
					     PODWALL_TIER_BASELINE));
		draft->rules[i] = (struct draft_rule){
			.tier = tier,
			.action = PODWALL_ACTION_ACCEPT,
			.priority = tier == PODWALL_TIER_POLICY ? 0 : i,
			.cookie = draft_below(&history->random, 5),
		};
		version->tallies[i].tier = tier;
		version->tallies[i].cookie = draft->rules[i].cookie;
	}
}

static bool is_taken(const struct version *version, u32 by)
{
	u32 i;

	for (i = 0; i < version->rules + 2; i++)
		if (version->successor[i] == by + 1)
			return true;
	return false;
}

/* The first rule of the next version that is left and looks the same. */
static u32 find_successor(const struct version *old, u32 rule,
			  const struct version *new)
{
	const struct tally *tally = &old->tallies[rule];
	u32 i;

	for (i = 0; tally->cookie && i < new->rules; i++)
		if (new->tallies[i].cookie == tally->cookie &&
		    new->tallies[i].tier == tally->tier && !is_taken(old, i))
			return i + 1;
	return 0;
}

static void add(struct tally *tally, const struct tally *more)
{
	tally->connections += more->connections;
	tally->packets += more->packets;
	tally->bytes += more->bytes;
}

static void carry_over(struct version *old, struct version *new)
{
	u32 i, to;

	for (i = 0; i < old->rules; i++)
		old->successor[i] = find_successor(old, i, new);
	old->successor[old->rules] = new->rules + 1;
	old->successor[old->rules + 1] = new->rules + 2;
	for (i = 0; i < old->rules + 2; i++) {
		to = old->successor[i];
		if (to)
			add(&new->tallies[to - 1], &old->tallies[i]);
	}
}

static u32 index_of(const struct podwall_rule_set *set, u32 tally)
{
	if (tally == set->rules.count)
		return podwall_rule_set_isolation_count(set);
	if (tally > set->rules.count)
		return podwall_rule_set_default_count(set);
	return podwall_rule_set_rule_count(set, tally);
}

/* A packet that found one of the policies, and so counts in all later ones. */
static void count_packet(struct history *history, u32 at)
{
	struct version *version = &history->versions[at];
	const struct tally packet = {
		.connections = draft_below(&history->random, 2),
		.packets = 1,
		.bytes = draft_below(&history->random, 1500),
	};
	struct podwall_rule_set *set = podwall_policy_rule_set(version->policy, 3);
	u32 tally = draft_below(&history->random, version->rules + 2) + 1;

	podwall_count_add(podwall_counters_at(set->counters,
					      index_of(set, tally - 1)),
			  packet.bytes, packet.connections);
	for (; tally && at < history->count; at++) {
		version = &history->versions[at];
		add(&version->tallies[tally - 1], &packet);
		tally = version->successor[tally - 1];
	}
}

static void check(struct kunit *test, const struct history *history, u32 at)
{
	const struct version *version = &history->versions[at];
	struct podwall_rule_set *set = podwall_policy_rule_set(version->policy, 3);
	struct podwall_count count;
	u32 i;

	for (i = 0; i < version->rules + 2; i++) {
		const struct tally *tally = &version->tallies[i];

		count = podwall_counters_read(set->counters, index_of(set, i));
		KUNIT_ASSERT_EQ_MSG(test, count.packets, tally->packets,
				    "version %u of %u, count %u", at,
				    history->count, i);
		KUNIT_ASSERT_EQ(test, count.connections, tally->connections);
		KUNIT_ASSERT_EQ(test, count.bytes, tally->bytes);
	}
}

static u32 held(const struct history *history)
{
	u32 i, count = 0;

	for (i = 0; i < history->count; i++)
		count += !!history->versions[i].policy;
	return count;
}

/* Any but the last, which is live. */
static void drop_one(struct kunit *test, struct history *history)
{
	u32 i = draft_below(&history->random, history->count - 1);

	while (!history->versions[i].policy)
		i = (i + 1) % (history->count - 1);
	draft_drop_policy(test, history->versions[i].policy);
	history->versions[i].policy = NULL;
	if (draft_below(&history->random, 2))
		rcu_barrier();
}

static void replace(struct kunit *test, struct history *history,
		    const struct podwall_policy *live)
{
	struct version *version = &history->versions[history->count++];
	struct podwall_transaction *transaction = draft_transaction(test);
	struct draft_rule_set draft;

	draw_rules(history, &draft, version);
	if (!draft_below(&history->random, 4))
		podwall_transaction_flush(transaction);
	draft_stage_rule_set(test, transaction, &draft);
	version->policy = draft_commit(test, live, transaction);
	draft_drop_transaction(test, transaction);
	if (history->count > 1)
		carry_over(version - 1, version);
}

/* What is built and not published leaves no trace, whenever it is freed. */
static void abandon(struct kunit *test, const struct podwall_policy *live)
{
	static const struct draft_rule_set draft = {
		.id = 3,
		.direction = PODWALL_DIRECTION_INGRESS,
		.isolated = true,
		.rules = { { .tier = PODWALL_TIER_POLICY,
			     .action = PODWALL_ACTION_ACCEPT, .cookie = 1 } },
	};
	struct podwall_transaction *transaction = draft_transaction(test);

	draft_stage_rule_set(test, transaction, &draft);
	draft_drop_policy(test, draft_commit(test, live, transaction));
	draft_drop_transaction(test, transaction);
}

static void play(struct kunit *test, struct history *history)
{
	struct podwall_policy *live = draft_policy(test);
	u32 i, j, at;

	for (i = 0; i < COMMITS; i++) {
		replace(test, history, live);
		live = history->versions[history->count - 1].policy;
		for (j = 0; j < 30; j++) {
			at = draft_below(&history->random, history->count);
			if (history->versions[at].policy)
				count_packet(history, at);
		}
		while (held(history) > 1 &&
		       (held(history) > HELD ||
			draft_below(&history->random, 3)))
			drop_one(test, history);
		if (!draft_below(&history->random, 4))
			abandon(test, live);
		for (j = 0; j < history->count; j++)
			if (history->versions[j].policy)
				check(test, history, j);
	}
	for (j = 0; j < history->count; j++)
		if (history->versions[j].policy)
			draft_drop_policy(test, history->versions[j].policy);
	rcu_barrier();
}

static void counts_are_as_in_the_naive_model(struct kunit *test)
{
	struct history *history = kunit_kzalloc(test, sizeof(*history),
						GFP_KERNEL);
	struct rnd_state random = draft_random(test);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, history);
	for (i = 0; i < ROUNDS; i++) {
		*history = (struct history){ .random = random };
		play(test, history);
		random = history->random;
	}
}

static struct kunit_case succession_random_cases[] = {
	KUNIT_CASE(counts_are_as_in_the_naive_model),
	{}
};

static struct kunit_suite succession_random_suite = {
	.name = "podwall_succession_random",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = succession_random_cases,
};

kunit_test_suite(succession_random_suite);
