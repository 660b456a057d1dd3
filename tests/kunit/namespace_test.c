// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>

#include "draft.h"
#include "error.h"
#include "namespace.h"
#include "policy.h"
#include "transaction.h"

static int init_namespace(struct kunit *test)
{
	struct podwall_net *pn = kunit_kzalloc(test, sizeof(*pn), GFP_KERNEL);

	if (!pn)
		return -ENOMEM;
	test->priv = pn;
	return podwall_net_init(pn);
}

static void exit_namespace(struct kunit *test)
{
	if (test->priv)
		podwall_net_release(test->priv);
}

static void begins_with_an_empty_policy(struct kunit *test)
{
	struct podwall_net *pn = test->priv;
	struct podwall_policy *policy = podwall_net_get_policy(pn);

	KUNIT_EXPECT_EQ(test, policy->generation, 0);
	KUNIT_EXPECT_FALSE(test, podwall_policy_enforces(policy));
	KUNIT_EXPECT_EQ(test, refcount_read(&policy->references), 2);
	podwall_policy_put(policy);
	KUNIT_EXPECT_EQ(test, podwall_net_read_totals(pn).accepted, 0);
}

/* Sockets are compared and never looked into: any address will do. */
static const struct sock *a_socket(struct podwall_net *pn, int number)
{
	return (const struct sock *)((char *)pn + number);
}

static void socket_has_one_transaction(struct kunit *test)
{
	struct podwall_net *pn = test->priv;
	const struct sock *socket = a_socket(pn, 1);
	struct podwall_transaction *first, *second, *refused;
	struct podwall_error error = {};

	mutex_lock(&pn->mutex);
	first = podwall_net_begin(pn, 11, socket, &error);
	second = podwall_net_begin(pn, 12, a_socket(pn, 2), &error);
	refused = podwall_net_begin(pn, 11, socket, &error);
	KUNIT_EXPECT_PTR_EQ(test, podwall_net_transaction(pn, 11, socket),
			    first);
	KUNIT_EXPECT_PTR_EQ(test, podwall_net_transaction(pn, 12, NULL),
			    second);
	KUNIT_EXPECT_NULL(test, podwall_net_transaction(pn, 12, socket));
	KUNIT_EXPECT_NULL(test, podwall_net_transaction(pn, 13, NULL));
	KUNIT_EXPECT_EQ(test, pn->transaction_count, 2);
	podwall_net_end(pn, first, PODWALL_TRANSACTION_ABORTED);
	KUNIT_EXPECT_NULL(test, podwall_net_transaction(pn, 11, NULL));
	KUNIT_EXPECT_EQ(test, pn->transaction_count, 1);
	mutex_unlock(&pn->mutex);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(refused), -EBUSY);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "this socket has a transaction open already; commit or abort it");
}

/* A socket may get the number of one whose end we have not heard of yet. */
static void number_is_no_socket(struct kunit *test)
{
	struct podwall_net *pn = test->priv;
	const struct sock *old = a_socket(pn, 1), *new = a_socket(pn, 2);
	struct podwall_transaction *first, *second;
	struct podwall_error error = {};

	mutex_lock(&pn->mutex);
	first = podwall_net_begin(pn, 11, old, &error);
	KUNIT_EXPECT_NULL(test, podwall_net_transaction(pn, 11, new));
	second = podwall_net_begin(pn, 11, new, &error);
	KUNIT_EXPECT_FALSE(test, IS_ERR(second));
	KUNIT_EXPECT_PTR_EQ(test, podwall_net_transaction(pn, 11, old), first);
	KUNIT_EXPECT_PTR_EQ(test, podwall_net_transaction(pn, 11, new), second);
	KUNIT_EXPECT_PTR_EQ(test, podwall_net_transaction(pn, 11, NULL), first);
	podwall_net_end(pn, first, PODWALL_TRANSACTION_ABORTED);
	KUNIT_EXPECT_PTR_EQ(test, podwall_net_transaction(pn, 11, NULL), second);
	mutex_unlock(&pn->mutex);
}

static void transactions_are_limited(struct kunit *test)
{
	struct podwall_net *pn = test->priv;
	struct podwall_transaction *refused;
	struct podwall_error error = {};
	u32 i;

	mutex_lock(&pn->mutex);
	for (i = 1; i <= 16; i++)
		KUNIT_EXPECT_FALSE(test, IS_ERR(podwall_net_begin(pn, i, NULL,
								  &error)));
	refused = podwall_net_begin(pn, 17, NULL, &error);
	mutex_unlock(&pn->mutex);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(refused), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "16 transactions are open, the limit is 16 (settings, limits, transactions)");
}

