// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/podwall.h>
#include <linux/prandom.h>

#include "ask.h"
#include "chance.h"
#include "classifier_build.h"
#include "commit.h"
#include "draft.h"
#include "error.h"
#include "evaluator.h"
#include "policy.h"
#include "transaction.h"

#define ADDRESSES	60
#define IDENTITIES	25
#define PEER_SETS	8
#define RULE_SETS	5
#define ROUNDS		150
#define QUESTIONS	25

/**
 * struct world - what the live policy must hold
 * @test: the running case
 * @random: where all comes from
 * @live: the policy
 * @transaction: being staged
 * @identities: of each address; 0 for none
 * @peer_sets: whether each exists, by id less one
 * @rule_sets: the peer sets that each names, as bits; bit 31 where it exists
 * @stores: how many transactions were a single store
 */
struct world {
	struct kunit *test;
	struct rnd_state random;
	struct podwall_policy *live;
	struct podwall_transaction *transaction;
	u32 identities[ADDRESSES];
	bool peer_sets[PEER_SETS];
	u32 rule_sets[RULE_SETS];
	u32 stores;
};

#define EXISTS BIT(31)

static struct podwall_ip address(u32 index)
{
	if (index & 1)
		return draft_ip6(0xfd00000000000000 | (index % 3), index / 2);
	return draft_ip4(0x0a000000 + index / 2 + (index % 3) * 256);
}

static u32 below(struct world *world, u32 limit)
{
	return draft_below(&world->random, limit);
}

static void stage_address(struct world *world, u32 index, u32 identity)
{
	struct podwall_ip ip = address(index);

	KUNIT_ASSERT_EQ(world->test, 0,
			podwall_transaction_add_address(world->transaction, &ip,
							identity));
	world->identities[index] = identity;
}

static void change_address(struct world *world)
{
	u32 index = below(world, ADDRESSES);
	bool leaves = world->identities[index] && !below(world, 3);

	stage_address(world, index, leaves ? 0 : 1 + below(world, IDENTITIES));
}

static void stage_peer_set(struct world *world, u32 index, bool blocks)
{
	struct draft_peer_set draft = { .id = 10 * (index + 1) };
	char name[16];
	u32 i, count = below(world, 7);

	snprintf(name, sizeof(name), "set %u", index);
	draft.name = name;
	for (i = 0; i < count; i++)
		draft.identities[i] = 1 + below(world, IDENTITIES);
	for (i = 0; blocks && i < below(world, 4); i++)
		chance_block(&world->random, &draft.blocks[i]);
	draft_stage_peer_set(world->test, world->transaction, &draft);
	world->peer_sets[index] = true;
}

static void add_random_rule(struct world *world, struct podwall_rule_set *set,
			    u32 tier, u32 *named)
{
	struct podwall_rule template = {
		.tier = tier,
		.action = tier == PODWALL_TIER_POLICY ? PODWALL_ACTION_ACCEPT :
			  PODWALL_ACTION_ACCEPT + below(world, 3),
		.any_peer = !below(world, 12),
		.any_port = !below(world, 4),
	};
	u32 i, index, sets = template.any_peer ? 0 : 1 + below(world, 3);
	u32 ranges = template.any_port ? 0 : 1 + below(world, 3);
	struct podwall_port_range range;
	struct podwall_rule *rule;

	rule = podwall_rule_set_add_rule(set, &template, "random");
	KUNIT_ASSERT_NOT_NULL(world->test, rule);
	for (i = 0; i < sets; i++) {
		index = below(world, PEER_SETS);
		if (!world->peer_sets[index])
			continue;
		*named |= BIT(index);
		KUNIT_ASSERT_EQ(world->test, 0,
				podwall_rule_set_add_peer_set(set, rule,
							      10 * (index + 1)));
	}
	for (i = 0; i < ranges; i++) {
		range = chance_range(&world->random);
		KUNIT_ASSERT_EQ(world->test, 0,
				podwall_rule_set_add_port_range(set, rule,
								&range));
	}
}

/* The last two have more rules than bits. */
static void stage_rule_set(struct world *world, u32 index)
{
	u32 rules = index < RULE_SETS - 2 ? below(world, 31) :
					    31 + below(world, 138);
	u32 i, tier = PODWALL_TIER_ADMIN, named = EXISTS;
	struct podwall_rule_set *set;

	set = podwall_rule_set_create(7 * (index + 1),
				      PODWALL_DIRECTION_INGRESS);
	KUNIT_ASSERT_NOT_NULL(world->test, set);
	if (below(world, 2))
		KUNIT_ASSERT_EQ(world->test, 0,
				podwall_rule_set_isolate(set, "isolated"));
	for (i = 0; i < rules; i++) {
		if (tier < PODWALL_TIER_BASELINE && !below(world, 1 + rules / 3))
			tier++;
		add_random_rule(world, set, tier, &named);
	}
	KUNIT_ASSERT_EQ(world->test, 0,
			podwall_transaction_add_rule_set(world->transaction,
							 set));
	world->rule_sets[index] = named;
}

/* Who names it must forget it in the same commit. */
static void remove_peer_set(struct world *world, u32 index)
{
	u32 i;

	KUNIT_ASSERT_EQ(world->test, 0,
			podwall_transaction_remove_peer_set(world->transaction,
							    10 * (index + 1)));
	world->peer_sets[index] = false;
	for (i = 0; i < RULE_SETS; i++)
		if (world->rule_sets[i] & BIT(index))
			stage_rule_set(world, i);
}

