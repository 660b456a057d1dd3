// SPDX-License-Identifier: GPL-2.0-only

#include <linux/sched.h>
#include <linux/slab.h>

#include "ledger.h"
#include "peer_set.h"
#include "pod.h"
#include "rule_set.h"
#include "transaction.h"

/**
 * podwall_transaction_create - begin a transaction
 * @portid: of the socket that owns it
 * @socket: that owns it; it may be gone before the transaction is
 *
 * Context: Process context; may sleep.
 * Return: the transaction, the caller's to free, or NULL without memory.
 */
struct podwall_transaction *
podwall_transaction_create(u32 portid, const struct sock *socket)
{
	struct podwall_transaction *transaction =
		kzalloc(sizeof(*transaction), GFP_KERNEL_ACCOUNT);

	if (!transaction)
		return NULL;
	podwall_ledger_made(PODWALL_LEDGER_TRANSACTION);
	INIT_LIST_HEAD(&transaction->list);
	transaction->portid = portid;
	transaction->socket = socket;
	xa_init_flags(&transaction->peer_sets, XA_FLAGS_ACCOUNT);
	xa_init_flags(&transaction->rule_sets, XA_FLAGS_ACCOUNT);
	return transaction;
}

static void drop_objects(struct podwall_transaction *transaction)
{
	struct podwall_pod_change *pods = transaction->pods.elements;
	unsigned long id;
	void *set;
	u32 i;

	for (i = 0; i < transaction->pods.count; i++) {
		podwall_pod_put(pods[i].pod);
		cond_resched();
	}
	podwall_array_free(&transaction->pods);
	podwall_array_free(&transaction->addresses);
	xa_for_each(&transaction->peer_sets, id, set) {
		if (!xa_is_value(set))
			podwall_peer_set_put(set);
		cond_resched();
	}
	xa_destroy(&transaction->peer_sets);
	xa_for_each(&transaction->rule_sets, id, set) {
		if (!xa_is_value(set))
			podwall_rule_set_put(set);
		cond_resched();
	}
	xa_destroy(&transaction->rule_sets);
	transaction->memory = 0;
}

/**
 * podwall_transaction_free - drop a transaction with all that it staged
 * @transaction: in no list
 *
 * Context: Process context; may sleep.
 */
void podwall_transaction_free(struct podwall_transaction *transaction)
{
	drop_objects(transaction);
	podwall_settings_release(&transaction->settings);
	kfree(transaction);
	podwall_ledger_freed(PODWALL_LEDGER_TRANSACTION);
}

/**
 * podwall_transaction_is_address - whether one address is all that changes
 * @transaction: the caller's
 *
 * Context: Process context.
 */
bool podwall_transaction_is_address(const struct podwall_transaction *transaction)
{
	return transaction->addresses.count == 1 && !transaction->pods.count &&
	       !transaction->flush && !transaction->has_settings &&
	       xa_empty(&transaction->peer_sets) &&
	       xa_empty(&transaction->rule_sets);
}

/**
 * podwall_transaction_flush - begin from an empty policy
 * @transaction: loses what it staged, but for settings
 *
 * Context: Process context; may sleep.
 */
void podwall_transaction_flush(struct podwall_transaction *transaction)
{
	drop_objects(transaction);
	transaction->flush = true;
}

/**
 * podwall_transaction_add_address - stage an address or its removal
 * @transaction: the caller's
 * @ip: the address
 * @identity: that it gets; 0 removes it
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_transaction_add_address(struct podwall_transaction *transaction,
				    const struct podwall_ip *ip, u32 identity)
{
	u32 room = transaction->addresses.room;
	struct podwall_address_change *change;

	change = podwall_array_append(&transaction->addresses, sizeof(*change));
	if (!change)
		return -ENOMEM;
	change->ip = *ip;
	change->identity = identity;
	transaction->memory += (u64)(transaction->addresses.room - room) *
			       sizeof(*change);
	return 0;
}

/**
 * podwall_transaction_add_pod - stage a pod or its removal
 * @transaction: the caller's
 * @pod: the reference passes to the transaction, on failure too
 * @remove: the pod of this key goes
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_transaction_add_pod(struct podwall_transaction *transaction,
				struct podwall_pod *pod, bool remove)
{
	u32 room = transaction->pods.room;
	struct podwall_pod_change *change;

	change = podwall_array_append(&transaction->pods, sizeof(*change));
	if (!change) {
		podwall_pod_put(pod);
		return -ENOMEM;
	}
	change->pod = pod;
	change->remove = remove;
	change->sequence = transaction->pods.count;
	transaction->memory += (u64)(transaction->pods.room - room) *
			       sizeof(*change) + podwall_pod_size(pod);
	return 0;
}

static void *staged(struct xarray *sets, u32 id)
{
	void *set = xa_load(sets, id);

	return xa_is_value(set) ? NULL : set;
}

/*
 * Put an entry in and find the set that it displaces, or NULL. A new entry may
 * take a node of its own.
 */
