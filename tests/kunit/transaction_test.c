// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/podwall.h>

#include "draft.h"
#include "peer_set.h"
#include "pod.h"
#include "transaction.h"

/* What an id costs beside its set: the place that the xarray has for it. */
#define MARK sizeof(struct xa_node)

static const struct draft_peer_set small_set = {
	.id = 5, .name = "small", .identities = { 1 },
};

static const struct draft_peer_set large_set = {
	.id = 5, .name = "a much larger set", .identities = { 1, 2, 3, 4, 5 },
	.blocks = { { "10.0.0.0/8", { "10.1.0.0/16" } } },
};

static const struct draft_rule_set rules = {
	.id = 6, .direction = PODWALL_DIRECTION_INGRESS,
	.rules = { { PODWALL_TIER_ADMIN, PODWALL_ACTION_DENY } },
};

static void begins_empty(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);

	KUNIT_EXPECT_EQ(test, transaction->portid, 1);
	KUNIT_EXPECT_EQ(test, transaction->memory, 0);
	KUNIT_EXPECT_FALSE(test, transaction->has_expected);
	KUNIT_EXPECT_FALSE(test, transaction->has_settings);
	KUNIT_EXPECT_FALSE(test, transaction->flush);
	KUNIT_EXPECT_NULL(test, podwall_transaction_peer_set(transaction, 5));
	KUNIT_EXPECT_NULL(test, podwall_transaction_rule_set(transaction, 5));
}

static void addresses_keep_their_order(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_ip ip = draft_ip("10.0.0.1");
	struct podwall_address_change *changes;
	u32 i;

	for (i = 0; i < 3; i++)
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_address(transaction,
								&ip, i));
	changes = transaction->addresses.elements;
	KUNIT_ASSERT_EQ(test, transaction->addresses.count, 3);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, changes[i].identity, i);
		KUNIT_EXPECT_TRUE(test, podwall_ip_equal(&changes[i].ip, &ip));
	}
	KUNIT_EXPECT_EQ(test, transaction->memory,
			transaction->addresses.room * sizeof(*changes));
}

static void pods_are_owned(struct kunit *test)
{
	static const struct draft_pod draft = { "a/b", { "10.0.0.1" } };
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_pod *pod = draft_make_pod(test, &draft);
	struct podwall_pod_change *changes;

	podwall_pod_get(pod);
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_pod(transaction, pod, false));
	podwall_pod_get(pod);
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_pod(transaction, pod, true));
	changes = transaction->pods.elements;
	KUNIT_ASSERT_EQ(test, transaction->pods.count, 2);
	KUNIT_EXPECT_FALSE(test, changes[0].remove);
	KUNIT_EXPECT_TRUE(test, changes[1].remove);
	KUNIT_EXPECT_LT(test, changes[0].sequence, changes[1].sequence);
	KUNIT_EXPECT_EQ(test, transaction->memory,
			transaction->pods.room * sizeof(*changes) +
			2 * podwall_pod_size(pod));
	KUNIT_EXPECT_EQ(test, refcount_read(&pod->references), 3);

	podwall_transaction_flush(transaction);
	KUNIT_EXPECT_EQ(test, refcount_read(&pod->references), 1);
	podwall_pod_put(pod);
}

static void peer_set_displaces_another(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_peer_set *large = draft_make_peer_set(test, &large_set);
	struct podwall_peer_set *small = draft_make_peer_set(test, &small_set);

	podwall_peer_set_get(large);
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_peer_set(transaction, large));
	KUNIT_EXPECT_PTR_EQ(test, podwall_transaction_peer_set(transaction, 5),
			    large);
	KUNIT_EXPECT_EQ(test, transaction->memory,
			MARK + podwall_peer_set_size(large));

	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_peer_set(transaction, small));
	KUNIT_EXPECT_PTR_EQ(test, podwall_transaction_peer_set(transaction, 5),
			    small);
	KUNIT_EXPECT_EQ(test, transaction->memory,
			MARK + podwall_peer_set_size(small));
	KUNIT_EXPECT_EQ(test, refcount_read(&large->references), 1);
	podwall_peer_set_put(large);
}

static void rule_set_displaces_another(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_rule_set *first = draft_make_rule_set(test, &rules);
	struct podwall_rule_set *second = podwall_rule_set_create(6, 1);

	KUNIT_ASSERT_NOT_NULL(test, second);
	podwall_rule_set_get(first);
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_rule_set(transaction, first));
	KUNIT_EXPECT_EQ(test, transaction->memory,
			MARK + podwall_rule_set_size(first));
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_rule_set(transaction, second));
	KUNIT_EXPECT_PTR_EQ(test, podwall_transaction_rule_set(transaction, 6),
			    second);
	KUNIT_EXPECT_EQ(test, transaction->memory,
			MARK + podwall_rule_set_size(second));
	KUNIT_EXPECT_EQ(test, refcount_read(&first->references), 1);
	podwall_rule_set_put(first);
}

/* What is staged before and after a removal, and the mark it leaves. */
static const struct removal_case {
	const char *desc;
	bool staged;
	bool again;
	unsigned long mark;
} removal_cases[] = {
	{ "of nothing staged", false, false, 0 },
	{ "of nothing staged, twice", false, true, 0 },
	{ "of a staged one", true, false, 1 },
	{ "of a staged one, twice", true, true, 1 },
};

KUNIT_ARRAY_PARAM_DESC(removal, removal_cases, desc);

