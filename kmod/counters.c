// SPDX-License-Identifier: GPL-2.0-only

#include <linux/cpumask.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "counters.h"
#include "ledger.h"

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
 * Read without stopping the writers: a packet in flight may show in one of the
 * numbers and not yet in another.
 *
 * Context: Any.
 */
struct podwall_count
podwall_counters_read(const struct podwall_counters *counters, u32 index)
{
	const struct podwall_count __percpu *chunk;
	struct podwall_count sum = {};
	int cpu;

	chunk = counters->chunks[index / PODWALL_COUNTERS_CHUNK];
	chunk += index % PODWALL_COUNTERS_CHUNK;
	for_each_possible_cpu(cpu) {
		const struct podwall_count *count = per_cpu_ptr(chunk, cpu);

		sum.connections += READ_ONCE(count->connections);
		sum.packets += READ_ONCE(count->packets);
		sum.bytes += READ_ONCE(count->bytes);
	}
	return sum;
}