static void memory_counts_open_transactions(struct kunit *test)
{
	struct podwall_net *pn = test->priv;
	struct podwall_transaction *first, *second;
	struct podwall_error error = {};
	struct podwall_ip ip = draft_ip("10.0.0.1");
	char text[sizeof(error.text)];
	struct podwall_policy *policy;
	u64 memory;

	mutex_lock(&pn->mutex);
	first = podwall_net_begin(pn, 1, NULL, &error);
	second = podwall_net_begin(pn, 2, NULL, &error);
	KUNIT_EXPECT_EQ(test, podwall_net_transaction_memory(pn), 0);
	podwall_transaction_add_address(first, &ip, 1);
	podwall_transaction_add_address(second, &ip, 1);
	podwall_transaction_add_address(second, &ip, 2);
	memory = podwall_net_transaction_memory(pn);
	KUNIT_EXPECT_EQ(test, memory,
			3 * sizeof(struct podwall_address_change));

	/* Nobody reads this policy yet, so its limit may move. */
	policy = podwall_net_policy(pn);
	policy->settings.limits.memory = policy->used.memory + memory;
	KUNIT_EXPECT_EQ(test, podwall_net_check_memory(pn, &error), 0);
	KUNIT_EXPECT_STREQ(test, error.text, "");
	policy->settings.limits.memory--;
	KUNIT_EXPECT_EQ(test, podwall_net_check_memory(pn, &error), -ENOSPC);
	snprintf(text, sizeof(text),
		 "policy and open transactions need %llu bytes of memory, the limit is %llu (settings, limits, memory)",
		 policy->used.memory + memory, policy->used.memory + memory - 1);
	KUNIT_EXPECT_STREQ(test, error.text, text);
	podwall_net_end(pn, second, PODWALL_TRANSACTION_ABORTED);
	KUNIT_EXPECT_EQ(test, podwall_net_check_memory(pn, &error), 0);
	mutex_unlock(&pn->mutex);
}

/* A listing under way keeps the policy that it began with. */
static void publish_leaves_the_old_policy_to_its_readers(struct kunit *test)
{
	struct podwall_net *pn = test->priv;
	struct podwall_policy *old = podwall_net_get_policy(pn), *next;

	next = podwall_policy_create_initial();
	KUNIT_ASSERT_NOT_NULL(test, next);
	next->generation = 1;
	mutex_lock(&pn->mutex);
	podwall_net_publish(pn, next);
	KUNIT_EXPECT_PTR_EQ(test, podwall_net_policy(pn), next);
	mutex_unlock(&pn->mutex);
	KUNIT_EXPECT_EQ(test, old->generation, 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&old->references), 1);
	podwall_policy_put(old);
}

static void totals_sum_cpus(struct kunit *test)
{
	struct podwall_net *pn = test->priv;
	struct podwall_totals sum;
	u64 expected = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct podwall_totals *totals = per_cpu_ptr(pn->totals, cpu);

		totals->accepted = cpu + 1;
		totals->denied = 10 * (cpu + 1);
		totals->audited = 100 * (cpu + 1);
		expected += cpu + 1;
	}
	sum = podwall_net_read_totals(pn);
	KUNIT_EXPECT_EQ(test, sum.accepted, expected);
	KUNIT_EXPECT_EQ(test, sum.denied, 10 * expected);
	KUNIT_EXPECT_EQ(test, sum.audited, 100 * expected);
}

/* The rules are generation_test's; here, that every end of one is a step. */
static void desired_generation_follows_transactions(struct kunit *test)
{
	struct podwall_net *pn = test->priv;
	struct podwall_transaction *first, *second;
	struct podwall_error error = {};

	mutex_lock(&pn->mutex);
	KUNIT_EXPECT_EQ(test, pn->desired_generation, 0);
	first = podwall_net_begin(pn, 1, NULL, &error);
	KUNIT_EXPECT_EQ(test, pn->desired_generation, 1);
	second = podwall_net_begin(pn, 2, NULL, &error);
	podwall_net_end(pn, first, PODWALL_TRANSACTION_ABORTED);
	KUNIT_EXPECT_EQ(test, pn->desired_generation, 1);
	podwall_net_end(pn, second, PODWALL_TRANSACTION_LOST);
	KUNIT_EXPECT_EQ(test, pn->desired_generation, 1);
	first = podwall_net_begin(pn, 1, NULL, &error);
	podwall_net_end(pn, first, PODWALL_TRANSACTION_ABORTED);
	KUNIT_EXPECT_EQ(test, pn->desired_generation, 0);
	first = podwall_net_begin(pn, 1, NULL, &error);
	/* Nobody reads this policy yet, so its generation may move. */
	podwall_net_policy(pn)->generation = 1;
	podwall_net_end(pn, first, PODWALL_TRANSACTION_COMMITTED);
	KUNIT_EXPECT_EQ(test, pn->desired_generation, 1);
	mutex_unlock(&pn->mutex);
}

static struct kunit_case namespace_cases[] = {
	KUNIT_CASE(begins_with_an_empty_policy),
	KUNIT_CASE(socket_has_one_transaction),
	KUNIT_CASE(number_is_no_socket),
	KUNIT_CASE(transactions_are_limited),
	KUNIT_CASE(memory_counts_open_transactions),
	KUNIT_CASE(publish_leaves_the_old_policy_to_its_readers),
	KUNIT_CASE(totals_sum_cpus),
	KUNIT_CASE(desired_generation_follows_transactions),
	{}
};

static struct kunit_suite namespace_suite = {
	.name = "podwall_namespace",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.init = init_namespace,
	.exit = exit_namespace,
	.test_cases = namespace_cases,
};

kunit_test_suite(namespace_suite);
