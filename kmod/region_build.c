// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/string.h>

#include "error.h"
#include "ledger.h"
#include "limits.h"
#include "peer_set.h"
#include "region.h"
#include "region_build.h"
#include "region_edge.h"
#include "region_holder.h"

/**
 * struct survey - the building of regions
 * @regions: being built
 * @peer_sets: of struct podwall_peer_set pointers, by id
 * @error: receives the text of a refusal
 * @edges: of struct podwall_region_edge, of one family
 * @counts: for each peer set, how many of its blocks hold the position
 * @current_sets: of u32; ids of the peer sets with a count, ascending
 * @current_hash: of those
 * @work: how many ids were moved, or may have been compared, by now
 * @heads: chains of regions by hash
 * @head_bits: logarithm of their number
 * @free: the lowest region that may be without a range
 * @set_count: peer sets of all regions that have a range by now
 */
struct survey {
	struct podwall_regions *regions;
	const struct podwall_array *peer_sets;
	struct podwall_error *error;
	struct podwall_array edges;
	u32 *counts;
	struct podwall_array current_sets;
	u32 current_hash;
	u64 work;
	u32 *heads;
	u32 head_bits;
	u32 free;
	u32 set_count;
};

/* Peer sets are few at any one address, and edges come one by one. */
static int apply_edge(struct survey *survey,
		      const struct podwall_region_edge *edge)
{
	struct podwall_peer_set *const *sets = survey->peer_sets->elements;
	struct podwall_array *current_sets = &survey->current_sets;
	u32 *count = &survey->counts[edge->set];
	u32 i, before = *count, id = sets[edge->set]->id;
	u32 *ids;

	*count += edge->change;
	if (!before == !*count)
		return 0;
	if (!before && !podwall_array_append(current_sets, sizeof(*ids)))
		return -ENOMEM;
	survey->current_hash ^= jhash_1word(id, survey->regions->seed);
	survey->work += current_sets->count;
	ids = current_sets->elements;
	if (before) {
		for (i = 0; ids[i] != id; i++)
			;
		current_sets->count--;
		memmove(&ids[i], &ids[i + 1],
			(current_sets->count - i) * sizeof(*ids));
	} else {
		for (i = current_sets->count - 1; i && ids[i - 1] > id; i--)
			ids[i] = ids[i - 1];
		ids[i] = id;
	}
	return 0;
}

static struct podwall_region *region_at(struct podwall_regions *regions,
					u32 region)
{
	return (struct podwall_region *)regions->regions.elements + region;
}

static void link_region(struct survey *survey, u32 region)
{
	struct podwall_region *entry = region_at(survey->regions, region);
	u32 *head = &survey->heads[entry->hash >> (32 - survey->head_bits)];

	entry->next = *head;
	*head = region;
}

/* Hash to find, compare to accept. */
static u32 find_region(const struct survey *survey, const u32 *ids, u32 count,
		       u32 hash)
{
	const u32 *all = survey->regions->sets.elements;
	const struct podwall_region *entry;
	u32 region;

	for (region = survey->heads[hash >> (32 - survey->head_bits)]; region;
	     region = entry->next) {
		entry = region_at(survey->regions, region);
		if (entry->hash == hash && entry->set_count == count &&
		    !memcmp(all + entry->first_set, ids, count * sizeof(*ids)))
			return region;
	}
	return 0;
}

static int add_region(struct survey *survey, const u32 *ids, u32 count,
		      u32 hash, u32 *region)
{
	struct podwall_regions *regions = survey->regions;
	struct podwall_region *entry;
	int err;

	while (survey->free < regions->regions.count &&
	       region_at(regions, survey->free)->set_count)
		survey->free++;
	*region = survey->free;
	if (*region == regions->regions.count &&
	    !podwall_array_append(&regions->regions, sizeof(*entry)))
		return -ENOMEM;
	err = podwall_array_reserve(&regions->sets, count, sizeof(*ids));
	if (err)
		return err;
	entry = region_at(regions, *region);
	*entry = (struct podwall_region){
		.first_set = regions->sets.count,
		.set_count = count,
		.hash = hash,
	};
	memcpy((u32 *)regions->sets.elements + regions->sets.count, ids,
	       count * sizeof(*ids));
	regions->sets.count += count;
	link_region(survey, *region);
	return 0;
}

