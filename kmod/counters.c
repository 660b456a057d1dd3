// SPDX-License-Identifier: GPL-2.0-only

#include <linux/cpumask.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "counters.h"
#include "ledger.h"

/**
 * podwall_count_sum - add up two counts
 * @sum: gets as much more
 * @more: the other
 *
 * Context: Any.
 */
void podwall_count_sum(struct podwall_count *sum,
		       const struct podwall_count *more)
{
	sum->connections += more->connections;
	sum->packets += more->packets;
	sum->bytes += more->bytes;
}

/**
 * podwall_count_read - sum one count over all CPUs
 * @count: on every CPU
 *
 * Read without stopping the writers: a packet in flight may show in one of the
 * numbers and not yet in another.
 *
 * Context: Any.
 */
struct podwall_count podwall_count_read(const struct podwall_count __percpu *count)
{
	struct podwall_count sum = {};
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct podwall_count *part = per_cpu_ptr(count, cpu);

		sum.connections += READ_ONCE(part->connections);
		sum.packets += READ_ONCE(part->packets);
		sum.bytes += READ_ONCE(part->bytes);
	}
	return sum;
}

/**
 * podwall_count_carry - count what was counted elsewhere
 * @count: on every CPU
 * @more: what was
 *
 * Context: Any; writes this CPU's copy only.
 */
void podwall_count_carry(struct podwall_count __percpu *count,
			 const struct podwall_count *more)
{
	if (!more->packets)
		return;
	this_cpu_add(count->connections, more->connections);
	this_cpu_add(count->packets, more->packets);
	this_cpu_add(count->bytes, more->bytes);
}

/**
 * podwall_counters_create - make a row of counts, all zero
 * @count: how many
 *
 * Context: Process context; may sleep.
 * Return: the row, the caller's to free, or NULL without memory.
 */
struct podwall_counters *podwall_counters_create(u32 count)
{
	u32 chunks = DIV_ROUND_UP(count, PODWALL_COUNTERS_CHUNK);
	struct podwall_counters *counters;
	u32 i;

	counters = kzalloc(struct_size(counters, chunks, chunks),
			   GFP_KERNEL_ACCOUNT);
	if (!counters)
		return NULL;
	podwall_ledger_made(PODWALL_LEDGER_COUNTERS);
	counters->count = count;
	for (i = 0; i < chunks; i++) {
		u32 left = min_t(u32, count - i * PODWALL_COUNTERS_CHUNK,
				 PODWALL_COUNTERS_CHUNK);

		counters->chunks[i] =
			__alloc_percpu_gfp(left * sizeof(struct podwall_count),
					   __alignof__(struct podwall_count),
					   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
		if (!counters->chunks[i]) {
			podwall_counters_free(counters);
			return NULL;
		}
	}
	return counters;
}

/**
 * podwall_counters_free - free a row
 * @counters: no packet may reach it any more; NULL is fine
 *
 * Context: Process context; may sleep.
 */
void podwall_counters_free(struct podwall_counters *counters)
{
	u32 i;

	if (!counters)
		return;
	for (i = 0; i < DIV_ROUND_UP(counters->count, PODWALL_COUNTERS_CHUNK); i++)
		free_percpu(counters->chunks[i]);
	kfree(counters);
	podwall_ledger_freed(PODWALL_LEDGER_COUNTERS);
}

/**
 * podwall_counters_read - sum one count over all CPUs
 * @counters: the row
 * @index: below its count
 *
 * As podwall_count_read().
 *
 * Context: Any.
 */
struct podwall_count
podwall_counters_read(const struct podwall_counters *counters, u32 index)
{
	return podwall_count_read(podwall_counters_at(counters, index));
}
