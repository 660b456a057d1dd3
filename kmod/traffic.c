// SPDX-License-Identifier: GPL-2.0-only

#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "ledger.h"
#include "traffic.h"

/**
 * DOC: Traffic
 *
 * What is decided is counted for each registered pod, direction and kind; and
 * once for the network namespace where the address is no registered pod's. A
 * pod that takes the place of one with the same key and uid takes its row over,
 * so nothing has to be moved, also while packets find one or the other.
 *
 * Packets do not count for the namespace besides: its total is the sum of all
 * rows, and of what pods that are gone had counted. The row of such a pod is
 * freed when no packet can reach it any more; until then it is in the sum, and
 * what it counted goes over to the total under the mutex that covers the
 * summing. So no total falls.
 */

#define COUNTS	(sizeof(struct podwall_traffic_counts) / \
		 sizeof(struct podwall_count))

const struct podwall_traffic_name podwall_traffic_names[] = {
	[PODWALL_TRAFFIC_NO_POLICY] = {
		PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		PODWALL_REASON_NO_POLICY,
	},
	[PODWALL_TRAFFIC_RULE] = {
		PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		PODWALL_REASON_RULE,
	},
	[PODWALL_TRAFFIC_DEFAULT] = {
		PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		PODWALL_REASON_DEFAULT,
	},
	[PODWALL_TRAFFIC_NODE] = {
		PODWALL_VERDICT_ACCEPT, PODWALL_MODE_ENFORCE,
		PODWALL_REASON_NODE,
	},
	[PODWALL_TRAFFIC_DENIED_RULE] = {
		PODWALL_VERDICT_DENY, PODWALL_MODE_ENFORCE,
		PODWALL_REASON_RULE,
	},
	[PODWALL_TRAFFIC_DENIED_ISOLATED] = {
		PODWALL_VERDICT_DENY, PODWALL_MODE_ENFORCE,
		PODWALL_REASON_ISOLATED,
	},
	[PODWALL_TRAFFIC_DENIED_UNREGISTERED] = {
		PODWALL_VERDICT_DENY, PODWALL_MODE_ENFORCE,
		PODWALL_REASON_UNREGISTERED,
	},
	[PODWALL_TRAFFIC_AUDITED_RULE] = {
		PODWALL_VERDICT_DENY, PODWALL_MODE_AUDIT,
		PODWALL_REASON_RULE,
	},
	[PODWALL_TRAFFIC_AUDITED_ISOLATED] = {
		PODWALL_VERDICT_DENY, PODWALL_MODE_AUDIT,
		PODWALL_REASON_ISOLATED,
	},
};

/**
 * podwall_traffic_kind - what came of one direction of a packet
 * @verdict: enum podwall_verdict
 * @mode: enum podwall_mode
 * @reason: enum podwall_reason, one that there is with @verdict and @mode
 *
 * Context: Any.
 */
enum podwall_traffic_kind podwall_traffic_kind(u8 verdict, u8 mode, u8 reason)
{
	if (verdict == PODWALL_VERDICT_ACCEPT) {
		switch (reason) {
		case PODWALL_REASON_RULE:
			return PODWALL_TRAFFIC_RULE;
		case PODWALL_REASON_DEFAULT:
			return PODWALL_TRAFFIC_DEFAULT;
		case PODWALL_REASON_NODE:
			return PODWALL_TRAFFIC_NODE;
		default:
			return PODWALL_TRAFFIC_NO_POLICY;
		}
	}
	if (mode == PODWALL_MODE_AUDIT)
		return reason == PODWALL_REASON_ISOLATED ?
		       PODWALL_TRAFFIC_AUDITED_ISOLATED :
		       PODWALL_TRAFFIC_AUDITED_RULE;
	switch (reason) {
	case PODWALL_REASON_ISOLATED:
		return PODWALL_TRAFFIC_DENIED_ISOLATED;
	case PODWALL_REASON_UNREGISTERED:
		return PODWALL_TRAFFIC_DENIED_UNREGISTERED;
	default:
		return PODWALL_TRAFFIC_DENIED_RULE;
	}
}

static struct podwall_traffic_counts __percpu *make_counts(void)
{
	return alloc_percpu_gfp(struct podwall_traffic_counts,
				GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
}

/* One after the other, whatever they are of. */
static struct podwall_count __percpu *
count_at(const struct podwall_traffic_counts __percpu *counts, u32 index)
{
	return (struct podwall_count __percpu *)counts + index;
}

/**
 * podwall_traffic_total_create - begin to count for a network namespace
 *
 * Context: Process context; may sleep.
 * Return: the total with one reference, the caller's, or NULL without memory.
 */
struct podwall_traffic_total *podwall_traffic_total_create(void)
{
	struct podwall_traffic_total *total;

