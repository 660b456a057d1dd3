// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "ledger.h"
#include "policy.h"

/**
 * DOC: Publishing and locking
 *
 * A network namespace has one live &struct podwall_policy, reached through one
 * RCU pointer. Packets read the pointer once and judge by what they found;
 * nothing that they can reach changes, so a packet sees a commit whole or not
 * at all. One kind of commit is done in place, because it is a single store:
 * see podwall_classifier_store().
 *
 * Writers hold &podwall_net.mutex. A commit builds the next policy aside,
 * sharing by reference every object that it does not touch, checks it, and
 * ends in one pointer store that cannot fail. Whatever fails before the store
 * is dropped and the live policy has not moved.
 *
 * Objects are owned by references: a policy holds one to each of its peer
 * sets, rule sets and pods, a transaction one to each that it staged. Packets
 * hold none. They rely on this: the last reference to a policy hands it to
 * queue_rcu_work(), so its references to objects go only after a grace period.
 *
 * For example, policy 7 holds rule sets A and B. A commit replaces B by C:
 * policy 8 takes a reference to A and the transaction's to C. After the store
 * the namespace drops policy 7. A packet that had found policy 7 goes on
 * reading B; when its RCU section has ended, the work drops A, which policy 8
 * keeps alive, and B, which is freed. A listing that began under policy 7
 * holds a reference to all of it and delays just that.
 *
 * Lock order: &podwall_net.mutex, then any of these, each the last: what the
 * kernel's hook registration and conntrack take, what ties rows of counts, and
 * &podwall_traffic_total.mutex. A packet that is judged takes no lock. One that
 * is told of takes those of the rate limit, which it only tries, and of the
 * listeners' sockets.
 */

static struct workqueue_struct *release_queue;

static void release_policy(struct work_struct *work)
{
	struct podwall_policy *policy = container_of(to_rcu_work(work),
						     struct podwall_policy,
						     release);
	struct podwall_peer_set **peer_sets = policy->peer_sets.elements;
	struct podwall_rule_set **rule_sets = policy->rule_sets.elements;
	struct podwall_pod_slot *slots = policy->pod_slots.elements;
	u32 i;

	for (i = 0; i < policy->peer_sets.count; i++) {
		podwall_peer_set_put(peer_sets[i]);
		cond_resched();
	}
	for (i = 0; i < policy->rule_sets.count; i++) {
		podwall_rule_set_put(rule_sets[i]);
		cond_resched();
	}
	for (i = 0; i < policy->pod_slots.count; i++) {
		podwall_pod_put(slots[i].pod);
		cond_resched();
	}
	podwall_classifier_release(&policy->classifier);
	podwall_array_free(&policy->peer_sets);
	podwall_array_free(&policy->rule_sets);
	podwall_array_free(&policy->pod_slots);
	podwall_pod_table_release(&policy->pod_table);
	podwall_settings_release(&policy->settings);
	podwall_traffic_total_put(policy->traffic);
	kfree(policy);
	podwall_ledger_freed(PODWALL_LEDGER_POLICY);
}

/**
 * podwall_policy_create - begin a policy with initial settings
 *
 * What packets need of it is still missing.
 *
 * Context: Process context; may sleep.
 * Return: the policy with one reference, the caller's, or NULL without memory.
 */
struct podwall_policy *podwall_policy_create(void)
{
	struct podwall_policy *policy = kzalloc(sizeof(*policy),
						GFP_KERNEL_ACCOUNT);

	if (!policy)
		return NULL;
	podwall_ledger_made(PODWALL_LEDGER_POLICY);
	refcount_set(&policy->references, 1);
	INIT_RCU_WORK(&policy->release, release_policy);
	podwall_settings_init(&policy->settings);
	return policy;
}

/**
 * podwall_policy_create_initial - make a policy that holds nothing
 *
 * Context: Process context; may sleep.
 * Return: the policy with one reference, the caller's, or NULL without memory.
 */
struct podwall_policy *podwall_policy_create_initial(void)
{
	struct podwall_policy *policy = podwall_policy_create();

