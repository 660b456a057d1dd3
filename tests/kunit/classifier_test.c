// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/podwall.h>

#include "address_map_build.h"
#include "ask.h"
#include "change.h"
#include "classifier_build.h"
#include "draft.h"
#include "policy.h"
#include "transaction.h"

/* Identity 5 has four addresses, 6 has one; the others have none. */
static const struct change base[] = {
	ADDRESS("10.0.0.1", 5), ADDRESS("10.0.0.2", 5), ADDRESS("10.0.0.3", 6),
	ADDRESS("fd00::1", 5),
	PEER_SET(5, "five"), PEER_SET(6, "six"), PEER_SET(7, "seven"),
	INGRESS(50, 5), INGRESS(60, 6), EGRESS(70, 7),
	ADDRESS("10.0.0.7", 5), POD("a/four", "10.0.0.7", 50, 70),
	POD("a/six", "fd00::7", 0, 0),
};

static const struct draft_peer_set blocks = {
	8, "eight", .blocks = { { "10.1.0.0/16" } },
};

enum hindrance {
	NONE,
	LISTING,		/* holds the policy */
	OLDER_POLICY,		/* shares identities */
	OLDER_PAGE,		/* shares the map's pages */
	OLDER_MAP,		/* shares the map */
	LIMIT,			/* on addresses is reached */
	SETTINGS,		/* are staged too */
};

static const struct store_case {
	const char *desc;
	struct change changes[3];
	enum hindrance hindrance;
	bool stored;
	const char *ip;
	u32 after;
	int used;
} store_cases[] = {
	{ "an address joins", { ADDRESS("10.0.0.9", 5) }, NONE, true,
	  "10.0.0.9", 5, 1 },
	{ "an IPv6 address joins", { ADDRESS("fd00::2", 6) }, NONE, true,
	  "fd00::2", 6, 1 },
	{ "an address in a block joins", { ADDRESS("10.1.0.9", 5) }, NONE, true,
	  "10.1.0.9", 5, 1 },
	{ "an address moves", { ADDRESS("10.0.0.1", 6) }, NONE, true,
	  "10.0.0.1", 6, 0 },
	{ "the last address of an identity moves", { ADDRESS("10.0.0.3", 5) },
	  NONE, true, "10.0.0.3", 5, 0 },
	{ "an address stays", { ADDRESS("10.0.0.1", 5) }, NONE, true,
	  "10.0.0.1", 5, 0 },
	{ "an address leaves", { NO_ADDRESS("10.0.0.1") }, NONE, true,
	  "10.0.0.1", 0, -1 },
	{ "the last address leaves", { NO_ADDRESS("10.0.0.3") }, NONE, true,
	  "10.0.0.3", 0, -1 },
	{ "an identity without addresses", { ADDRESS("10.0.0.9", 7) }, NONE,
	  false, "10.0.0.9", 0 },
	{ "a move to an identity without addresses", { ADDRESS("10.0.0.1", 7) },
	  NONE, false, "10.0.0.1", 5 },
	{ "removal of what does not exist", { NO_ADDRESS("10.0.0.9") }, NONE,
	  false, "10.0.0.9", 0 },
	{ "removal in a block of what does not exist",
	  { NO_ADDRESS("10.1.0.9") }, NONE, false, "10.1.0.9", 0 },
	{ "an address of a pod of this node stays",
	  { ADDRESS("10.0.0.7", 5) }, NONE, false, "10.0.0.7", 5 },
	{ "an address of a pod of this node moves",
	  { ADDRESS("10.0.0.7", 6) }, NONE, false, "10.0.0.7", 5 },
	{ "an address of a pod of this node leaves",
	  { NO_ADDRESS("10.0.0.7") }, NONE, false, "10.0.0.7", 5 },
	{ "an IPv6 address of a pod of this node joins",
	  { ADDRESS("fd00::7", 5) }, NONE, false, "fd00::7", 0 },
	{ "nothing", { }, NONE, false, "10.0.0.1", 5 },
	{ "two addresses",
	  { ADDRESS("10.0.0.8", 5), ADDRESS("10.0.0.9", 5) }, NONE, false,
	  "10.0.0.9", 0 },
	{ "an address twice",
	  { ADDRESS("10.0.0.9", 6), ADDRESS("10.0.0.9", 5) }, NONE, false,
	  "10.0.0.9", 0 },
	{ "with a peer set", { ADDRESS("10.0.0.9", 5), PEER_SET(9, "nine") },
	  NONE, false, "10.0.0.9", 0 },
	{ "with a peer set's removal",
	  { ADDRESS("10.0.0.9", 5), NO_PEER_SET(8) }, NONE, false,
	  "10.0.0.9", 0 },
	{ "with a rule set", { ADDRESS("10.0.0.9", 5), INGRESS(50, 6) }, NONE,
	  false, "10.0.0.9", 0 },
	{ "with a rule set's removal",
	  { ADDRESS("10.0.0.9", 5), NO_RULE_SET(50) }, NONE, false,
	  "10.0.0.9", 0 },
	{ "with a pod",
	  { ADDRESS("10.0.0.9", 5), POD("a/b", "10.0.0.9", 50, 70) }, NONE,
	  false, "10.0.0.9", 0 },
	{ "after a flush", { FLUSH, ADDRESS("10.0.0.9", 5) }, NONE, false,
	  "10.0.0.9", 0 },
	{ "with settings", { ADDRESS("10.0.0.9", 5) }, SETTINGS, false,
	  "10.0.0.9", 0 },
	{ "a listing is under way", { ADDRESS("10.0.0.9", 5) }, LISTING, false,
	  "10.0.0.9", 0 },
	{ "removal while a listing is under way", { NO_ADDRESS("10.0.0.1") },
	  LISTING, false, "10.0.0.1", 5 },
	{ "an older policy has the identities", { ADDRESS("10.0.0.9", 5) },
	  OLDER_POLICY, false, "10.0.0.9", 0 },
	{ "an older policy has the page", { ADDRESS("10.0.0.9", 5) },
	  OLDER_PAGE, false, "10.0.0.9", 0 },
	{ "removal while an older policy has the page",
	  { NO_ADDRESS("10.0.0.1") }, OLDER_PAGE, false, "10.0.0.1", 5 },
	{ "an older policy has the map", { ADDRESS("10.0.0.9", 5) }, OLDER_MAP,
	  false, "10.0.0.9", 0 },
	{ "one of the other family's map", { ADDRESS("fd00::9", 5) }, OLDER_MAP,
	  true, "fd00::9", 5, 1 },
	{ "over the limit", { ADDRESS("10.0.0.9", 5) }, LIMIT, false,
	  "10.0.0.9", 0 },
	{ "a move at the limit", { ADDRESS("10.0.0.1", 6) }, LIMIT, true,
	  "10.0.0.1", 6, 0 },
	{ "removal at the limit", { NO_ADDRESS("10.0.0.1") }, LIMIT, true,
	  "10.0.0.1", 0, -1 },
};