	total = kzalloc(sizeof(*total), GFP_KERNEL_ACCOUNT);
	if (!total)
		return NULL;
	total->counts = make_counts();
	if (!total->counts) {
		kfree(total);
		return NULL;
	}
	podwall_ledger_made(PODWALL_LEDGER_TRAFFIC_TOTAL);
	refcount_set(&total->references, 1);
	mutex_init(&total->mutex);
	INIT_LIST_HEAD(&total->rows);
	return total;
}

/**
 * podwall_traffic_total_get - take a reference
 * @total: one that the caller may reach
 *
 * Context: Any.
 * Return: @total.
 */
struct podwall_traffic_total *
podwall_traffic_total_get(struct podwall_traffic_total *total)
{
	refcount_inc(&total->references);
	return total;
}

/**
 * podwall_traffic_total_put - drop a reference, and the total with the last one
 * @total: no packet may reach it through the caller's reference any more; or
 *	NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_traffic_total_put(struct podwall_traffic_total *total)
{
	if (!total || !refcount_dec_and_test(&total->references))
		return;
	free_percpu(total->counts);
	mutex_destroy(&total->mutex);
	kfree(total);
	podwall_ledger_freed(PODWALL_LEDGER_TRAFFIC_TOTAL);
}

/**
 * podwall_traffic_total_size - the memory that a total holds, in bytes
 *
 * Context: Any.
 */
size_t podwall_traffic_total_size(void)
{
	return sizeof(struct podwall_traffic_total) +
	       sizeof(struct podwall_traffic_counts) * num_possible_cpus();
}

/**
 * podwall_traffic_read - sum what one row has counted over all CPUs
 * @from: on every CPU
 * @counts: receives the sums
 *
 * Context: Process context; may sleep.
 */
void podwall_traffic_read(const struct podwall_traffic_counts __percpu *from,
			  struct podwall_traffic_counts *counts)
{
	struct podwall_count *to = (struct podwall_count *)counts;
	u32 i;

	for (i = 0; i < COUNTS; i++)
		to[i] = podwall_count_read(count_at(from, i));
}

/**
 * podwall_traffic_total_read - sum what was decided in a network namespace
 * @total: the caller has a reference
 * @counts: receives the sums
 *
 * Who reads twice sees no number fall.
 *
 * Context: Process context; may sleep.
 */
void podwall_traffic_total_read(struct podwall_traffic_total *total,
				struct podwall_traffic_counts *counts)
{
	struct podwall_count *to = (struct podwall_count *)counts, more;
	const struct podwall_traffic *traffic;
	u32 i;

	mutex_lock(&total->mutex);
	podwall_traffic_read(total->counts, counts);
	list_for_each_entry(traffic, &total->rows, list) {
		for (i = 0; i < COUNTS; i++) {
			more = podwall_count_read(count_at(traffic->counts, i));
			podwall_count_sum(&to[i], &more);
		}
		cond_resched();
	}
	mutex_unlock(&total->mutex);
}

/**
 * podwall_traffic_create - make the row of a pod
 * @total: of its network namespace; gets what the row counts
 *
 * Context: Process context; may sleep.
 * Return: the row with one reference, the caller's, or NULL without memory.
 */
struct podwall_traffic *
podwall_traffic_create(struct podwall_traffic_total *total)
{
	struct podwall_traffic *traffic;

	traffic = kzalloc(sizeof(*traffic), GFP_KERNEL_ACCOUNT);
	if (!traffic)
		return NULL;
	traffic->counts = make_counts();
	if (!traffic->counts) {
		kfree(traffic);
		return NULL;
	}
	podwall_ledger_made(PODWALL_LEDGER_TRAFFIC);
	refcount_set(&traffic->references, 1);
	traffic->total = podwall_traffic_total_get(total);
	mutex_lock(&total->mutex);
	list_add_tail(&traffic->list, &total->rows);
	mutex_unlock(&total->mutex);
	return traffic;
}

/**
 * podwall_traffic_get - take a reference
 * @traffic: one that the caller may reach
 *
 * Context: Any.
 * Return: @traffic.
 */
struct podwall_traffic *podwall_traffic_get(struct podwall_traffic *traffic)
{
	refcount_inc(&traffic->references);
	return traffic;
}

static void hand_over(struct podwall_traffic *traffic)
{
	struct podwall_traffic_total *total = traffic->total;
	struct podwall_count count;
	u32 i;

	mutex_lock(&total->mutex);
	for (i = 0; i < COUNTS; i++) {
		count = podwall_count_read(count_at(traffic->counts, i));
		podwall_count_carry(count_at(total->counts, i), &count);
	}
	list_del(&traffic->list);
	mutex_unlock(&total->mutex);
}

/**
 * podwall_traffic_put - drop a reference; with the last one the row goes, and
 *	its counts go over to the total
 * @traffic: no packet may reach it through the caller's reference any more; or
 *	NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_traffic_put(struct podwall_traffic *traffic)
{
	if (!traffic || !refcount_dec_and_test(&traffic->references))
		return;
	hand_over(traffic);
	podwall_traffic_total_put(traffic->total);
	free_percpu(traffic->counts);
	kfree(traffic);
	podwall_ledger_freed(PODWALL_LEDGER_TRAFFIC);
}

/**
 * podwall_traffic_size - the memory that a pod's row holds, in bytes
 *
 * Context: Any.
 */
size_t podwall_traffic_size(void)
{
	return sizeof(struct podwall_traffic) +
	       sizeof(struct podwall_traffic_counts) * num_possible_cpus();
}
