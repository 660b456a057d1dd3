// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "classifier_build.h"
#include "commit.h"
#include "error.h"
#include "policy.h"
#include "reference.h"
#include "succession.h"
#include "transaction.h"

/**
 * DOC: From a transaction to a policy
 *
 * Each kind of object but addresses is a list in order, in the live policy and,
 * once sorted, in the transaction: one walk over both makes the next policy's
 * list. What the transaction names takes the place of what the live policy has;
 * all else is shared by reference.
 *
 * For example, live peer sets 1, 3, 7 and staged {3: new, 5: new, 7: removed}
 * become 1 (shared), 3 (new), 5 (new).
 *
 * Counts of rule sets and pods go on from what the live policy has, also where
 * the transaction flushed that before it staged the same again.
 */

static int append_pointer(struct podwall_array *to, void *pointer)
{
	void **element = podwall_array_append(to, sizeof(*element));

	if (!element)
		return -ENOMEM;
	*element = pointer;
	return 0;
}

/* What differs between peer sets and rule sets while they are merged. */
struct set_kind {
	const char *name;
	u32 (*id)(const void *set);
	void (*get)(void *set);
	void (*put)(void *set);
	int (*freeze)(void *set);
};

static int merge_one_set(struct podwall_array *to, void *set,
			 const struct set_kind *kind)
{
	int err;

	kind->get(set);
	err = append_pointer(to, set);
	if (err)
		kind->put(set);
	return err;
}

static int merge_sets(struct podwall_array *to, const struct podwall_array *live,
		      struct xarray *staged, const struct set_kind *kind,
		      struct podwall_error *error)
{
	void **old = live->elements;
	void **end = old + live->count;
	unsigned long id;
	bool exists;
	void *set;
	int err;

	xa_for_each(staged, id, set) {
		for (; old < end && kind->id(*old) < id; old++) {
			err = merge_one_set(to, *old, kind);
			if (err)
				return err;
		}
		exists = old < end && kind->id(*old) == id;
		if (exists)
			old++;
		if (set == PODWALL_REMOVED && !exists)
			return podwall_error_set(error, -ENOENT,
						 "%s %lu cannot be removed: it does not exist",
						 kind->name, id);
		if (xa_is_value(set))
			continue;
		err = kind->freeze(set);
		if (!err)
			err = merge_one_set(to, set, kind);
		if (err)
			return err;
		cond_resched();
	}
	for (; old < end; old++) {
		err = merge_one_set(to, *old, kind);
		if (err)
			return err;
	}
	return 0;
}

static u32 peer_set_id(const void *set)
{
	return ((const struct podwall_peer_set *)set)->id;
}

static void peer_set_get(void *set)
{
	podwall_peer_set_get(set);
}

static void peer_set_put(void *set)
{
	podwall_peer_set_put(set);
}

static int peer_set_freeze(void *set)
{
	podwall_peer_set_freeze(set);
	return 0;
}

static u32 rule_set_id(const void *set)
{
	return ((const struct podwall_rule_set *)set)->id;
}

static void rule_set_get(void *set)
{
	podwall_rule_set_get(set);
}

static void rule_set_put(void *set)
{
	podwall_rule_set_put(set);
}

static int rule_set_freeze(void *set)
{
	return podwall_rule_set_freeze(set);
}

static const struct set_kind peer_set_kind = {
	.name = "peer set",
	.id = peer_set_id,
	.get = peer_set_get,
	.put = peer_set_put,
	.freeze = peer_set_freeze,
};

static const struct set_kind rule_set_kind = {
	.name = "rule set",
	.id = rule_set_id,
	.get = rule_set_get,
	.put = rule_set_put,
	.freeze = rule_set_freeze,
};

static int compare_pod_changes(const void *a, const void *b)
{
	const struct podwall_pod_change *left = a, *right = b;
	int order = strcmp(left->pod->key, right->pod->key);

	if (order)
		return order;
	return left->sequence < right->sequence ? -1 : 1;
}

static int append_pod(struct podwall_array *to, struct podwall_pod *pod)
{
	struct podwall_pod_slot *slot = podwall_array_append(to, sizeof(*slot));

	if (!slot)
		return -ENOMEM;
	slot->pod = podwall_pod_get(pod);
	return 0;
}

static int merge_pods(struct podwall_array *to, const struct podwall_array *live,
		      struct podwall_array *staged, struct podwall_error *error)
{
	const struct podwall_pod_slot *old = live->elements;
	const struct podwall_pod_slot *end = old + live->count;
	struct podwall_pod_change *changes = staged->elements;
	u32 i, first;
	int err;

	sort(changes, staged->count, sizeof(*changes), compare_pod_changes,
	     NULL);
	for (i = 0; i < staged->count; i++) {
		const char *key = changes[i].pod->key;
		bool exists;

		first = i;
		while (i + 1 < staged->count &&
		       !strcmp(key, changes[i + 1].pod->key))
			i++;
		for (; old < end && strcmp(old->pod->key, key) < 0; old++) {
			err = append_pod(to, old->pod);
			if (err)
				return err;
		}
		exists = old < end && !strcmp(old->pod->key, key);
		if (exists)
			old++;
		if (changes[first].remove && !exists)
			return podwall_error_set(error, -ENOENT,
						 "pod %.100s cannot be removed: it does not exist",
						 key);
		if (changes[i].remove)
			continue;
		err = append_pod(to, changes[i].pod);
		if (err)
			return err;
	}
	for (; old < end; old++) {
		err = append_pod(to, old->pod);
		if (err)
			return err;
	}
	return 0;
}

