// SPDX-License-Identifier: GPL-2.0-only

#include <linux/cpumask.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "counters.h"
#include "ledger.h"

/**
 * DOC: What goes on counting
 *
 * A rule set is replaced whole, though most of its rules stay; what they have
 * counted has to go on. podwall_succession_find() says which. But packets that
 * had found the old policy still count in the old row of counts when the new
 * one is already live and being listed. So nothing is copied at first: the new
 * row is tied to the old one, by an index for each count, and whoever reads a
 * count adds up both.
 *
 * A row lives as long as its rule set, which is freed when no policy has it any
 * more and no packet can reach it. Then it has counted all that it ever will:
 * podwall_counters_free() adds that to the newer row, and unties the two. One
 * mutex covers that and every reading, so each reader finds a number in one of
 * the two places, and none sees a count fall.
 *
 * Rows may be freed in any order, as listings hold old policies. So a row that
 * is tied to an older one itself leaves that to the newer one, with indices
 * translated. The chain is never longer than there are policies not yet freed,
 * and no row takes more memory for it than an index for each count.
 *
 * For example, rows of rule set 7 in three commits, rules by cookie:
 *
 *	A: 0 is a, 1 is b
 *	B: 0 is b, 1 is c	indices {1, -}	tied to A
 *	C: 0 is c, 1 is b	indices {1, 0}	tied to B
 *
 * A counted 5 packets for b and B 2: reading b in C goes C[1], B[0], A[1] and
 * gives 7. A listing holds A's policy, so B is freed first: C[1] gets B's 2, and
 * C is tied to A with indices {-, 1}. When A is freed C[1] gets its 5, and
 * stands alone. What A counted for a is gone with the rule.
 *
 * The tie is made while the next policy is built, and nobody looks at that
 * before it is published. If it never is, its row is freed as any other: it has
 * counted nothing, and gives nothing to nobody. Its freeing may come late; the
 * next attempt takes its place.
 */

/* Guards what ties rows, of all network namespaces: held for one row at most. */
static DEFINE_MUTEX(ties);

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

static void untie(struct podwall_counters *newer)
{
	newer->older->newer = NULL;
	newer->older = NULL;
	kvfree(newer->indices);
	newer->indices = NULL;
}

/* The newer row gets all that this one counted, and its tie. */
static void hand_over(const struct podwall_counters *counters)
{
	struct podwall_counters *newer = counters->newer;
	u32 i;

	for (i = 0; i < newer->count; i++) {
		u32 index = newer->indices[i];
		struct podwall_count count;

		if (index == PODWALL_COUNTERS_NONE)
			continue;
		count = podwall_count_read(podwall_counters_at(counters, index));
		podwall_count_carry(podwall_counters_at(newer, i), &count);
		if (counters->older)
			newer->indices[i] = counters->indices[index];
		if (!(i & 1023))
			cond_resched();
	}
	if (!counters->older) {
		untie(newer);
		return;
	}
	newer->older = counters->older;
	newer->older->newer = newer;
}

/**
 * podwall_counters_free - free a row; what goes on from it keeps its counts
 * @counters: no packet may reach it any more; NULL is fine
 *
 * Context: Process context; may sleep.
 */
void podwall_counters_free(struct podwall_counters *counters)
{
	u32 i;

	if (!counters)
		return;
	mutex_lock(&ties);
	if (counters->newer)
		hand_over(counters);
	else if (counters->older)
		untie(counters);
	mutex_unlock(&ties);
	kvfree(counters->indices);
	for (i = 0; i < DIV_ROUND_UP(counters->count, PODWALL_COUNTERS_CHUNK); i++)
		free_percpu(counters->chunks[i]);
	kfree(counters);
	podwall_ledger_freed(PODWALL_LEDGER_COUNTERS);
}

/**
 * podwall_counters_size - the memory that a row holds, in bytes
 * @count: how many counts
 *
 * Whether or not it goes on from another, which is no longer known later.
 *
 * Context: Any.
 */
size_t podwall_counters_size(u32 count)
{
	return count * (sizeof(struct podwall_count) * num_possible_cpus() +
			sizeof(u32));
}

/**
 * podwall_counters_succeed - let a row go on from another
 * @counters: has counted nothing yet; no packet and no listing reaches it
 * @older: another row, that lives on for now. A row that went on from it and
 *	was never published does so no more
 * @indices: for each count its index in @older, none of them twice, or
 *	PODWALL_COUNTERS_NONE; from kvmalloc(), owned by @counters from now on
 *
 * Context: Process context; may sleep.
 */
void podwall_counters_succeed(struct podwall_counters *counters,
			      struct podwall_counters *older, u32 *indices)
{
	mutex_lock(&ties);
	if (counters->older)
		untie(counters);
	if (older->newer)
		untie(older->newer);
	counters->older = older;
	counters->indices = indices;
	older->newer = counters;
	mutex_unlock(&ties);
}

/**
 * podwall_counters_read - read one count, with what it goes on from
 * @counters: the row
 * @index: below its count
 *
 * As podwall_count_read(). Who reads twice sees no number fall.
 *
 * Context: Process context; may sleep.
 */
struct podwall_count
podwall_counters_read(const struct podwall_counters *counters, u32 index)
{
	struct podwall_count sum, more;

	mutex_lock(&ties);
	sum = podwall_count_read(podwall_counters_at(counters, index));
	for (; counters->older; counters = counters->older) {
		index = counters->indices[index];
		if (index == PODWALL_COUNTERS_NONE)
			break;
		more = podwall_count_read(podwall_counters_at(counters->older,
							      index));
		podwall_count_sum(&sum, &more);
	}
	mutex_unlock(&ties);
	return sum;
}
