// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers of identities and regions, and how commits come to give others. That
 * shows in how many there are, and never in an answer.
 */

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/podwall.h>

#include "ask.h"
#include "chance.h"
#include "change.h"
#include "commit.h"
#include "draft.h"
#include "error.h"
#include "evaluator.h"
#include "policy.h"
#include "transaction.h"

#define PEER_SETS	5
#define MASKS		1
#define PROGRAMS	2

/* Address i has identity i + 1, and most of them lie in blocks. */
static struct podwall_ip address(u32 index)
{
	return draft_ip4(0x0a000000 + index);
}

static void stage_addresses(struct kunit *test,
			    struct podwall_transaction *transaction, u32 from,
			    u32 to, bool remove)
{
	struct podwall_ip ip;
	u32 i;

	for (i = from; i < to; i++) {
		ip = address(i);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_address(transaction, &ip,
								remove ? 0 : i + 1));
	}
}

static void stage_peer_sets(struct kunit *test, struct rnd_state *random,
			    struct podwall_transaction *transaction)
{
	struct draft_peer_set draft;
	u32 id;

	for (id = 1; id <= PEER_SETS; id++) {
		chance_peer_set(random, &draft, id);
		/* Blocks are for those who ask for them. */
		memset(draft.blocks, 0, sizeof(draft.blocks));
		draft_stage_peer_set(test, transaction, &draft);
	}
}

static void stage_rule_sets(struct kunit *test, struct rnd_state *random,
			    struct podwall_transaction *transaction)
{
	struct podwall_rule_set *set;

	set = chance_rule_set(test, random, MASKS, 25, PEER_SETS);
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_rule_set(transaction, set));
	set = chance_rule_set(test, random, PROGRAMS, 50, PEER_SETS);
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_rule_set(transaction, set));
}

/* Peer sets from @first on, each with one block of its own. */
static void stage_blocks(struct kunit *test,
			 struct podwall_transaction *transaction, u32 first,
			 u32 count)
{
	struct podwall_network network = { .prefix_length = 32 };
	struct podwall_peer_set *set;
	char name[16];
	u32 i;

	for (i = first; i < first + count; i++) {
		snprintf(name, sizeof(name), "set %u", i);
		set = podwall_peer_set_create(i, name);
		KUNIT_ASSERT_NOT_NULL(test, set);
		network.base = address(i);
		KUNIT_ASSERT_NOT_NULL(test,
				      podwall_peer_set_add_block(set, &network));
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_peer_set(transaction,
								 set));
	}
}

static void ask_address(struct kunit *test, struct rnd_state *random,
			const struct podwall_policy *policy, u32 index,
			u32 addresses)
{
	struct podwall_ip ip = address(index);
	struct podwall_query query = {
		.peer = &ip,
		.identity = index < addresses ? index + 1 : 0,
	};

	chance_query(random, &query);
	ask_policy(test, policy, MASKS, &query);
	ask_policy(test, policy, PROGRAMS, &query);
}

/* Of each address that peer sets may know by name, and of some of the others. */
static void ask_all(struct kunit *test, struct rnd_state *random,
		    const struct podwall_policy *policy, u32 addresses)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	u32 i, step = addresses / 200 + 1, wrong = 0, class;
	struct podwall_ip ip;

	for (i = 0; i < 2 * CHANCE_IDENTITIES; i++)
		ask_address(test, random, policy, i, addresses);
	for (i = 0; i < addresses + 20; i += step)
		ask_address(test, random, policy, i, addresses);
	for (i = 0; i < addresses + 20; i++) {
		ip = address(i);
		class = podwall_classifier_class(classifier, &ip);
		wrong += podwall_classifier_identity(classifier, class) !=
			 (i < addresses ? i + 1 : 0);
		wrong += podwall_classifier_region(classifier, class) !=
			 podwall_regions_find(classifier->regions, &ip);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, policy->used.addresses, addresses);
}

static struct podwall_policy *begin(struct kunit *test, struct rnd_state *random,
				    u32 addresses)
{
	struct podwall_transaction *transaction = draft_transaction(test);

	stage_peer_sets(test, random, transaction);
	stage_rule_sets(test, random, transaction);
	stage_addresses(test, transaction, 0, addresses, false);
	return draft_commit(test, draft_policy(test), transaction);
}

static struct podwall_policy *leave(struct kunit *test,
				    struct podwall_policy *live, u32 left,
				    u32 before)
{
	struct podwall_transaction *transaction = draft_transaction(test);

	stage_addresses(test, transaction, left, before, true);
	return draft_commit(test, live, transaction);
}

/* A commit that touches neither addresses nor blocks. */
static struct podwall_policy *touch(struct kunit *test,
				    struct podwall_policy *live)
{
	static const struct change change = PEER_SET(999, "another");
	struct podwall_transaction *transaction = draft_transaction(test);

	change_stage(test, transaction, &change, 1);
	return draft_commit(test, live, transaction);
}

