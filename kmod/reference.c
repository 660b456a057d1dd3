// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "error.h"
#include "limits.h"
#include "policy.h"
#include "reference.h"

/* Of one name the lower id comes first, whatever the kernel's way to sort. */
static int compare_names(const void *a, const void *b)
{
	const struct podwall_peer_set *const *left = a, *const *right = b;
	int order = strcmp((*left)->name, (*right)->name);

	if (order)
		return order;
	return (*left)->id < (*right)->id ? -1 : 1;
}

static int check_names(const struct podwall_policy *policy,
		       struct podwall_error *error)
{
	u32 i, count = policy->peer_sets.count;
	struct podwall_peer_set **sets;
	int err = 0;

	if (!count)
		return 0;
	sets = kvmalloc_array(count, sizeof(*sets),
			      GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!sets)
		return -ENOMEM;
	memcpy(sets, policy->peer_sets.elements, count * sizeof(*sets));
	sort(sets, count, sizeof(*sets), compare_names, NULL);
	for (i = 1; i < count && !err; i++)
		if (!strcmp(sets[i - 1]->name, sets[i]->name))
			err = podwall_error_set(error, -EEXIST,
						"peer sets %u and %u have the same name \"%.100s\"",
						sets[i - 1]->id, sets[i]->id,
						sets[i]->name);
	kvfree(sets);
	return err;
}

static int check_rule_set(const struct podwall_policy *policy,
			  const struct podwall_rule_set *set,
			  struct podwall_error *error)
{
	const u32 *ids = set->peer_sets.elements;
	u64 comparisons = 0;
	u32 i, j;

	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		comparisons += 1 + rule->port_range_count;
		for (j = 0; j < rule->peer_set_count; j++) {
			u32 id = ids[rule->first_peer_set + j];
			const struct podwall_peer_set *peers =
				podwall_policy_peer_set(policy, id);

			if (!peers)
				return podwall_error_set(error, -ENOENT,
							 "rule set %u: rule %u refers to peer set %u, which does not exist",
							 set->id, i, id);
			comparisons += 1 + peers->blocks.count +
				       peers->excepts.count;
		}
		cond_resched();
	}
	if (comparisons > PODWALL_RULE_SET_COMPARISONS_MAX)
		return podwall_error_set(error, -ENOSPC,
					 "rule set %u may hold a packet against %llu rules, blocks and port ranges, the most is %u",
					 set->id, comparisons,
					 PODWALL_RULE_SET_COMPARISONS_MAX);
	return 0;
}

static int find_rule_set(const struct podwall_policy *policy,
			 const struct podwall_pod *pod, u32 id, u8 direction,
			 struct podwall_rule_set **found,
			 struct podwall_error *error)
{
	const char *name = direction == PODWALL_DIRECTION_INGRESS ?
			   "ingress" : "egress";

	*found = NULL;
	if (!id)
		return 0;
	*found = podwall_policy_rule_set(policy, id);
	if (!*found)
		return podwall_error_set(error, -ENOENT,
					 "pod %.100s refers to %s rule set %u, which does not exist",
					 pod->key, name, id);
	if ((*found)->direction != direction)
		return podwall_error_set(error, -EINVAL,
					 "pod %.100s: rule set %u is not for %s",
					 pod->key, id, name);
	return 0;
}

static int compare_pod_addresses(const void *a, const void *b)
{
	const struct podwall_pod_address *left = a, *right = b;
	int order = podwall_ip_compare(&left->ip, &right->ip);

	if (order)
		return order;
	return left->slot < right->slot ? -1 : left->slot > right->slot;
}

static int index_pod_addresses(struct podwall_policy *policy,
			       struct podwall_error *error)
{
	const struct podwall_pod_slot *slots = policy->pod_slots.elements;
	struct podwall_pod_address *addresses;
	char text[PODWALL_NETWORK_TEXT];
	u32 i, j;

	for (i = 0; i < policy->pod_slots.count; i++) {
		const struct podwall_pod *pod = slots[i].pod;

		for (j = 0; j < pod->address_count; j++) {
			struct podwall_pod_address *address =
				podwall_array_append(&policy->pod_addresses,
						     sizeof(*address));

			if (!address)
				return -ENOMEM;
			address->ip = pod->addresses[j];
			address->slot = i;
		}
	}
	addresses = policy->pod_addresses.elements;
	sort(addresses, policy->pod_addresses.count, sizeof(*addresses),
	     compare_pod_addresses, NULL);
	for (i = 1; i < policy->pod_addresses.count; i++)
		if (podwall_ip_equal(&addresses[i - 1].ip, &addresses[i].ip))
			return podwall_error_set(error, -EEXIST,
						 "address %s belongs to both pod %.80s and pod %.80s",
						 podwall_ip_text(&addresses[i].ip, text),
						 slots[addresses[i - 1].slot].pod->key,
						 slots[addresses[i].slot].pod->key);
	return 0;
}

/**
 * podwall_reference_resolve - check what objects say of each other
 * @policy: not published, with all its objects; gets its pods' rule sets and
 *	addresses found
 * @error: receives the text of a refusal
 *
 * Context: Process context; may sleep.
 * Return: 0; -ENOENT for an object that does not exist; -EEXIST for a name or
 * an address that two objects claim; -EINVAL for a rule set of the other
 * direction; -ENOSPC for one that would take too long for each packet; or
 * -ENOMEM.
 */
int podwall_reference_resolve(struct podwall_policy *policy,
			      struct podwall_error *error)
{
	struct podwall_rule_set **rule_sets = policy->rule_sets.elements;
	struct podwall_pod_slot *slots = policy->pod_slots.elements;
	int err;
	u32 i;

	err = check_names(policy, error);
	for (i = 0; !err && i < policy->rule_sets.count; i++) {
		err = check_rule_set(policy, rule_sets[i], error);
		cond_resched();
	}
	for (i = 0; !err && i < policy->pod_slots.count; i++) {
		const struct podwall_pod *pod = slots[i].pod;

		err = find_rule_set(policy, pod, pod->ingress_rule_set,
				    PODWALL_DIRECTION_INGRESS,
				    &slots[i].ingress, error);
		if (!err)
			err = find_rule_set(policy, pod, pod->egress_rule_set,
					    PODWALL_DIRECTION_EGRESS,
					    &slots[i].egress, error);
	}
	return err ?: index_pod_addresses(policy, error);
}