static int current_region(struct survey *survey, u32 *region)
{
	const u32 *ids = survey->current_sets.elements;
	u32 hash = survey->current_hash, count = survey->current_sets.count;

	*region = 0;
	if (!count)
		return 0;
	survey->work += count;
	if (survey->work > PODWALL_REGION_WORK_MAX)
		return podwall_error_set(survey->error, -ENOSPC,
					 "the blocks of all peer sets overlap too much: between their edges lie more than %u peer sets",
					 PODWALL_REGION_WORK_MAX);
	*region = find_region(survey, ids, count, hash);
	return *region ? 0 : add_region(survey, ids, count, hash, region);
}

static int append_range(struct survey *survey, u8 family,
			struct podwall_position first, u32 region)
{
	struct podwall_regions *regions = survey->regions;
	struct podwall_array *all = family == AF_INET ? &regions->ranges4 :
							&regions->ranges6;
	u32 *range, *ranges = all->elements;

	if (all->count && ranges[all->count - 1] == region)
		return 0;
	range = podwall_array_append(all, sizeof(*range));
	if (!range)
		return -ENOMEM;
	*range = region;
	if (!region_at(regions, region)->ranges++)
		survey->set_count += region_at(regions, region)->set_count;
	if (survey->set_count > PODWALL_REGION_SETS_MAX)
		return podwall_error_set(survey->error, -ENOSPC,
					 "the blocks of all peer sets overlap too much: the peer sets of all regions are more than %u",
					 PODWALL_REGION_SETS_MAX);
	if (family == AF_INET) {
		u32 *low = podwall_array_append(&regions->firsts4,
						sizeof(*low));

		if (!low)
			return -ENOMEM;
		*low = first.low;
	} else {
		struct podwall_position *position =
			podwall_array_append(&regions->firsts6,
					     sizeof(*position));

		if (!position)
			return -ENOMEM;
		*position = first;
	}
	return 0;
}

