// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/prandom.h>

#include "chance.h"
#include "draft.h"
#include "policy.h"
#include "region.h"
#include "transaction.h"

/* So many that few of them, and their neighbours, are looked up one by one. */
#define ADDRESSES4	400
#define ADDRESSES6	200
#define ADDRESSES	(ADDRESSES4 + ADDRESSES6)
#define IDENTITIES	20
#define SETS		4
#define ROUNDS		200

/* Around what the blocks of chance_block() are about. */
static struct podwall_ip address(u32 index)
{
	if (index < ADDRESSES4)
		return draft_ip4(0x09ffffc0 + index);
	return draft_ip6(0xfd00000000000000, index - ADDRESSES4);
}

static void stage_address(struct kunit *test,
			  struct podwall_transaction *transaction,
			  u32 *identities, u32 index, u32 identity)
{
	struct podwall_ip ip = address(index);

	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_address(transaction, &ip,
							identity));
	identities[index] = identity;
}

static void stage_blocks(struct kunit *test, struct rnd_state *random,
			 struct podwall_transaction *transaction)
{
	struct draft_peer_set draft = { .id = 1 + draft_below(random, SETS) };
	u32 i, blocks = draft_below(random, 3);
	char name[16];

	snprintf(name, sizeof(name), "set %u", draft.id);
	draft.name = name;
	for (i = 0; i < blocks; i++)
		chance_block(random, &draft.blocks[i]);
	draft_stage_peer_set(test, transaction, &draft);
}

/* Each address has its identity, and the region that it lies in. */
static void expect_classes(struct kunit *test,
			   const struct podwall_policy *policy,
			   const u32 *identities, u32 round)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	u32 users[IDENTITIES + 1] = {}, i, class;
	char text[PODWALL_NETWORK_TEXT];
	struct podwall_ip ip;

	for (i = 0; i < ADDRESSES; i++) {
		ip = address(i);
		class = podwall_classifier_class(classifier, &ip);
		podwall_ip_text(&ip, text);
		KUNIT_ASSERT_EQ_MSG(test,
				    podwall_classifier_identity(classifier,
								class),
				    identities[i], "round %u: %s", round, text);
		KUNIT_ASSERT_EQ_MSG(test,
				    podwall_classifier_region(classifier, class),
				    podwall_regions_find(classifier->regions,
							 &ip),
				    "round %u: %s", round, text);
		users[identities[i]]++;
	}
	for (i = 1; i < classifier->identities->count; i++) {
		const struct podwall_identity *entry =
			&classifier->identities->entries[i];

		if (entry->users)
			KUNIT_ASSERT_EQ(test, entry->users, users[entry->id]);
	}
}

static void equals_what_is_looked_up(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	struct podwall_policy *live = draft_policy(test), *next;
	struct podwall_transaction *transaction = draft_transaction(test);
	u32 *identities, i, round;

	identities = kunit_kcalloc(test, ADDRESSES, sizeof(*identities),
				   GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, identities);
	for (i = 0; i < ADDRESSES; i++)
		stage_address(test, transaction, identities, i,
			      1 + draft_below(&random, IDENTITIES));
	for (round = 0; round < ROUNDS; round++) {
		next = draft_commit(test, live, transaction);
		expect_classes(test, next, identities, round);
		draft_drop_transaction(test, transaction);
		draft_drop_policy(test, live);
		live = next;
		transaction = draft_transaction(test);
		stage_blocks(test, &random, transaction);
		i = draft_below(&random, 2 * ADDRESSES);
		if (i < ADDRESSES)
			stage_address(test, transaction, identities, i,
				      1 + draft_below(&random, IDENTITIES));
	}
}

static struct kunit_case address_class_cases[] = {
	KUNIT_CASE(equals_what_is_looked_up),
	{}
};

static struct kunit_suite address_class_suite = {
	.name = "podwall_address_class",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = address_class_cases,
};

kunit_test_suite(address_class_suite);
