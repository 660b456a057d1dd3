// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "error.h"
#include "ledger.h"
#include "namespace.h"
#include "policy.h"
#include "transaction.h"

unsigned int podwall_net_id __read_mostly;

/**
 * podwall_net_init - begin with an empty policy, which judges nothing
 * @pn: zeroed
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM with nothing owned by @pn.
 */
int podwall_net_init(struct podwall_net *pn)
{
	struct podwall_policy *policy = podwall_policy_create_initial();

	if (!policy)
		return -ENOMEM;
	pn->totals = alloc_percpu_gfp(struct podwall_totals,
				      GFP_KERNEL_ACCOUNT);
	if (!pn->totals) {
		podwall_policy_put(policy);
		return -ENOMEM;
	}
	podwall_ledger_made(PODWALL_LEDGER_NAMESPACE);
	mutex_init(&pn->mutex);
	INIT_LIST_HEAD(&pn->transactions);
	podwall_event_limit_init(&pn->events);
	podwall_event_limit_init(&pn->unowned_events);
	memset(pn->heard, true, sizeof(pn->heard));
	RCU_INIT_POINTER(pn->policy, policy);
	return 0;
}

/**
 * podwall_net_release - free what a network namespace holds
 * @pn: no hook and no socket reaches it any more
 *
 * Context: Process context; may sleep.
 */
void podwall_net_release(struct podwall_net *pn)
{
	struct podwall_transaction *transaction, *next;

	list_for_each_entry_safe(transaction, next, &pn->transactions, list)
		podwall_transaction_free(transaction);
	podwall_policy_put(rcu_dereference_protected(pn->policy, true));
	free_percpu(pn->totals);
	mutex_destroy(&pn->mutex);
	podwall_ledger_freed(PODWALL_LEDGER_NAMESPACE);
}

/**
 * podwall_net_policy - the live policy, for its writer
 * @pn: the namespace
 *
 * Context: Process context, under &podwall_net.mutex.
 * Return: the policy, valid until the mutex is dropped.
 */
struct podwall_policy *podwall_net_policy(struct podwall_net *pn)
{
	return rcu_dereference_protected(pn->policy,
					 lockdep_is_held(&pn->mutex));
}

/**
 * podwall_net_get_policy - the live policy, to keep for a while
 * @pn: the namespace
 *
 * Context: Process context; may sleep.
 * Return: the policy; the caller owns a reference.
 */
struct podwall_policy *podwall_net_get_policy(struct podwall_net *pn)
{
	struct podwall_policy *policy;

	mutex_lock(&pn->mutex);
	policy = podwall_policy_get(podwall_net_policy(pn));
	mutex_unlock(&pn->mutex);
	return policy;
}

/**
 * podwall_net_publish - let packets be judged by another policy
 * @pn: the namespace
 * @policy: whole and checked; the reference passes to @pn
 *
 * Cannot fail: everything that can has happened before.
 *
 * Context: Process context, under &podwall_net.mutex.
 */
void podwall_net_publish(struct podwall_net *pn, struct podwall_policy *policy)
{
	struct podwall_policy *old;

	lockdep_assert_held(&pn->mutex);
	old = rcu_replace_pointer(pn->policy, policy,
				  lockdep_is_held(&pn->mutex));
	podwall_policy_put(old);
}

/**
 * podwall_net_read_totals - sum the packets judged over all CPUs
 * @pn: the namespace
 *
 * Context: Any.
 */
struct podwall_totals podwall_net_read_totals(const struct podwall_net *pn)
{
	struct podwall_totals sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct podwall_totals *totals = per_cpu_ptr(pn->totals,
								  cpu);

		sum.accepted += READ_ONCE(totals->accepted);
		sum.denied += READ_ONCE(totals->denied);
		sum.audited += READ_ONCE(totals->audited);
	}
	return sum;
}

static void take_step(struct podwall_net *pn,
		      enum podwall_transaction_step step)
{
	pn->desired_generation =
		podwall_generation_desired(pn->desired_generation,
					   podwall_net_policy(pn)->generation,
					   pn->transaction_count, step);
}

