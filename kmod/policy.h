/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_POLICY_H
#define PODWALL_POLICY_H

#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "array.h"
#include "ip.h"
#include "peer_set.h"
#include "pod.h"
#include "rule_set.h"
#include "settings.h"

/** struct podwall_address - an address and the identity it stands under */
struct podwall_address {
	struct podwall_ip ip;
	u32 identity;
};

/**
 * struct podwall_pod_slot - a pod with its rule sets found
 * @pod: owned reference
 * @ingress: borrowed from the policy's rule sets; NULL for none
 * @egress: borrowed from the policy's rule sets; NULL for none
 */
struct podwall_pod_slot {
	struct podwall_pod *pod;
	struct podwall_rule_set *ingress;
	struct podwall_rule_set *egress;
};

/** struct podwall_pod_address - an address and the index of its pod's slot */
struct podwall_pod_address {
	struct podwall_ip ip;
	u32 slot;
};

/**
 * struct podwall_policy - all that judges one network namespace's packets
 * @references: the namespace while it is live, and listings under way
 * @release: frees it a grace period after the last reference
 * @generation: rises by one with every commit
 * @settings_generation: the generation that @settings came with
 * @settings: owned
 * @used: what it holds of every bounded resource
 * @addresses: of struct podwall_address; by address
 * @peer_sets: of struct podwall_peer_set pointers, references owned; by id
 * @rule_sets: of struct podwall_rule_set pointers, references owned; by id
 * @pod_slots: of struct podwall_pod_slot; by key
 * @pod_addresses: of struct podwall_pod_address; by address
 *
 * Immutable once published: a commit builds the next one aside.
 */
struct podwall_policy {
	refcount_t references;
	struct rcu_work release;
	u64 generation;
	u64 settings_generation;
	struct podwall_settings settings;
	struct podwall_amounts used;
	struct podwall_array addresses;
	struct podwall_array peer_sets;
	struct podwall_array rule_sets;
	struct podwall_array pod_slots;
	struct podwall_array pod_addresses;
};

struct podwall_policy *podwall_policy_create(void);
struct podwall_policy *podwall_policy_get(struct podwall_policy *policy);
void podwall_policy_put(struct podwall_policy *policy);
bool podwall_policy_enforces(const struct podwall_policy *policy);

u32 podwall_policy_identity(const struct podwall_policy *policy,
			    const struct podwall_ip *ip);
const struct podwall_pod_slot *
podwall_policy_pod(const struct podwall_policy *policy,
		   const struct podwall_ip *ip);
struct podwall_peer_set *
podwall_policy_peer_set(const struct podwall_policy *policy, u32 id);
struct podwall_rule_set *
podwall_policy_rule_set(const struct podwall_policy *policy, u32 id);

int podwall_policy_init(void);
void podwall_policy_exit(void);

#endif