KUNIT_ARRAY_PARAM_DESC(store, store_cases, desc);

static struct podwall_policy *make_live(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);

	change_stage(test, transaction, base, ARRAY_SIZE(base));
	draft_stage_peer_set(test, transaction, &blocks);
	return draft_commit(test, draft_policy(test), transaction);
}

static struct podwall_address_map *hinder(struct kunit *test,
					  enum hindrance hindrance,
					  struct podwall_policy *live,
					  struct podwall_transaction *transaction)
{
	struct podwall_classifier *classifier = &live->classifier;

	switch (hindrance) {
	case LISTING:
		podwall_policy_get(live);
		break;
	case OLDER_POLICY:
		podwall_identities_get(classifier->identities);
		break;
	case OLDER_PAGE:
		return podwall_address_map_clone(classifier->addresses4, 0);
	case OLDER_MAP:
		return podwall_address_map_get(classifier->addresses4);
	case LIMIT:
		live->settings.limits.addresses = live->used.addresses;
		break;
	case SETTINGS:
		podwall_settings_init(&transaction->settings);
		transaction->has_settings = true;
		break;
	default:
		break;
	}
	return NULL;
}

static void unhinder(enum hindrance hindrance, struct podwall_policy *live,
		     struct podwall_address_map *map)
{
	if (hindrance == LISTING)
		podwall_policy_put(live);
	if (hindrance == OLDER_POLICY)
		podwall_identities_put(live->classifier.identities);
	podwall_address_map_put(map);
}

static void one_address_is_stored(struct kunit *test)
{
	const struct store_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *live = make_live(test);
	u32 used = live->used.addresses, before;
	struct podwall_ip ip = draft_ip(row->ip);
	struct podwall_address_map *map;

	before = podwall_policy_identity(live, &ip);
	change_stage(test, transaction, row->changes, ARRAY_SIZE(row->changes));
	map = hinder(test, row->hindrance, live, transaction);
	KUNIT_EXPECT_EQ(test, podwall_classifier_store(live, transaction),
			row->stored);
	unhinder(row->hindrance, live, map);

	KUNIT_EXPECT_EQ(test, podwall_policy_identity(live, &ip), row->after);
	KUNIT_EXPECT_EQ(test, live->generation, 1 + row->stored);
	KUNIT_EXPECT_EQ(test, live->used.addresses, used + row->used);
	if (!row->stored)
		KUNIT_EXPECT_EQ(test, before, row->after);
	ask_users(test, live);
}