/**
 * podwall_net_begin - open a transaction
 * @pn: the namespace
 * @portid: of the socket that owns it
 * @socket: that owns it
 * @error: receives the text of a refusal
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 * Return: the transaction, owned by @pn, or an error pointer: -EBUSY when the
 * socket has one open, -ENOSPC over the limit, -ENOMEM.
 */
struct podwall_transaction *podwall_net_begin(struct podwall_net *pn,
					      u32 portid,
					      const struct sock *socket,
					      struct podwall_error *error)
{
	u32 limit = podwall_net_policy(pn)->settings.limits.transactions;
	struct podwall_transaction *transaction;
	int err;

	lockdep_assert_held(&pn->mutex);
	if (podwall_net_transaction(pn, portid, socket)) {
		err = podwall_error_set(error, -EBUSY,
					"this socket has a transaction open already; commit or abort it");
		return ERR_PTR(err);
	}
	if (pn->transaction_count >= limit) {
		err = podwall_error_set(error, -ENOSPC,
					"%u transactions are open, the limit is %u (settings, limits, transactions)",
					pn->transaction_count, limit);
		return ERR_PTR(err);
	}
	transaction = podwall_transaction_create(portid, socket);
	if (!transaction)
		return ERR_PTR(-ENOMEM);
	list_add_tail(&transaction->list, &pn->transactions);
	WRITE_ONCE(pn->transaction_count, pn->transaction_count + 1);
	take_step(pn, PODWALL_TRANSACTION_BEGUN);
	return transaction;
}

/**
 * podwall_net_transaction - find a socket's transaction
 * @pn: the namespace
 * @portid: of the socket
 * @socket: the socket, or NULL for whichever had @portid first: a number may
 *	belong to another socket before the transaction of the last is dropped
 *
 * Context: Process context, under &podwall_net.mutex.
 * Return: the transaction, owned by @pn, or NULL.
 */
struct podwall_transaction *
podwall_net_transaction(struct podwall_net *pn, u32 portid,
			const struct sock *socket)
{
	struct podwall_transaction *transaction;

	lockdep_assert_held(&pn->mutex);
	list_for_each_entry(transaction, &pn->transactions, list)
		if (transaction->portid == portid &&
		    (!socket || transaction->socket == socket))
			return transaction;
	return NULL;
}

/**
 * podwall_net_end - drop a transaction
 * @pn: the namespace
 * @transaction: freed
 * @how: it came to its end
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 */
void podwall_net_end(struct podwall_net *pn,
		     struct podwall_transaction *transaction,
		     enum podwall_transaction_step how)
{
	lockdep_assert_held(&pn->mutex);
	list_del(&transaction->list);
	WRITE_ONCE(pn->transaction_count, pn->transaction_count - 1);
	take_step(pn, how);
	podwall_transaction_free(transaction);
}

/**
 * podwall_net_transaction_memory - the memory of all open transactions
 * @pn: the namespace
 *
 * Context: Process context, under &podwall_net.mutex.
 * Return: bytes.
 */
u64 podwall_net_transaction_memory(const struct podwall_net *pn)
{
	const struct podwall_transaction *transaction;
	u64 memory = 0;

	lockdep_assert_held(&pn->mutex);
	list_for_each_entry(transaction, &pn->transactions, list)
		memory += transaction->memory;
	return memory;
}

/**
 * podwall_net_check_memory - whether policy and transactions fit their limit
 * @pn: the namespace
 * @error: receives the text of a refusal
 *
 * Context: Process context, under &podwall_net.mutex.
 * Return: 0 or -ENOSPC.
 */
int podwall_net_check_memory(struct podwall_net *pn,
			     struct podwall_error *error)
{
	const struct podwall_policy *policy = podwall_net_policy(pn);
	u64 memory = policy->used.memory + podwall_net_transaction_memory(pn);

	if (memory <= policy->settings.limits.memory)
		return 0;
	return podwall_error_set(error, -ENOSPC,
				 "policy and open transactions need %llu bytes of memory, the limit is %llu (settings, limits, memory)",
				 memory, policy->settings.limits.memory);
}