/* How many addresses there were, how many are left, and what becomes of that. */
static const struct waste_case {
	const char *desc;
	u32 before;
	u32 left;
	bool renumbers;
} waste_cases[] = {
	{ "nothing is unused", 3000, 3000, false },
	{ "most of few", 1021, 10, false },
	{ "more than half of the fewest", 1022, 511, true },
	{ "half of the fewest", 1022, 512, false },
	{ "less than half of many", 3000, 1600, false },
	{ "most of many", 3000, 60, true },
	{ "all but one", 3000, 1, true },
	{ "all", 3000, 0, true },
};

KUNIT_ARRAY_PARAM_DESC(waste, waste_cases, desc);

static void waste_is_numbered_anew(struct kunit *test)
{
	const struct waste_case *row = test->param_value;
	struct rnd_state random = draft_random(test);
	struct podwall_policy *live, *next;
	u32 count;

	live = begin(test, &random, row->before);
	KUNIT_EXPECT_EQ(test, live->classifier.identities->count,
			row->before + 1);
	live = leave(test, live, row->left, row->before);
	KUNIT_EXPECT_EQ(test, live->classifier.identities->count,
			row->before + 1);
	ask_all(test, &random, live, row->left);

	next = touch(test, live);
	count = row->renumbers ? row->left : row->before;
	KUNIT_EXPECT_EQ(test, next->classifier.identities->count, count + 1);
	KUNIT_EXPECT_EQ(test,
			podwall_policy_row(next, MASKS)->cells->identity_count,
			count + 1 + (count + 1) / 16);
	ask_all(test, &random, next, row->left);
	ask_users(test, next);
	/* The older one is none the worse for it. */
	ask_all(test, &random, live, row->left);

	/* Once is enough. */
	live = touch(test, next);
	KUNIT_EXPECT_EQ(test, live->classifier.identities->count, count + 1);
	KUNIT_EXPECT_PTR_EQ(test, podwall_policy_row(live, MASKS),
			    podwall_policy_row(next, MASKS));
	KUNIT_EXPECT_PTR_EQ(test, podwall_policy_row(live, PROGRAMS),
			    podwall_policy_row(next, PROGRAMS));
	ask_all(test, &random, live, row->left);
}

static void flush_numbers_anew(struct kunit *test)
{
	struct podwall_transaction *blocks = draft_transaction(test);
	struct podwall_transaction *flush = draft_transaction(test);
	struct rnd_state random = draft_random(test);
	struct podwall_policy *live, *next;

	live = begin(test, &random, 2000);
	stage_blocks(test, blocks, 100, 1500);
	live = draft_commit(test, live, blocks);
	KUNIT_EXPECT_EQ(test, live->classifier.regions->regions.count, 1501);
	KUNIT_EXPECT_GT(test, live->classifier.region_bits,
			PODWALL_REGION_BITS_MIN);
	ask_all(test, &random, live, 2000);

	podwall_transaction_flush(flush);
	stage_peer_sets(test, &random, flush);
	stage_rule_sets(test, &random, flush);
	stage_blocks(test, flush, 100, 3);
	stage_addresses(test, flush, 0, 30, false);
	next = draft_commit(test, live, flush);
	KUNIT_EXPECT_EQ(test, next->classifier.identities->count, 31);
	KUNIT_EXPECT_EQ(test, next->classifier.regions->regions.count, 4);
	KUNIT_EXPECT_EQ(test, next->classifier.region_bits,
			PODWALL_REGION_BITS_MIN);
	KUNIT_EXPECT_EQ(test,
			podwall_cells_count(podwall_policy_row(next, MASKS)->cells),
			31 + 4 + 2 * (31 / 16));
	ask_all(test, &random, next, 30);
	ask_users(test, next);
	ask_all(test, &random, live, 2000);
}

static void regions_are_numbered_anew(struct kunit *test)
{
	struct podwall_transaction *blocks = draft_transaction(test);
	struct podwall_transaction *removal = draft_transaction(test);
	struct rnd_state random = draft_random(test);
	struct podwall_policy *live, *next;
	u32 id;

	live = begin(test, &random, 40);
	stage_blocks(test, blocks, 100, 1500);
	live = draft_commit(test, live, blocks);
	for (id = 101; id < 1600; id++)
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_remove_peer_set(removal, id));
	live = draft_commit(test, live, removal);
	KUNIT_EXPECT_EQ(test, live->classifier.regions->regions.count, 1501);
	ask_all(test, &random, live, 40);

	next = touch(test, live);
	KUNIT_EXPECT_EQ(test, next->classifier.regions->regions.count, 2);
	KUNIT_EXPECT_EQ(test, next->classifier.identities->count, 41);
	KUNIT_EXPECT_EQ(test, next->classifier.region_bits,
			PODWALL_REGION_BITS_MIN);
	ask_all(test, &random, next, 40);
	ask_users(test, next);
}