/* What an older policy holds it gives back, and then the store works. */
static void store_works_when_the_older_policy_is_gone(struct kunit *test)
{
	static const struct change second[] = { ADDRESS("10.0.0.8", 6) };
	static const struct change third[] = { ADDRESS("10.0.0.9", 6) };
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_transaction *another = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;
	struct podwall_ip ip = draft_ip("10.0.0.9");
	int tries;

	change_stage(test, transaction, second, 1);
	next = draft_commit(test, live, transaction);
	change_stage(test, another, third, 1);
	draft_drop_policy(test, live);
	for (tries = 0; tries < 500; tries++) {
		if (podwall_classifier_store(next, another))
			break;
		msleep(20);
	}
	KUNIT_EXPECT_EQ(test, podwall_policy_identity(next, &ip), 6);
	KUNIT_EXPECT_EQ(test, next->generation, 3);
	ask_users(test, next);
}

/* An older policy sees nothing of what the next one does, nor the reverse. */
static void policies_stay_apart(struct kunit *test)
{
	static const struct change changes[] = {
		ADDRESS("10.0.0.1", 9), NO_ADDRESS("10.0.0.3"),
		ADDRESS("fd00::9", 9),
	};
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;
	struct podwall_ip ips[] = {
		draft_ip("10.0.0.1"), draft_ip("10.0.0.3"), draft_ip("fd00::9"),
		draft_ip("10.0.0.2"), draft_ip("10.1.0.1"),
	};
	static const u32 before[] = { 5, 6, 0, 5, 0 };
	static const u32 after[] = { 9, 0, 9, 5, 0 };
	u32 i;

	change_stage(test, transaction, changes, ARRAY_SIZE(changes));
	next = draft_commit(test, live, transaction);
	for (i = 0; i < ARRAY_SIZE(ips); i++) {
		KUNIT_EXPECT_EQ(test, podwall_policy_identity(live, &ips[i]),
				before[i]);
		KUNIT_EXPECT_EQ(test, podwall_policy_identity(next, &ips[i]),
				after[i]);
	}
	ask_users(test, live);
	ask_users(test, next);
}

/* Regions in great number take bits from identities, and none get lost. */
static void bits_pass_from_identities_to_regions(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;
	struct podwall_peer_set *set;
	struct podwall_network network = { .prefix_length = 32 };
	char name[16];
	u32 i, missing = 0;

	/* Each peer set is a region, and each address its identity. */
	for (i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "set %u", i);
		set = podwall_peer_set_create(100 + i, name);
		KUNIT_ASSERT_NOT_NULL(test, set);
		network.base = draft_ip4(0x0b000000 + i);
		KUNIT_ASSERT_NOT_NULL(test,
				      podwall_peer_set_add_block(set, &network));
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_peer_set(transaction,
								 set));
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_address(transaction,
								&network.base,
								1 + i));
	}
	next = draft_commit(test, live, transaction);
	KUNIT_EXPECT_GT(test, next->classifier.region_bits,
			live->classifier.region_bits);
	for (i = 0; i < 3000; i++) {
		network.base = draft_ip4(0x0b000000 + i);
		missing += podwall_policy_identity(next, &network.base) != 1 + i;
		missing += podwall_classifier_region(&next->classifier,
						     podwall_classifier_class(&next->classifier,
									      &network.base)) !=
			   podwall_regions_find(next->classifier.regions,
						&network.base);
	}
	network.base = draft_ip("10.0.0.1");
	KUNIT_EXPECT_EQ(test, podwall_policy_identity(next, &network.base), 5);
	network.base = draft_ip("fd00::1");
	KUNIT_EXPECT_EQ(test, podwall_policy_identity(next, &network.base), 5);
	KUNIT_EXPECT_EQ(test, missing, 0);
	ask_users(test, live);
}

static struct kunit_case classifier_cases[] = {
	KUNIT_CASE_PARAM(one_address_is_stored, store_gen_params),
	KUNIT_CASE(store_works_when_the_older_policy_is_gone),
	KUNIT_CASE(policies_stay_apart),
	KUNIT_CASE(bits_pass_from_identities_to_regions),
	{}
};

static struct kunit_suite classifier_suite = {
	.name = "podwall_classifier",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = classifier_cases,
};

kunit_test_suite(classifier_suite);
