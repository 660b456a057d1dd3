/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_TRANSACTION_H
#define PODWALL_TRANSACTION_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include "array.h"
#include "ip.h"
#include "settings.h"

struct podwall_error;
struct podwall_peer_set;
struct podwall_pod;
struct podwall_rule_set;
struct sock;

/**
 * struct podwall_address_change - a staged address
 * @ip: the address
 * @identity: that it gets; 0 removes it
 */
struct podwall_address_change {
	struct podwall_ip ip;
	u32 identity;
};

/**
 * struct podwall_pod_change - a staged pod
 * @pod: owned reference; of a removal it has just the key
 * @remove: the pod goes
 * @sequence: when it was staged; the last change to a pod holds
 */
struct podwall_pod_change {
	struct podwall_pod *pod;
	bool remove;
	u32 sequence;
};

/* What a transaction holds for a set that it removes. */
#define PODWALL_REMOVED		xa_mk_value(0)
/* The same where the live policy need not have the set. */
#define PODWALL_UNSTAGED	xa_mk_value(1)

/**
 * struct podwall_transaction - changes on their way to a commit
 * @list: in its network namespace's transactions
 * @portid: of the socket that owns it
 * @socket: that owns it, for comparison only
 * @since: when the caller learned of what it changes, in nanoseconds of the
 *	initial time namespace's CLOCK_BOOTTIME
 * @requests: how many requests staged something
 * @has_expected: commit only on top of generation @expected
 * @expected: see @has_expected
 * @flush: begin from an empty policy instead of the live one
 * @has_settings: @settings are staged
 * @settings: owned, whole
 * @settings_generation: of the live settings that @settings began from
 * @addresses: of struct podwall_address_change, in the order of their coming
 * @pods: of struct podwall_pod_change
 * @peer_sets: by id; a reference, PODWALL_REMOVED or PODWALL_UNSTAGED
 * @rule_sets: by id; a reference, PODWALL_REMOVED or PODWALL_UNSTAGED
 * @memory: what all that was staged takes, in bytes
 *
 * Used under &podwall_net.mutex; nobody else sees what it holds.
 */
struct podwall_transaction {
	struct list_head list;
	u32 portid;
	const struct sock *socket;
	u64 since;
	u32 requests;
	bool has_expected;
	bool flush;
	bool has_settings;
	u64 expected;
	struct podwall_settings settings;
	u64 settings_generation;
	struct podwall_array addresses;
	struct podwall_array pods;
	struct xarray peer_sets;
	struct xarray rule_sets;
	u64 memory;
};

struct podwall_transaction *
podwall_transaction_create(u32 portid, const struct sock *socket);
void podwall_transaction_free(struct podwall_transaction *transaction);
bool podwall_transaction_is_address(const struct podwall_transaction *transaction);
void podwall_transaction_flush(struct podwall_transaction *transaction);

int podwall_transaction_add_address(struct podwall_transaction *transaction,
				    const struct podwall_ip *ip, u32 identity);
int podwall_transaction_add_pod(struct podwall_transaction *transaction,
				struct podwall_pod *pod, bool remove);

struct podwall_peer_set *
podwall_transaction_peer_set(struct podwall_transaction *transaction, u32 id);
int podwall_transaction_add_peer_set(struct podwall_transaction *transaction,
				     struct podwall_peer_set *set);
int podwall_transaction_remove_peer_set(struct podwall_transaction *transaction,
					u32 id);
struct podwall_rule_set *
podwall_transaction_rule_set(struct podwall_transaction *transaction, u32 id);
int podwall_transaction_add_rule_set(struct podwall_transaction *transaction,
				     struct podwall_rule_set *set);
int podwall_transaction_remove_rule_set(struct podwall_transaction *transaction,
					u32 id);

#endif