static void peer_set_removal_leaves_mark(struct kunit *test)
{
	const struct removal_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	int i;

	if (row->staged)
		draft_stage_peer_set(test, transaction, &small_set);
	for (i = 0; i <= row->again; i++)
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_remove_peer_set(transaction,
								    5));
	KUNIT_EXPECT_PTR_EQ(test, xa_load(&transaction->peer_sets, 5),
			    xa_mk_value(row->mark));
	KUNIT_EXPECT_NULL(test, podwall_transaction_peer_set(transaction, 5));
	KUNIT_EXPECT_EQ(test, transaction->memory, MARK);
}

static void rule_set_removal_leaves_mark(struct kunit *test)
{
	const struct removal_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	int i;

	if (row->staged)
		draft_stage_rule_set(test, transaction, &rules);
	for (i = 0; i <= row->again; i++)
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_remove_rule_set(transaction,
								    6));
	KUNIT_EXPECT_PTR_EQ(test, xa_load(&transaction->rule_sets, 6),
			    xa_mk_value(row->mark));
	KUNIT_EXPECT_NULL(test, podwall_transaction_rule_set(transaction, 6));
	KUNIT_EXPECT_EQ(test, transaction->memory, MARK);
}

static void set_takes_the_place_of_a_mark(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_peer_set *set = draft_make_peer_set(test, &small_set);

	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_remove_peer_set(transaction, 5));
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_peer_set(transaction, set));
	KUNIT_EXPECT_PTR_EQ(test, podwall_transaction_peer_set(transaction, 5),
			    set);
	KUNIT_EXPECT_EQ(test, transaction->memory,
			MARK + podwall_peer_set_size(set));
}

static const struct address_case {
	const char *desc;
	u32 addresses;
	bool pod;
	bool peer_set;
	bool peer_set_removal;
	bool rule_set;
	bool rule_set_removal;
	bool settings;
	bool flush;
	bool is_address;
} address_cases[] = {
	{ "nothing" },
	{ "one address", 1, .is_address = true },
	{ "two addresses", 2 },
	{ "an address and a pod", 1, .pod = true },
	{ "an address and a peer set", 1, .peer_set = true },
	{ "an address, a peer set goes", 1, .peer_set_removal = true },
	{ "an address and a rule set", 1, .rule_set = true },
	{ "an address, a rule set goes", 1, .rule_set_removal = true },
	{ "an address and settings", 1, .settings = true },
	{ "an address after a flush", 1, .flush = true },
	{ "a pod", .pod = true },
};

KUNIT_ARRAY_PARAM_DESC(address, address_cases, desc);

static void one_address_is_told_apart(struct kunit *test)
{
	static const struct draft_pod pod = { "a/b", { "10.0.0.1" } };
	const struct address_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_ip ip = draft_ip("10.0.0.1");
	u32 i;

	if (row->flush)
		podwall_transaction_flush(transaction);
	for (i = 0; i < row->addresses; i++)
		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_address(transaction,
								&ip, i));
	if (row->pod)
		draft_stage_pod(test, transaction, &pod, false);
	if (row->peer_set)
		draft_stage_peer_set(test, transaction, &small_set);
	if (row->peer_set_removal)
		podwall_transaction_remove_peer_set(transaction, 5);
	if (row->rule_set)
		draft_stage_rule_set(test, transaction, &rules);
	if (row->rule_set_removal)
		podwall_transaction_remove_rule_set(transaction, 6);
	transaction->has_settings = row->settings;

	KUNIT_EXPECT_EQ(test, podwall_transaction_is_address(transaction),
			row->is_address);
}

static void flush_drops_all_but_settings(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_ip ip = draft_ip("10.0.0.1");

	podwall_settings_init(&transaction->settings);
	transaction->settings.event_rate = 3;
	transaction->has_settings = true;
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_address(transaction, &ip, 1));
	draft_stage_peer_set(test, transaction, &large_set);
	draft_stage_rule_set(test, transaction, &rules);
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_remove_rule_set(transaction, 9));

	podwall_transaction_flush(transaction);

	KUNIT_EXPECT_TRUE(test, transaction->flush);
	KUNIT_EXPECT_EQ(test, transaction->memory, 0);
	KUNIT_EXPECT_EQ(test, transaction->addresses.count, 0);
	KUNIT_EXPECT_TRUE(test, xa_empty(&transaction->peer_sets));
	KUNIT_EXPECT_TRUE(test, xa_empty(&transaction->rule_sets));
	KUNIT_EXPECT_TRUE(test, transaction->has_settings);
	KUNIT_EXPECT_EQ(test, transaction->settings.event_rate, 3);

	draft_stage_peer_set(test, transaction, &small_set);
	KUNIT_EXPECT_NOT_NULL(test,
			      podwall_transaction_peer_set(transaction, 5));
}

static struct kunit_case transaction_cases[] = {
	KUNIT_CASE(begins_empty),
	KUNIT_CASE(addresses_keep_their_order),
	KUNIT_CASE(pods_are_owned),
	KUNIT_CASE(peer_set_displaces_another),
	KUNIT_CASE(rule_set_displaces_another),
	KUNIT_CASE_PARAM(peer_set_removal_leaves_mark, removal_gen_params),
	KUNIT_CASE_PARAM(rule_set_removal_leaves_mark, removal_gen_params),
	KUNIT_CASE(set_takes_the_place_of_a_mark),
	KUNIT_CASE_PARAM(one_address_is_told_apart, address_gen_params),
	KUNIT_CASE(flush_drops_all_but_settings),
	{}
};

static struct kunit_suite transaction_suite = {
	.name = "podwall_transaction",
	.test_cases = transaction_cases,
};

kunit_test_suite(transaction_suite);
