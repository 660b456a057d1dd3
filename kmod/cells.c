// SPDX-License-Identifier: GPL-2.0-only

#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cells.h"
#include "ledger.h"

/*
 * Large allocations begin at a page, and what is asked most stands at the
 * beginning: of all rows in the same few sets of a cache, unless they are apart.
 */
#define COLOR_BITS	6
#define COLOR_CELLS	(L1_CACHE_BYTES / sizeof(u32))

/* Region 1, the most common one, begins a cache line. */
#define FIRST_CELL	((L1_CACHE_BYTES - sizeof(struct podwall_cells)) / \
			 sizeof(u32) - 1)

static size_t size_of(u32 first, u32 count)
{
	const struct podwall_cells *cells;

	return struct_size(cells, values, (size_t)first + count);
}

static struct podwall_cells *allocate(u32 region_count, u32 identity_count,
				      u32 seed, gfp_t flags)
{
	size_t count = (size_t)region_count + identity_count;
	struct podwall_cells *cells;
	u32 first = FIRST_CELL;

	if (count * sizeof(u32) > KMALLOC_MAX_CACHE_SIZE)
		first += hash_32(seed, COLOR_BITS) * COLOR_CELLS;
	cells = kvmalloc(size_of(first, region_count + identity_count),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN | flags);
	if (!cells)
		return NULL;
	podwall_ledger_made(PODWALL_LEDGER_CELLS);
	refcount_set(&cells->references, 1);
	cells->region_count = region_count;
	cells->identity_count = identity_count;
	cells->first = first;
	return cells;
}

/**
 * podwall_cells_create - begin cells that are all 0
 * @region_count: regions that are to fit
 * @identity_count: numbers of identities that are to fit
 * @seed: different for different rows, to set their cells apart in caches
 *
 * Context: Process context; may sleep.
 * Return: the cells with one reference, the caller's, or NULL without memory.
 */
struct podwall_cells *podwall_cells_create(u32 region_count, u32 identity_count,
					   u32 seed)
{
	return allocate(region_count, identity_count, seed, __GFP_ZERO);
}

static void extend(u32 *to, u32 to_count, const u32 *from, u32 from_count)
{
	memcpy(to, from, from_count * sizeof(*to));
	memset(to + from_count, 0, (to_count - from_count) * sizeof(*to));
}

/**
 * podwall_cells_extend - begin as other cells are, with 0 in those that are new
 * @from: unchanged
 * @region_count: regions that are to fit; at least as many as in @from
 * @identity_count: likewise numbers of identities
 * @seed: as of podwall_cells_create()
 *
 * Context: Process context; may sleep.
 * Return: the cells with one reference, the caller's, or NULL without memory.
 */
struct podwall_cells *podwall_cells_extend(struct podwall_cells *from,
					   u32 region_count, u32 identity_count,
					   u32 seed)
{
	struct podwall_cells *cells = allocate(region_count, identity_count,
					       seed, 0);
	const u32 *values = podwall_cells_values(from);

	if (!cells)
		return NULL;
	extend(podwall_cells_values(cells), region_count, values,
	       from->region_count);
	extend(podwall_cells_values(cells) + region_count, identity_count,
	       values + from->region_count, from->identity_count);
	return cells;
}

/**
 * podwall_cells_get - take a reference
 * @cells: that the caller may reach
 *
 * Context: Any.
 * Return: @cells.
 */
struct podwall_cells *podwall_cells_get(struct podwall_cells *cells)
{
	refcount_inc(&cells->references);
	return cells;
}

/**
 * podwall_cells_put - drop a reference, and the cells with the last one
 * @cells: no packet may reach them through the caller's reference any more; or
 *	NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_cells_put(struct podwall_cells *cells)
{
	if (!cells || !refcount_dec_and_test(&cells->references))
		return;
	kvfree(cells);
	podwall_ledger_freed(PODWALL_LEDGER_CELLS);
}

/**
 * podwall_cells_size - the memory that cells hold, in bytes
 * @cells: any
 *
 * Context: Any.
 */
size_t podwall_cells_size(const struct podwall_cells *cells)
{
	return size_of(cells->first, podwall_cells_count(cells));
}