static void remove_rule_set(struct world *world, u32 index)
{
	KUNIT_ASSERT_EQ(world->test, 0,
			podwall_transaction_remove_rule_set(world->transaction,
							    7 * (index + 1)));
	world->rule_sets[index] = 0;
}

static void stage_all(struct world *world)
{
	u32 i;

	for (i = 0; i < ADDRESSES; i++)
		if (below(world, 2))
			stage_address(world, i, 1 + below(world, IDENTITIES));
	for (i = 0; i < PEER_SETS; i++)
		if (below(world, 4))
			stage_peer_set(world, i, true);
	for (i = 0; i < RULE_SETS; i++)
		if (below(world, 5))
			stage_rule_set(world, i);
}

static void flush(struct world *world)
{
	podwall_transaction_flush(world->transaction);
	memset(world->identities, 0, sizeof(world->identities));
	memset(world->peer_sets, 0, sizeof(world->peer_sets));
	memset(world->rule_sets, 0, sizeof(world->rule_sets));
	if (below(world, 4))
		stage_all(world);
}

static void change_peer_set(struct world *world)
{
	u32 index = below(world, PEER_SETS);

	if (world->peer_sets[index] && !below(world, 4))
		remove_peer_set(world, index);
	else
		stage_peer_set(world, index, below(world, 2));
}

static void change_rule_set(struct world *world)
{
	u32 index = below(world, RULE_SETS);

	if (world->rule_sets[index] && !below(world, 4))
		remove_rule_set(world, index);
	else
		stage_rule_set(world, index);
}

static void change(struct world *world)
{
	u32 i, count = below(world, 20) ? below(world, 4) : 40;

	/* Half of all transactions are one address. */
	if (below(world, 2)) {
		change_address(world);
		return;
	}
	if (!below(world, 15))
		flush(world);
	for (i = 0; i < count; i++)
		change_address(world);
	for (i = below(world, 3); i; i--)
		change_peer_set(world);
	if (!below(world, 2))
		change_rule_set(world);
}

KUNIT_DEFINE_ACTION_WRAPPER(put_policy, podwall_policy_put,
			    struct podwall_policy *);
KUNIT_DEFINE_ACTION_WRAPPER(free_transaction, podwall_transaction_free,
			    struct podwall_transaction *);

/* As a commit does: a store where that is all, else the next policy. */
static void commit(struct world *world, bool wait)
{
	struct kunit *test = world->test;
	struct podwall_error error = {};
	struct podwall_policy *policy;
	u32 tries;

	/* Whatever the live policy shares with those before it hinders stores. */
	for (tries = 0; wait && tries < 10 &&
	     refcount_read(&world->live->classifier.identities->references) > 1;
	     tries++)
		msleep(20);
	if (podwall_classifier_store(world->live, world->transaction)) {
		world->stores++;
		return;
	}
	policy = podwall_commit_build(world->live, world->transaction, &error);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(policy), "refused: %s", error.text);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, put_policy, policy));
	kunit_release_action(test, put_policy, world->live);
	world->live = policy;
}

static void compare(struct world *world, u32 id)
{
	u32 index = below(world, ADDRESSES);
	struct podwall_ip ip = address(index);
	struct podwall_query query = {
		.peer = &ip,
		.identity = world->identities[index],
	};

	chance_query(&world->random, &query);
	ask_policy(world->test, world->live, id, &query);
}

static void compare_all(struct world *world, u32 round)
{
	u32 i, j, count = 0;

	for (i = 0; i < ADDRESSES; i++)
		count += !!world->identities[i];
	KUNIT_ASSERT_EQ(world->test, world->live->used.addresses, count);
	KUNIT_ASSERT_EQ(world->test, world->live->generation, round + 1);
	for (i = 0; i < RULE_SETS; i++) {
		if (!world->rule_sets[i])
			continue;
		for (j = 0; j < QUESTIONS; j++)
			compare(world, 7 * (i + 1));
	}
}

static void begin_transaction(struct world *world)
{
	world->transaction = podwall_transaction_create(1, NULL);
	KUNIT_ASSERT_NOT_NULL(world->test, world->transaction);
	KUNIT_ASSERT_EQ(world->test, 0,
			kunit_add_action_or_reset(world->test, free_transaction,
						  world->transaction));
}

static void rows_equal_evaluator(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);
	u32 round;

	KUNIT_ASSERT_NOT_NULL(test, world);
	world->test = test;
	world->random = draft_random(test);
	world->live = podwall_policy_create_initial();
	KUNIT_ASSERT_NOT_NULL(test, world->live);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, put_policy,
						  world->live));
	for (round = 0; round < ROUNDS; round++) {
		begin_transaction(world);
		if (round)
			change(world);
		else
			stage_all(world);
		commit(world, below(world, 2));
		kunit_release_action(test, free_transaction,
				     world->transaction);
		compare_all(world, round);
	}
	/* Or else one of two ways was never gone. */
	KUNIT_EXPECT_GT(test, world->stores, 0);
	KUNIT_EXPECT_LT(test, world->stores, ROUNDS);
}

static struct kunit_case classifier_random_cases[] = {
	KUNIT_CASE(rows_equal_evaluator),
	{}
};

static struct kunit_suite classifier_random_suite = {
	.name = "podwall_classifier_random",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = classifier_random_cases,
};

kunit_test_suite(classifier_random_suite);