static void reckon(struct podwall_policy *policy)
{
	struct podwall_peer_set **peer_sets = policy->peer_sets.elements;
	struct podwall_rule_set **rule_sets = policy->rule_sets.elements;
	const struct podwall_pod_slot *slots = policy->pod_slots.elements;
	struct podwall_amounts *used = &policy->used;
	u64 members = 0, rules = 0;
	u32 i;

	used->peer_sets = policy->peer_sets.count;
	used->rule_sets = policy->rule_sets.count;
	used->pods = policy->pod_slots.count;
	used->guarded = policy->settings.guarded.count;
	used->memory = sizeof(*policy) +
		policy->peer_sets.room * sizeof(void *) +
		policy->rule_sets.room * sizeof(void *) +
		policy->pod_slots.room * sizeof(struct podwall_pod_slot) +
		policy->settings.guarded.room * sizeof(struct podwall_network) +
		podwall_traffic_total_size();
	for (i = 0; i < policy->peer_sets.count; i++) {
		members += podwall_peer_set_members(peer_sets[i]);
		used->memory += podwall_peer_set_size(peer_sets[i]);
	}
	for (i = 0; i < policy->rule_sets.count; i++) {
		rules += rule_sets[i]->rules.count;
		used->memory += podwall_rule_set_size(rule_sets[i]);
	}
	for (i = 0; i < policy->pod_slots.count; i++)
		used->memory += podwall_pod_size(slots[i].pod) +
				podwall_traffic_size();
	used->members = min_t(u64, members, U32_MAX);
	used->rules = min_t(u64, rules, U32_MAX);
}

static void reckon_classifier(struct podwall_policy *policy)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	struct podwall_amounts *used = &policy->used;

	used->addresses = classifier->addresses4->count +
			  classifier->addresses6->count;
	used->memory += podwall_pod_table_size(&policy->pod_table) +
			podwall_classifier_size(classifier);
}

static int check_limits(const struct podwall_policy *policy,
			struct podwall_error *error)
{
	const struct podwall_amounts *limits = &policy->settings.limits;
	const struct podwall_amounts *used = &policy->used;
	const struct {
		const char *name;
		u64 used;
		u64 limit;
	} rows[] = {
		{ "addresses", used->addresses, limits->addresses },
		{ "peer-sets", used->peer_sets, limits->peer_sets },
		{ "rule-sets", used->rule_sets, limits->rule_sets },
		{ "pods", used->pods, limits->pods },
		{ "rules", used->rules, limits->rules },
		{ "members", used->members, limits->members },
		{ "guarded", used->guarded, limits->guarded },
		{ "memory", used->memory, limits->memory },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].used > rows[i].limit)
			return podwall_error_set(error, -ENOSPC,
						 "the policy needs %llu %s, the limit is %llu (settings, limits, %s)",
						 rows[i].used, rows[i].name,
						 rows[i].limit, rows[i].name);
	return 0;
}

static int build(struct podwall_policy *policy,
		 const struct podwall_policy *live,
		 struct podwall_transaction *transaction,
		 struct podwall_error *error)
{
	static const struct podwall_array none;
	bool flush = transaction->flush;
	int err;

	policy->settings_generation = transaction->has_settings ?
		policy->generation : live->settings_generation;
	err = podwall_settings_copy(&policy->settings,
				    transaction->has_settings ?
				    &transaction->settings : &live->settings);
	if (err)
		return err;
	err = merge_sets(&policy->peer_sets, flush ? &none : &live->peer_sets,
			 &transaction->peer_sets, &peer_set_kind, error);
	if (err)
		return err;
	err = merge_sets(&policy->rule_sets, flush ? &none : &live->rule_sets,
			 &transaction->rule_sets, &rule_set_kind, error);
	if (err)
		return err;
	err = merge_pods(&policy->pod_slots, flush ? &none : &live->pod_slots,
			 &transaction->pods, error);
	if (err)
		return err;
	err = podwall_reference_check(policy, live, error);
	if (err)
		return err;
	/* What is over a limit already is not worth a classifier. */
	reckon(policy);
	err = check_limits(policy, error);
	if (!err)
		err = podwall_succession_prepare(policy, live);
	if (!err)
		err = podwall_classifier_build(policy, live, transaction, error);
	if (err)
		return err;
	podwall_reference_rows(policy);
	reckon_classifier(policy);
	return check_limits(policy, error);
}

/**
 * podwall_commit_build - make the policy that a transaction leads to
 * @live: the policy that the transaction applies to; unchanged
 * @transaction: what it staged gets sorted and frozen
 * @error: receives the text of a refusal
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 * Return: the policy with one reference, the caller's, its generation one up
 * from @live; or an error pointer: -ENOSPC over a limit, those of
 * podwall_reference_check() and podwall_classifier_build(), -ENOENT for the
 * removal of what does not exist, -ENOMEM.
 */
struct podwall_policy *
podwall_commit_build(const struct podwall_policy *live,
		     struct podwall_transaction *transaction,
		     struct podwall_error *error)
{
	struct podwall_policy *policy = podwall_policy_create();
	int err;

	if (!policy)
		return ERR_PTR(-ENOMEM);
	policy->generation = live->generation + 1;
	policy->traffic = podwall_traffic_total_get(live->traffic);
	err = build(policy, live, transaction, error);
	if (err) {
		podwall_policy_put(policy);
		return ERR_PTR(err);
	}
	return policy;
}
