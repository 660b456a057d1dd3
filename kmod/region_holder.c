// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>
#include <linux/errno.h>
#include <linux/sched.h>

#include "peer_set.h"
#include "region_holder.h"

static int compare_holder(const void *key, const void *element)
{
	const struct podwall_holder *holder = element;
	u32 set = *(const u32 *)key;

	return set < holder->set ? -1 : set > holder->set;
}

/**
 * podwall_regions_holder - find what a peer set holds
 * @regions: referenced
 * @set: id of the peer set
 *
 * Context: Any.
 * Return: it, owned by @regions, or NULL for a peer set without blocks.
 */
struct podwall_holder *
podwall_regions_holder(const struct podwall_regions *regions, u32 set)
{
	return bsearch(&set, regions->holders.elements, regions->holders.count,
		       sizeof(struct podwall_holder), compare_holder);
}

/**
 * podwall_regions_held - list the regions that a peer set holds
 * @regions: referenced
 * @set: id of the peer set
 * @count: receives how many
 *
 * Context: Any.
 * Return: the regions.
 */
const u32 *podwall_regions_held(const struct podwall_regions *regions, u32 set,
				u32 *count)
{
	const struct podwall_holder *holder = podwall_regions_holder(regions, set);

	*count = holder ? holder->count : 0;
	return (const u32 *)regions->held.elements +
	       (holder ? holder->first : 0);
}

/**
 * podwall_regions_holds - whether a region lies in blocks of a peer set
 * @regions: under RCU, or referenced
 * @region: the region
 * @set: id of the peer set
 *
 * Context: Any.
 */
bool podwall_regions_holds(const struct podwall_regions *regions, u32 region,
			   u32 set)
{
	const struct podwall_region *entry = podwall_regions_region(regions,
								    region);
	const u32 *sets = regions->sets.elements;

	return bsearch(&set, sets + entry->first_set, entry->set_count,
		       sizeof(set), podwall_compare_u32);
}

/**
 * podwall_regions_list_holders - list the regions that each peer set holds
 * @regions: not published; knows the peer sets of each region
 * @peer_sets: of struct podwall_peer_set pointers, by id
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_regions_list_holders(struct podwall_regions *regions,
				 const struct podwall_array *peer_sets)
{
	struct podwall_peer_set *const *sets = peer_sets->elements;
	const u32 *ids = regions->sets.elements;
	struct podwall_holder *holder;
	u32 i, j, id, *held, sum = 0;

	for (i = 0; i < peer_sets->count; i++) {
		if (!sets[i]->blocks.count)
			continue;
		holder = podwall_array_append(&regions->holders,
					      sizeof(*holder));
		if (!holder)
			return -ENOMEM;
		holder->set = sets[i]->id;
	}
	if (podwall_array_reserve(&regions->held, regions->sets.count,
				  sizeof(*held)))
		return -ENOMEM;
	held = regions->held.elements;
	for (i = 0; i < regions->regions.count; i++) {
		const struct podwall_region *region = podwall_regions_region(regions, i);

		for (j = 0; region->ranges && j < region->set_count; j++)
			podwall_regions_holder(regions, ids[region->first_set + j])->count++;
		cond_resched();
	}
	holder = regions->holders.elements;
	for (i = 0; i < regions->holders.count; i++) {
		holder[i].first = sum;
		sum += holder[i].count;
		holder[i].count = 0;
	}
	for (i = 0; i < regions->regions.count; i++) {
		const struct podwall_region *region = podwall_regions_region(regions, i);

		for (j = 0; region->ranges && j < region->set_count; j++) {
			id = ids[region->first_set + j];
			holder = podwall_regions_holder(regions, id);
			held[holder->first + holder->count++] = i;
		}
		cond_resched();
	}
	regions->held.count = sum;
	return 0;
}
