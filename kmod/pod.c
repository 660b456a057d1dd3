// SPDX-License-Identifier: GPL-2.0-only

#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ledger.h"
#include "pod.h"

/**
 * podwall_pod_create - begin an enforced pod without addresses and rule sets
 * @key: namespace/name; copied
 *
 * Context: Process context; may sleep.
 * Return: the pod with one reference, the caller's, or NULL without memory.
 */
struct podwall_pod *podwall_pod_create(const char *key)
{
	size_t length = strlen(key) + 1;
	struct podwall_pod *pod;

	pod = kzalloc(struct_size(pod, key, length), GFP_KERNEL_ACCOUNT);
	if (!pod)
		return NULL;
	pod->events = podwall_event_limit_create();
	if (!pod->events) {
		kfree(pod);
		return NULL;
	}
	podwall_ledger_made(PODWALL_LEDGER_POD);
	refcount_set(&pod->references, 1);
	pod->mode = PODWALL_MODE_ENFORCE;
	memcpy(pod->key, key, length);
	return pod;
}

/**
 * podwall_pod_get - take a reference
 * @pod: one that the caller may reach
 *
 * Context: Any.
 * Return: @pod.
 */
struct podwall_pod *podwall_pod_get(struct podwall_pod *pod)
{
	refcount_inc(&pod->references);
	return pod;
}

/**
 * podwall_pod_put - drop a reference, and the pod with the last one
 * @pod: no packet may reach it through the caller's reference any more
 *
 * Context: Process context; may sleep.
 */
void podwall_pod_put(struct podwall_pod *pod)
{
	if (!refcount_dec_and_test(&pod->references))
		return;
	podwall_event_limit_put(pod->events);
	podwall_traffic_put(pod->traffic);
	kfree(pod);
	podwall_ledger_freed(PODWALL_LEDGER_POD);
}

/**
 * podwall_pod_is_same - whether a pod is another's next state
 * @pod: the pod
 * @old: the other one
 *
 * Context: Any.
 * Return: false for a pod that was made anew under its key.
 */
bool podwall_pod_is_same(const struct podwall_pod *pod,
			 const struct podwall_pod *old)
{
	return !strcmp(pod->key, old->key) && !strcmp(pod->uid, old->uid);
}

/**
 * podwall_pod_begin - make what a new pod needs to be judged
 * @pod: in no policy yet
 * @total: of its network namespace
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_pod_begin(struct podwall_pod *pod,
		      struct podwall_traffic_total *total)
{
	pod->traffic = podwall_traffic_create(total);
	return pod->traffic ? 0 : -ENOMEM;
}

/**
 * podwall_pod_inherit - share what a pod keeps from one state to the next
 * @pod: in no policy yet
 * @old: its state in the live policy
 *
 * Context: Process context.
 */
void podwall_pod_inherit(struct podwall_pod *pod, const struct podwall_pod *old)
{
	podwall_event_limit_put(pod->events);
	pod->events = podwall_event_limit_get(old->events);
	pod->traffic = podwall_traffic_get(old->traffic);
}

/**
 * podwall_pod_size - the memory that a pod holds, in bytes
 * @pod: any
 *
 * Without its traffic, which a removal never gets and a pod that goes on counting
 * has already.
 *
 * Context: Any.
 */
size_t podwall_pod_size(const struct podwall_pod *pod)
{
	return struct_size(pod, key, strlen(pod->key) + 1) +
	       sizeof(*pod->events);
}