static int store(struct podwall_transaction *transaction, struct xarray *sets,
		 u32 id, void *entry, void **displaced)
{
	void *old = xa_store(sets, id, entry, GFP_KERNEL_ACCOUNT);

	if (xa_is_err(old))
		return xa_err(old);
	if (!old)
		transaction->memory += sizeof(struct xa_node);
	*displaced = xa_is_value(old) ? NULL : old;
	return 0;
}

/* A set that only this transaction knows can be removed without a live one. */
static void *removal(struct xarray *sets, u32 id)
{
	void *old = xa_load(sets, id);

	return !old || old == PODWALL_REMOVED ? PODWALL_REMOVED :
						PODWALL_UNSTAGED;
}

/**
 * podwall_transaction_peer_set - find a peer set that the transaction staged
 * @transaction: the caller's
 * @id: of the set
 *
 * Context: Process context.
 * Return: the set, still being built and owned by the transaction, or NULL.
 */
struct podwall_peer_set *
podwall_transaction_peer_set(struct podwall_transaction *transaction, u32 id)
{
	return staged(&transaction->peer_sets, id);
}

/**
 * podwall_transaction_add_peer_set - stage a peer set
 * @transaction: the caller's
 * @set: the reference passes to the transaction, on failure too; replaces one
 *	of the same id
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_transaction_add_peer_set(struct podwall_transaction *transaction,
				     struct podwall_peer_set *set)
{
	void *displaced;
	int err;

	err = store(transaction, &transaction->peer_sets, set->id, set,
		    &displaced);
	if (err) {
		podwall_peer_set_put(set);
		return err;
	}
	transaction->memory += podwall_peer_set_size(set);
	if (displaced) {
		transaction->memory -= podwall_peer_set_size(displaced);
		podwall_peer_set_put(displaced);
	}
	return 0;
}

/**
 * podwall_transaction_remove_peer_set - stage the removal of a peer set
 * @transaction: the caller's
 * @id: of the set
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_transaction_remove_peer_set(struct podwall_transaction *transaction,
					u32 id)
{
	void *displaced;
	int err;

	err = store(transaction, &transaction->peer_sets, id,
		    removal(&transaction->peer_sets, id), &displaced);
	if (!err && displaced) {
		transaction->memory -= podwall_peer_set_size(displaced);
		podwall_peer_set_put(displaced);
	}
	return err;
}

/**
 * podwall_transaction_rule_set - find a rule set that the transaction staged
 * @transaction: the caller's
 * @id: of the set
 *
 * Context: Process context.
 * Return: the set, still being built and owned by the transaction, or NULL.
 */
struct podwall_rule_set *
podwall_transaction_rule_set(struct podwall_transaction *transaction, u32 id)
{
	return staged(&transaction->rule_sets, id);
}

/**
 * podwall_transaction_add_rule_set - stage a rule set
 * @transaction: the caller's
 * @set: the reference passes to the transaction, on failure too; replaces one
 *	of the same id
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_transaction_add_rule_set(struct podwall_transaction *transaction,
				     struct podwall_rule_set *set)
{
	void *displaced;
	int err;

	err = store(transaction, &transaction->rule_sets, set->id, set,
		    &displaced);
	if (err) {
		podwall_rule_set_put(set);
		return err;
	}
	transaction->memory += podwall_rule_set_size(set);
	if (displaced) {
		transaction->memory -= podwall_rule_set_size(displaced);
		podwall_rule_set_put(displaced);
	}
	return 0;
}

/**
 * podwall_transaction_remove_rule_set - stage the removal of a rule set
 * @transaction: the caller's
 * @id: of the set
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_transaction_remove_rule_set(struct podwall_transaction *transaction,
					u32 id)
{
	void *displaced;
	int err;

	err = store(transaction, &transaction->rule_sets, id,
		    removal(&transaction->rule_sets, id), &displaced);
	if (!err && displaced) {
		transaction->memory -= podwall_rule_set_size(displaced);
		podwall_rule_set_put(displaced);
	}
	return err;
}