	if (!policy)
		return NULL;
	policy->traffic = podwall_traffic_total_create();
	if (policy->traffic &&
	    !podwall_pod_table_create(&policy->pod_table, 0, 0) &&
	    !podwall_classifier_init(&policy->classifier))
		return policy;
	podwall_policy_put(policy);
	return NULL;
}

/**
 * podwall_policy_get - take a reference
 * @policy: one that cannot lose its last reference meanwhile
 *
 * Context: Any.
 * Return: @policy.
 */
struct podwall_policy *podwall_policy_get(struct podwall_policy *policy)
{
	refcount_inc(&policy->references);
	return policy;
}

/**
 * podwall_policy_put - drop a reference; the last frees a grace period later
 * @policy: packets may still be judged by it
 *
 * Context: Any.
 */
void podwall_policy_put(struct podwall_policy *policy)
{
	if (refcount_dec_and_test(&policy->references))
		queue_rcu_work(release_queue, &policy->release);
}

/**
 * podwall_policy_enforces - whether a policy needs to see packets at all
 * @policy: any
 *
 * A guarded block needs the hooks before the first pod: that is its purpose.
 *
 * Context: Any.
 */
bool podwall_policy_enforces(const struct podwall_policy *policy)
{
	return policy->pod_slots.count || policy->settings.guarded.count;
}

static int compare_rule_set(const void *key, const void *element)
{
	const struct podwall_rule_set *const *set = element;
	u32 id = *(const u32 *)key;

	return id < (*set)->id ? -1 : id > (*set)->id;
}

/**
 * podwall_policy_identity - find the identity of an address
 * @policy: under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 * Return: the identity, or 0 when the address has none.
 */
u32 podwall_policy_identity(const struct podwall_policy *policy,
			    const struct podwall_ip *ip)
{
	const struct podwall_classifier *classifier = &policy->classifier;

	return podwall_classifier_identity(classifier,
					   podwall_classifier_class(classifier,
								    ip));
}

/**
 * podwall_policy_peer_set - find a peer set
 * @policy: under RCU, or referenced
 * @id: of the set
 *
 * Context: Any.
 * Return: the set, as long-lived as @policy, or NULL.
 */
struct podwall_peer_set *
podwall_policy_peer_set(const struct podwall_policy *policy, u32 id)
{
	return podwall_peer_set_find(&policy->peer_sets, id);
}

/**
 * podwall_policy_rule_set - find a rule set
 * @policy: under RCU, or referenced
 * @id: of the set
 *
 * Context: Any.
 * Return: the set, as long-lived as @policy, or NULL.
 */
struct podwall_rule_set *
podwall_policy_rule_set(const struct podwall_policy *policy, u32 id)
{
	struct podwall_rule_set **set;

	set = bsearch(&id, policy->rule_sets.elements, policy->rule_sets.count,
		      sizeof(*set), compare_rule_set);
	return set ? *set : NULL;
}

/**
 * podwall_policy_row - find what a rule set says to each class
 * @policy: under RCU, or referenced
 * @id: of the rule set; 0 for none
 *
 * Context: Any.
 * Return: the row, as long-lived as @policy, or NULL.
 */
struct podwall_row *podwall_policy_row(const struct podwall_policy *policy,
				       u32 id)
{
	struct podwall_rule_set **first = policy->rule_sets.elements, **set;

	set = bsearch(&id, first, policy->rule_sets.count, sizeof(*set),
		      compare_rule_set);
	return set ? podwall_classifier_row(&policy->classifier, set - first) :
		     NULL;
}

/**
 * podwall_policy_init - set up what releases policies
 *
 * Context: Module load.
 * Return: 0 or -ENOMEM.
 */
int podwall_policy_init(void)
{
	release_queue = alloc_workqueue("podwall_release", WQ_UNBOUND, 0);
	return release_queue ? 0 : -ENOMEM;
}

/**
 * podwall_policy_exit - wait until every dropped policy is freed
 *
 * Context: Module unload, after the last podwall_policy_put().
 */
void podwall_policy_exit(void)
{
	/* Those in their grace period reach the queue first. */
	rcu_barrier();
	destroy_workqueue(release_queue);
}
