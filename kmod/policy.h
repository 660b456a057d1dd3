/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_POLICY_H
#define PODWALL_POLICY_H

#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "array.h"
#include "classifier.h"
#include "ip.h"
#include "peer_set.h"
#include "pod.h"
#include "pod_table.h"
#include "rule_set.h"
#include "settings.h"
#include "traffic.h"

/** struct podwall_address - an address and the identity it stands under */
struct podwall_address {
	struct podwall_ip ip;
	u32 identity;
};

/**
 * struct podwall_pod_rules - a rule set that judges a pod, and its row
 * @row: borrowed from the classifier; NULL for none
 * @set: borrowed from the policy's rule sets; NULL for none
 */
struct podwall_pod_rules {
	struct podwall_row *row;
	struct podwall_rule_set *set;
};

/**
 * struct podwall_pod_slot - a pod with its rule sets found
 * @ingress: judges what reaches the pod
 * @egress: judges what the pod sends
 * @pod: owned reference
 * @traffic: the pod's, for packets
 * @ingress_enforced: judges again what @ingress denies; none when all of that
 *	is enforced
 * @egress_enforced: judges again what @egress denies; none when all of that is
 *	enforced
 */
struct podwall_pod_slot {
	struct podwall_pod_rules ingress;
	struct podwall_pod_rules egress;
	struct podwall_pod *pod;
	struct podwall_traffic_counts __percpu *traffic;
	struct podwall_pod_rules ingress_enforced;
	struct podwall_pod_rules egress_enforced;
};

/**
 * struct podwall_policy - all that judges one network namespace's packets
 * @references: the namespace while it is live, and listings under way
 * @release: frees it a grace period after the last reference
 * @generation: rises by one with every commit
 * @settings_generation: the generation that @settings came with
 * @settings: owned
 * @used: what it holds of every bounded resource
 * @peer_sets: of struct podwall_peer_set pointers, references owned; by id
 * @rule_sets: of struct podwall_rule_set pointers, references owned; by id
 * @pod_slots: of struct podwall_pod_slot; by key
 * @pod_table: addresses of pods, each with the pod's slot
 * @classifier: owned
 * @traffic: of the network namespace; owned reference
 *
 * Immutable once published: a commit builds the next one aside. The exception
 * is podwall_classifier_store().
 */
struct podwall_policy {
	refcount_t references;
	struct rcu_work release;
	u64 generation;
	u64 settings_generation;
	struct podwall_settings settings;
	struct podwall_amounts used;
	struct podwall_array peer_sets;
	struct podwall_array rule_sets;
	struct podwall_array pod_slots;
	struct podwall_pod_table pod_table;
	struct podwall_classifier classifier;
	struct podwall_traffic_total *traffic;
};

struct podwall_policy *podwall_policy_create(void);
struct podwall_policy *podwall_policy_create_initial(void);
struct podwall_policy *podwall_policy_get(struct podwall_policy *policy);
void podwall_policy_put(struct podwall_policy *policy);
bool podwall_policy_enforces(const struct podwall_policy *policy);

u32 podwall_policy_identity(const struct podwall_policy *policy,
			    const struct podwall_ip *ip);
struct podwall_peer_set *
podwall_policy_peer_set(const struct podwall_policy *policy, u32 id);
struct podwall_rule_set *
podwall_policy_rule_set(const struct podwall_policy *policy, u32 id);
struct podwall_row *podwall_policy_row(const struct podwall_policy *policy,
				       u32 id);

/* As podwall_policy_pod(), of an address in network byte order. */
static __always_inline const struct podwall_pod_slot *
podwall_policy_pod4(const struct podwall_policy *policy, __be32 ip)
{
	return podwall_pod_table_find4(&policy->pod_table, ip);
}

static __always_inline const struct podwall_pod_slot *
podwall_policy_pod6(const struct podwall_policy *policy,
		    const struct in6_addr *ip)
{
	return podwall_pod_table_find6(&policy->pod_table, ip);
}

/**
 * podwall_policy_pod - find the pod of this node that owns an address
 * @policy: under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 * Return: the pod's slot, as long-lived as @policy, or NULL.
 */
static inline const struct podwall_pod_slot *
podwall_policy_pod(const struct podwall_policy *policy,
		   const struct podwall_ip *ip)
{
	return ip->family == AF_INET ? podwall_policy_pod4(policy, ip->v4) :
				       podwall_policy_pod6(policy, &ip->v6);
}

int podwall_policy_init(void);
void podwall_policy_exit(void);

#endif
