/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_COUNTERS_H
#define PODWALL_COUNTERS_H

#include <linux/percpu.h>
#include <linux/types.h>

/**
 * struct podwall_count - what was counted in one place
 * @connections: those that it decided with their first packet
 * @packets: all
 * @bytes: theirs, from the IP header on
 */
struct podwall_count {
	u64 connections;
	u64 packets;
	u64 bytes;
};

/* A per-CPU allocation ends at 32 KiB. */
#define PODWALL_COUNTERS_CHUNK 1024

/* Of a count that goes on from none. */
#define PODWALL_COUNTERS_NONE U32_MAX

/**
 * struct podwall_counters - a row of counts, one copy for each CPU
 * @count: how many
 * @older: the row that this one goes on from, or NULL; borrowed
 * @newer: the row that goes on from this one, or NULL; borrowed
 * @indices: with @older, for each count its index there, or
 *	PODWALL_COUNTERS_NONE; owned
 * @chunks: PODWALL_COUNTERS_CHUNK counts each
 *
 * The DOC: block in counters.c says how @older, @newer and @indices change.
 */
struct podwall_counters {
	u32 count;
	struct podwall_counters *older;
	struct podwall_counters *newer;
	u32 *indices;
	struct podwall_count __percpu *chunks[];
};

struct podwall_count podwall_count_read(const struct podwall_count __percpu *count);
void podwall_count_carry(struct podwall_count __percpu *count,
			 const struct podwall_count *more);
void podwall_count_sum(struct podwall_count *sum,
		       const struct podwall_count *more);

struct podwall_counters *podwall_counters_create(u32 count);
void podwall_counters_free(struct podwall_counters *counters);
size_t podwall_counters_size(u32 count);
void podwall_counters_succeed(struct podwall_counters *counters,
			      struct podwall_counters *older, u32 *indices);
struct podwall_count
podwall_counters_read(const struct podwall_counters *counters, u32 index);

/**
 * podwall_counters_at - find one count
 * @counters: the row
 * @index: below its count
 *
 * Context: Any.
 */
static inline struct podwall_count __percpu *
podwall_counters_at(const struct podwall_counters *counters, u32 index)
{
	return counters->chunks[index / PODWALL_COUNTERS_CHUNK] +
	       index % PODWALL_COUNTERS_CHUNK;
}

/**
 * podwall_count_packet - count a packet that begins no connection
 * @count: on every CPU
 * @bytes: the packet's length
 *
 * Context: Any; writes this CPU's copy only.
 */
static __always_inline void
podwall_count_packet(struct podwall_count __percpu *count, u32 bytes)
{
	this_cpu_inc(count->packets);
	this_cpu_add(count->bytes, (u64)bytes);
}

/**
 * podwall_count_add - count a packet
 * @count: on every CPU
 * @bytes: the packet's length
 * @first: it is the first packet of its connection
 *
 * Context: Any; writes this CPU's copy only.
 */
static inline void podwall_count_add(struct podwall_count __percpu *count,
				     u32 bytes, bool first)
{
	if (first)
		this_cpu_inc(count->connections);
	podwall_count_packet(count, bytes);
}

#endif
