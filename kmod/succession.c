// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "policy.h"
#include "succession.h"

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
 * @policy: not published, with its pods
 * @live: the policy before it; nothing of it changes for packets or listings
 *
 * What goes on is what both have, by key and uid, also where the transaction
 * flushed the one before it staged the other.
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 * Return: 0, or -ENOMEM with parts prepared, which is no harm.
 */
int podwall_succession_prepare(struct podwall_policy *policy,
			       const struct podwall_policy *live)
{
	return prepare_pods(policy, live);
}