/* Of the blocks that come first, those with most of the addresses of a commit. */
static void first_blocks_are_ordered(struct kunit *test)
{
	static const struct draft_peer_set sets[] = {
		{ 10, "none", .blocks = { { "172.16.0.0/12" } } },
		{ 11, "few", .blocks = { { "10.0.0.0/29" } } },
		{ 12, "many", .blocks = { { "10.0.1.0/24" } } },
		{ 13, "fewer", .blocks = { { "10.0.2.0/25" } } },
	};
	struct podwall_transaction *transaction = draft_transaction(test);
	struct rnd_state random = draft_random(test);
	struct podwall_policy *live, *next;
	struct podwall_ip ip;
	u32 i, regions[ARRAY_SIZE(sets)];

	live = begin(test, &random, 520);
	for (i = 0; i < ARRAY_SIZE(sets); i++)
		draft_stage_peer_set(test, transaction, &sets[i]);
	stage_addresses(test, transaction, 0, 600, false);
	next = draft_commit(test, live, transaction);
	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		ip = draft_ip(sets[i].blocks[0].network);
		regions[i] = podwall_regions_find(next->classifier.regions, &ip);
	}
	KUNIT_EXPECT_EQ(test, regions[2], 1);
	KUNIT_EXPECT_EQ(test, regions[3], 2);
	KUNIT_EXPECT_EQ(test, regions[1], 3);
	KUNIT_EXPECT_EQ(test, regions[0], 4);
	KUNIT_EXPECT_EQ(test, next->classifier.identities->count, 601);
	ask_all(test, &random, next, 600);
	ask_users(test, next);
}

#define SIDE 128

/* Peer sets like the lines of a square, with a region where two of them meet. */
static void stage_square(struct kunit *test,
			 struct podwall_transaction *transaction)
{
	struct podwall_network network = { .prefix_length = 32 };
	struct podwall_peer_set *set;
	char name[16];
	u32 i, j;

	for (i = 0; i < 2 * SIDE; i++) {
		snprintf(name, sizeof(name), "line %u", i);
		set = podwall_peer_set_create(1000 + i, name);
		KUNIT_ASSERT_NOT_NULL(test, set);
		for (j = 0; j < SIDE; j++) {
			network.base = address(i < SIDE ? i * SIDE + j :
					       j * SIDE + i - SIDE);
			KUNIT_ASSERT_NOT_NULL(test,
					      podwall_peer_set_add_block(set,
									 &network));
		}
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_peer_set(transaction,
								 set));
	}
}

static void expect_bits(struct kunit *test, const struct podwall_policy *policy,
			u32 identities, u8 bits)
{
	KUNIT_EXPECT_EQ(test, policy->classifier.regions->regions.count,
			SIDE * SIDE + 1);
	KUNIT_EXPECT_EQ(test, policy->classifier.identities->count,
			identities + 1);
	KUNIT_EXPECT_EQ(test, policy->classifier.region_bits, bits);
}

/*
 * 16385 regions take 15 bits, and one is to spare while it can be: that leaves
 * 16 bits for identities, or 17, and no more.
 */
static void bits_are_spared_until_they_are_short(struct kunit *test)
{
	struct podwall_transaction *more = draft_transaction(test);
	struct podwall_transaction *most = draft_transaction(test);
	struct podwall_transaction *too_many = draft_transaction(test);
	struct podwall_transaction *square = draft_transaction(test);
	struct rnd_state random = draft_random(test);
	struct podwall_policy *live, *next, *refused;
	struct podwall_error error = {};

	live = begin(test, &random, 65535);
	stage_square(test, square);
	live = draft_commit(test, live, square);
	expect_bits(test, live, 65535, 16);
	ask_all(test, &random, live, 65535);

	stage_addresses(test, more, 65535, 65536, false);
	next = draft_commit(test, live, more);
	expect_bits(test, next, 65536, 15);
	ask_all(test, &random, next, 65536);
	ask_all(test, &random, live, 65535);
	draft_drop_policy(test, live);

	stage_addresses(test, most, 65536, 131071, false);
	live = draft_commit(test, next, most);
	expect_bits(test, live, 131071, 15);
	ask_all(test, &random, live, 131071);

	stage_addresses(test, too_many, 131071, 131072, false);
	refused = podwall_commit_build(live, too_many, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(refused), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "131072 identities in 16385 regions between the edges of blocks are more than 32 bits tell apart");
	if (!IS_ERR(refused))
		podwall_policy_put(refused);
}

static struct kunit_case classifier_renumber_cases[] = {
	KUNIT_CASE_PARAM(waste_is_numbered_anew, waste_gen_params),
	KUNIT_CASE(flush_numbers_anew),
	KUNIT_CASE(regions_are_numbered_anew),
	KUNIT_CASE(first_blocks_are_ordered),
	KUNIT_CASE(bits_are_spared_until_they_are_short),
	{}
};

static struct kunit_suite classifier_renumber_suite = {
	.name = "podwall_classifier_renumber",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = classifier_renumber_cases,
};

kunit_test_suite(classifier_renumber_suite);
