// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "policy.h"
#include "succession.h"

/**
 * struct mark - what a rule is known again by, and where it stands
 * @cookie: not 0, which marks nothing
 * @tier: enum podwall_tier
 * @rule: its index
 */
struct mark {
	u64 cookie;
	u8 tier;
	u32 rule;
};

static int compare_cookies(const struct mark *a, const struct mark *b)
{
	if (a->tier != b->tier)
		return a->tier < b->tier ? -1 : 1;
	return a->cookie < b->cookie ? -1 : a->cookie > b->cookie;
}

static int compare_marks(const void *a, const void *b)
{
	const struct mark *left = a, *right = b;

	return compare_cookies(left, right) ?:
	       podwall_compare_u32(&left->rule, &right->rule);
}

static u32 read_marks(const struct podwall_rule_set *set, struct mark *marks)
{
	u32 i, count = 0;

	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		if (rule->cookie)
			marks[count++] = (struct mark){
				.cookie = rule->cookie,
				.tier = rule->tier,
				.rule = i,
			};
	}
	sort(marks, count, sizeof(*marks), compare_marks, NULL);
	return count;
}

static void pair(const struct podwall_rule_set *set,
		 const struct podwall_rule_set *older, struct mark *marks,
		 u32 *indices)
{
	struct mark *new = marks, *old = marks + set->rules.count;
	struct mark *new_end = new + read_marks(set, new);
	struct mark *old_end = old + read_marks(older, old);
	int order;

	while (new < new_end && old < old_end) {
		order = compare_cookies(new, old);
		if (!order)
			indices[podwall_rule_set_rule_count(set, new->rule)] =
				podwall_rule_set_rule_count(older, old->rule);
		new += order <= 0;
		old += order >= 0;
	}
}

/**
 * podwall_succession_find - find which counts of a rule set go on in another
 * @set: the other one
 * @older: the rule set
 *
 * A rule goes on as the rule of the same tier with the same cookie. Those that
 * share one, which nlctl gives the parts of a rule too large for one, go on as
 * each other in order. A rule without cookie is another each time. The two
 * endings always go on.
 *
 * Context: Process context; may sleep.
 * Return: for each count of @set its index among those of @older, or
 * PODWALL_COUNTERS_NONE; the caller's to kvfree(), or NULL without memory.
 */
u32 *podwall_succession_find(const struct podwall_rule_set *set,
			     const struct podwall_rule_set *older)
{
	u32 i, count = set->rules.count + 2;
	struct mark *marks;
	u32 *indices;

	indices = kvmalloc_array(count, sizeof(*indices),
				 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!indices)
		return NULL;
	for (i = 0; i < count; i++)
		indices[i] = PODWALL_COUNTERS_NONE;
	indices[podwall_rule_set_isolation_count(set)] =
		podwall_rule_set_isolation_count(older);
	indices[podwall_rule_set_default_count(set)] =
		podwall_rule_set_default_count(older);
	if (!set->rules.count || !older->rules.count)
		return indices;
	marks = kvmalloc_array(set->rules.count + older->rules.count,
			       sizeof(*marks),
			       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!marks) {
		kvfree(indices);
		return NULL;
	}
	pair(set, older, marks, indices);
	kvfree(marks);
	return indices;
}

static int succeed(struct podwall_rule_set *set,
		   const struct podwall_rule_set *older)
{
	u32 *indices;

	if (set == older || set->direction != older->direction)
		return 0;
	indices = podwall_succession_find(set, older);
	if (!indices)
		return -ENOMEM;
	podwall_counters_succeed(set->counters, older->counters, indices);
	return 0;
}

static int prepare_rule_sets(const struct podwall_policy *policy,
			     const struct podwall_policy *live)
{
	struct podwall_rule_set *const *from = live->rule_sets.elements;
	struct podwall_rule_set *const *to = policy->rule_sets.elements;
	u32 i, j = 0;
	int err = 0;

	for (i = 0; !err && i < policy->rule_sets.count; i++) {
		while (j < live->rule_sets.count && from[j]->id < to[i]->id)
			j++;
		if (j < live->rule_sets.count && from[j]->id == to[i]->id)
			err = succeed(to[i], from[j]);
		cond_resched();
	}
	return err;
}

static int compare_key(const void *key, const void *element)
{
	const struct podwall_pod_slot *slot = element;

	return strcmp(key, slot->pod->key);
}

static int prepare_pod(struct podwall_pod *pod,
		       const struct podwall_policy *live)
{
	const struct podwall_pod_slot *old;

	/* It is in the live policy too. */
	if (pod->traffic)
		return 0;
	old = bsearch(pod->key, live->pod_slots.elements, live->pod_slots.count,
		      sizeof(*old), compare_key);
	if (!old || !podwall_pod_is_same(pod, old->pod))
		return podwall_pod_begin(pod, live->traffic);
	podwall_pod_inherit(pod, old->pod);
	return 0;
}

static int prepare_pods(struct podwall_policy *policy,
			const struct podwall_policy *live)
{
	struct podwall_pod_slot *slots = policy->pod_slots.elements;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < policy->pod_slots.count; i++) {
		err = prepare_pod(slots[i].pod, live);
		if (!err)
			slots[i].traffic = slots[i].pod->traffic->counts;
		cond_resched();
	}
	return err;
}

/**
 * podwall_succession_prepare - let the next policy go on counting
 * @policy: not published, with its pods and rule sets, which are frozen
 * @live: the policy before it; nothing of it changes for packets or listings
 *
 * What goes on is what both have, by key and uid or by id and direction, also
 * where the transaction flushed the one before it staged the other.
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 * Return: 0, or -ENOMEM with parts prepared, which is no harm.
 */
int podwall_succession_prepare(struct podwall_policy *policy,
			       const struct podwall_policy *live)
{
	return prepare_pods(policy, live) ?: prepare_rule_sets(policy, live);
}
