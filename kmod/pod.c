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
 * Context: Any.
 */
void podwall_pod_put(struct podwall_pod *pod)
{
	if (!refcount_dec_and_test(&pod->references))
		return;
	podwall_event_limit_put(pod->events);
	kfree(pod);
	podwall_ledger_freed(PODWALL_LEDGER_POD);
}

/**
 * podwall_pod_inherit - go on counting where another description of a pod was
 * @pod: staged, and in no policy yet
 * @old: in the live policy, of the same key; unchanged
 *
 * Of another uid it is another pod, which begins anew.
 *
 * Context: Process context, under &podwall_net.mutex.
 */
void podwall_pod_inherit(struct podwall_pod *pod, const struct podwall_pod *old)
{
	if (strcmp(pod->uid, old->uid))
		return;
	podwall_event_limit_put(pod->events);
	pod->events = podwall_event_limit_get(old->events);
}

/**
 * podwall_pod_size - the memory that a pod holds, in bytes
 * @pod: any
 *
 * Context: Any.
 */
size_t podwall_pod_size(const struct podwall_pod *pod)
{
	return struct_size(pod, key, strlen(pod->key) + 1) +
	       sizeof(*pod->events);
}