static int survey_family(struct survey *survey, u8 family)
{
	const struct podwall_region_edge *edges, *edge, *end;
	struct podwall_position at;
	u32 region;
	int err;

	err = podwall_region_edges_collect(&survey->edges, survey->peer_sets,
					   family, survey->error);
	if (err)
		return err;
	edges = survey->edges.elements;
	memset(survey->counts, 0,
	       survey->peer_sets->count * sizeof(*survey->counts));
	survey->current_sets.count = 0;
	survey->current_hash = 0;
	if (!survey->edges.count || edges[0].at.high || edges[0].at.low) {
		err = append_range(survey, family, (struct podwall_position){}, 0);
		if (err)
			return err;
	}
	edge = edges;
	end = edges + survey->edges.count;
	while (edge < end) {
		at = edge->at;
		do {
			err = apply_edge(survey, edge++);
			if (err)
				return err;
			cond_resched();
		} while (edge < end &&
			 !podwall_position_compare(&edge->at, &at));
		err = current_region(survey, &region);
		if (!err)
			err = append_range(survey, family, at, region);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static int build_roots4(struct podwall_regions *regions)
{
	const u32 *firsts = regions->firsts4.elements;
	u32 i, range = 0;

	if (regions->firsts4.count < PODWALL_ROOTS4_RANGES_MIN)
		return 0;
	regions->roots4 = kvmalloc_array(PODWALL_ROOTS4_COUNT, sizeof(u32),
					 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!regions->roots4)
		return -ENOMEM;
	for (i = 0; i < PODWALL_ROOTS4_COUNT - 1; i++) {
		while (range + 1 < regions->firsts4.count &&
		       firsts[range + 1] <= i << 16)
			range++;
		regions->roots4[i] = range;
	}
	regions->roots4[i] = regions->firsts4.count - 1;
	return 0;
}

/* A region keeps its number for as long as it has a range. */
static int keep_regions(struct survey *survey, const struct podwall_regions *old)
{
	struct podwall_regions *regions = survey->regions;
	const u32 *sets = old->sets.elements;
	u32 i;
	int err;

	err = podwall_array_reserve(&regions->regions, old->regions.count,
				    sizeof(struct podwall_region));
	for (i = 0; !err && i < old->regions.count; i++) {
		const struct podwall_region *from =
			podwall_regions_region(old, i);
		struct podwall_region *to =
			podwall_array_append(&regions->regions, sizeof(*to));

		if (!i || !from->ranges)
			continue;
		err = podwall_array_reserve(&regions->sets, from->set_count,
					    sizeof(*sets));
		if (err)
			break;
		to->first_set = regions->sets.count;
		to->set_count = from->set_count;
		to->hash = from->hash;
		memcpy((u32 *)regions->sets.elements + regions->sets.count,
		       sets + from->first_set, from->set_count * sizeof(*sets));
		regions->sets.count += from->set_count;
		link_region(survey, i);
	}
	return err;
}

/* Each block and each exception begins a region and ends one, at most. */
static u32 count_blocks(const struct podwall_array *peer_sets)
{
	struct podwall_peer_set *const *sets = peer_sets->elements;
	u64 count = 0;
	u32 i;

	for (i = 0; i < peer_sets->count; i++)
		count += (u64)sets[i]->blocks.count + sets[i]->excepts.count;
	return min_t(u64, count, PODWALL_BLOCK_EDGES_MAX);
}

static int build(struct survey *survey, const struct podwall_regions *old)
{
	int err;

	survey->counts = kvcalloc(max(survey->peer_sets->count, 1U),
				  sizeof(*survey->counts),
				  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	survey->head_bits = ilog2(count_blocks(survey->peer_sets) | 1024);
	survey->heads = kvcalloc(1U << survey->head_bits,
				 sizeof(*survey->heads),
				 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!survey->counts || !survey->heads)
		return -ENOMEM;
	if (old) {
		err = keep_regions(survey, old);
		if (err)
			return err;
	} else if (!podwall_array_append(&survey->regions->regions,
					 sizeof(struct podwall_region))) {
		return -ENOMEM;
	}
	err = survey_family(survey, AF_INET);
	if (!err)
		err = survey_family(survey, AF_INET6);
	if (!err)
		err = build_roots4(survey->regions);
	return err ?: podwall_regions_list_holders(survey->regions,
						   survey->peer_sets);
}

/**
 * podwall_regions_build - cut all addresses at the edges of blocks
 * @peer_sets: of struct podwall_peer_set pointers, frozen; by id
 * @old: regions whose numbers to keep, or NULL
 * @error: receives the text of a refusal
 *
 * Context: Process context; may sleep.
 * Return: the regions with one reference, the caller's, or an error pointer:
 * -ENOSPC when there are too many edges or they overlap too much, -ENOMEM.
 */
struct podwall_regions *
podwall_regions_build(const struct podwall_array *peer_sets,
		      const struct podwall_regions *old,
		      struct podwall_error *error)
{
	struct survey survey = {
		.peer_sets = peer_sets,
		.error = error,
		.free = 1,
	};
	int err;

	survey.regions = kzalloc(sizeof(*survey.regions), GFP_KERNEL_ACCOUNT);
	if (!survey.regions)
		return ERR_PTR(-ENOMEM);
	podwall_ledger_made(PODWALL_LEDGER_REGIONS);
	refcount_set(&survey.regions->references, 1);
	survey.regions->seed = old ? old->seed : get_random_u32();
	err = build(&survey, old);
	podwall_array_free(&survey.edges);
	podwall_array_free(&survey.current_sets);
	kvfree(survey.counts);
	kvfree(survey.heads);
	if (err) {
		podwall_regions_put(survey.regions);
		return ERR_PTR(err);
	}
	return survey.regions;
}
