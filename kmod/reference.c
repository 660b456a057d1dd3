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

/*
 * What a commit does to the peer sets: of those that keep their name none can get
 * in another's way, and of those that stay none is missed by who named it before.
 */
static void compare_peer_sets(const struct podwall_array *old,
			      const struct podwall_array *new, bool *renames,
			      bool *removes)
{
	struct podwall_peer_set *const *from = old->elements;
	struct podwall_peer_set *const *to = new->elements;
	u32 i, j = 0, kept = 0;

	*renames = false;
	for (i = 0; i < new->count; i++) {
		cond_resched();
		while (j < old->count && from[j]->id < to[i]->id)
			j++;
		if (j == old->count || from[j]->id != to[i]->id) {
			*renames = true;
			continue;
		}
		if (from[j] != to[i] && strcmp(from[j]->name, to[i]->name))
			*renames = true;
		kept++;
	}
	*removes = kept < old->count;
}

static int check_rule_set(const struct podwall_policy *policy,
			  const struct podwall_rule_set *set,
			  struct podwall_error *error)
{
	const u32 *ids = set->peer_sets.elements;
	u32 i, j;

	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		for (j = 0; j < rule->peer_set_count; j++) {
			u32 id = ids[rule->first_peer_set + j];

			if (!podwall_policy_peer_set(policy, id))
				return podwall_error_set(error, -ENOENT,
							 "rule set %u: rule %u refers to peer set %u, which does not exist",
							 set->id, i, id);
		}
		cond_resched();
	}
	return 0;
}

static int find_rule_set(const struct podwall_policy *policy,
			 const struct podwall_pod *pod, u32 id, u8 direction,
			 const char *kind, struct podwall_pod_rules *rules,
			 struct podwall_error *error)
{
	const char *name = direction == PODWALL_DIRECTION_INGRESS ?
			   "ingress" : "egress";

	*rules = (struct podwall_pod_rules){};
	if (!id)
		return 0;
	rules->set = podwall_policy_rule_set(policy, id);
	if (!rules->set)
		return podwall_error_set(error, -ENOENT,
					 "pod %.100s refers to %s%s rule set %u, which does not exist",
					 pod->key, kind, name, id);
	if (rules->set->direction != direction)
		return podwall_error_set(error, -EINVAL,
					 "pod %.100s: rule set %u is not for %s",
					 pod->key, id, name);
	return 0;
}

static int find_rule_sets(const struct podwall_policy *policy,
			  struct podwall_pod_slot *slot,
			  struct podwall_error *error)
{
	const struct podwall_pod *pod = slot->pod;
	int err;

	err = find_rule_set(policy, pod, pod->ingress_rule_set,
			    PODWALL_DIRECTION_INGRESS, "", &slot->ingress,
			    error);
	if (!err)
		err = find_rule_set(policy, pod, pod->egress_rule_set,
				    PODWALL_DIRECTION_EGRESS, "", &slot->egress,
				    error);
	if (!err)
		err = find_rule_set(policy, pod,
				    pod->ingress_enforced_rule_set,
				    PODWALL_DIRECTION_INGRESS, "enforced ",
				    &slot->ingress_enforced, error);
	if (!err)
		err = find_rule_set(policy, pod, pod->egress_enforced_rule_set,
				    PODWALL_DIRECTION_EGRESS, "enforced ",
				    &slot->egress_enforced, error);
	return err;
}

static int refuse_shared_address(const struct podwall_ip *ip,
				 const struct podwall_pod *one,
				 const struct podwall_pod *other,
				 struct podwall_error *error)
{
	char text[PODWALL_NETWORK_TEXT];

	return podwall_error_set(error, -EEXIST,
				 "address %s belongs to both pod %.80s and pod %.80s",
				 podwall_ip_text(ip, text), one->key,
				 other->key);
}

static int index_pods(struct podwall_policy *policy,
		      struct podwall_error *error)
{
	const struct podwall_pod_slot *slots = policy->pod_slots.elements;
	const struct podwall_pod_slot *other;
	u32 i, j, count4 = 0, count6 = 0;
	int err;

	for (i = 0; i < policy->pod_slots.count; i++)
		for (j = 0; j < slots[i].pod->address_count; j++)
			if (slots[i].pod->addresses[j].family == AF_INET)
				count4++;
			else
				count6++;
	err = podwall_pod_table_create(&policy->pod_table, count4, count6);
	if (err)
		return err;
	for (i = 0; i < policy->pod_slots.count; i++) {
		const struct podwall_pod *pod = slots[i].pod;

		for (j = 0; j < pod->address_count; j++) {
			other = podwall_pod_table_add(&policy->pod_table,
						      &pod->addresses[j],
						      &slots[i]);
			if (other)
				return refuse_shared_address(&pod->addresses[j],
							     other->pod, pod,
							     error);
		}
		cond_resched();
	}
	return 0;
}

/**
 * podwall_reference_check - check what objects say of each other
 * @policy: not published, with all its objects; gets its pods' rule sets and
 *	addresses found
 * @live: the policy before it, which is right
 * @error: receives the text of a refusal
 *
 * Context: Process context; may sleep.
 * Return: 0; -ENOENT for an object that does not exist; -EEXIST for a name or
 * an address that two objects claim; -EINVAL for a rule set of the other
 * direction; or -ENOMEM.
 */
int podwall_reference_check(struct podwall_policy *policy,
			    const struct podwall_policy *live,
			    struct podwall_error *error)
{
	struct podwall_rule_set **rule_sets = policy->rule_sets.elements;
	struct podwall_pod_slot *slots = policy->pod_slots.elements;
	bool renames, removes;
	int err = 0;
	u32 i;

	compare_peer_sets(&live->peer_sets, &policy->peer_sets, &renames,
			  &removes);
	if (renames)
		err = check_names(policy, error);
	for (i = 0; !err && i < policy->rule_sets.count; i++) {
		/* What it was right to refer to is there still. */
		if (!removes &&
		    podwall_policy_rule_set(live, rule_sets[i]->id) ==
		    rule_sets[i])
			continue;
		err = check_rule_set(policy, rule_sets[i], error);
		cond_resched();
	}
	for (i = 0; !err && i < policy->pod_slots.count; i++)
		err = find_rule_sets(policy, &slots[i], error);
	return err ?: index_pods(policy, error);
}

static void find_row(const struct podwall_policy *policy,
		     struct podwall_pod_rules *rules)
{
	rules->row = rules->set ? podwall_policy_row(policy, rules->set->id) :
				  NULL;
}

/**
 * podwall_reference_rows - find the rows of pods' rule sets
 * @policy: not published, checked, with its classifier
 *
 * Context: Process context; may sleep.
 */
void podwall_reference_rows(struct podwall_policy *policy)
{
	struct podwall_pod_slot *slots = policy->pod_slots.elements;
	u32 i;

	for (i = 0; i < policy->pod_slots.count; i++) {
		find_row(policy, &slots[i].ingress);
		find_row(policy, &slots[i].egress);
		find_row(policy, &slots[i].ingress_enforced);
		find_row(policy, &slots[i].egress_enforced);
	}
}
