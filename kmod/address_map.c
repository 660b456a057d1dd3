// SPDX-License-Identifier: GPL-2.0-only

#include <linux/mm.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "address_map.h"
#include "ledger.h"

/**
 * DOC: The address map
 *
 * A hash table by open addressing, cut into pages: the middle of an address's
 * hash chooses the page, its top the slot where the search begins. The search
 * goes on from slot to slot, round the page, until it meets the address or a
 * slot that was never taken. A page is never full, so it ends.
 *
 * For example, 10.0.0.1 and 10.0.0.9 begin at slot 4. The first is in slot 4,
 * the second in 5.
 */

static size_t map_size(u32 page_count)
{
	const struct podwall_address_map *map;

	return struct_size(map, pages, page_count) +
	       page_count * sizeof(*map->used);
}

/**
 * podwall_address_map_allocate - begin a map that has no pages yet
 * @family: AF_INET or AF_INET6
 * @page_count: a power of two
 *
 * The caller puts in the pages, each with a reference, before the map is used
 * for anything but to be dropped.
 *
 * Context: Process context; may sleep.
 * Return: the map with one reference, the caller's, or NULL without memory, or
 * for more slots than 32 bits can count.
 */
struct podwall_address_map *podwall_address_map_allocate(u8 family,
							 u32 page_count)
{
	struct podwall_address_map *map;

	/* Slots are counted in 32 bits. */
	if (page_count > U32_MAX / podwall_address_slots_count(family))
		return NULL;
	map = kvzalloc(map_size(page_count),
		       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!map)
		return NULL;
	map->used = (u16 *)&map->pages[page_count];
	podwall_ledger_made(PODWALL_LEDGER_ADDRESS_MAP);
	refcount_set(&map->references, 1);
	map->family = family;
	map->page_count = page_count;
	map->page_mask = page_count - 1;
	map->multipliers[0] = get_random_u64() | 1;
	map->multipliers[1] = get_random_u64() | 1;
	return map;
}

/**
 * podwall_address_map_get - take a reference
 * @map: one that the caller may reach
 *
 * Context: Any.
 * Return: @map.
 */
struct podwall_address_map *
podwall_address_map_get(struct podwall_address_map *map)
{
	refcount_inc(&map->references);
	return map;
}

/**
 * podwall_address_map_put - drop a reference, and the map with the last one
 * @map: no packet may reach it through the caller's reference any more; or
 *	NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_address_map_put(struct podwall_address_map *map)
{
	u32 i;

	if (!map || !refcount_dec_and_test(&map->references))
		return;
	for (i = 0; i < map->page_count; i++) {
		podwall_address_slots_put(map->pages[i]);
		cond_resched();
	}
	kvfree(map);
	podwall_ledger_freed(PODWALL_LEDGER_ADDRESS_MAP);
}

/**
 * podwall_address_map_size - the memory that a map holds, in bytes
 * @map: any; pages that it shares are reckoned as its own
 *
 * Context: Any.
 */
size_t podwall_address_map_size(const struct podwall_address_map *map)
{
	return map_size(map->page_count) +
	       (size_t)map->page_count * PAGE_SIZE;
}

/**
 * podwall_address_map_next - walk over a map
 * @map: referenced
 * @position: where to begin, 0 at first; where to go on
 * @ip: receives an address
 *
 * Context: Any.
 * Return: the value of the address, or 0 at the end.
 */
u32 podwall_address_map_next(const struct podwall_address_map *map,
			     u32 *position, struct podwall_ip *ip)
{
	u32 slots = podwall_address_slots_count(map->family);
	u32 end = map->page_count * slots;

	while (*position < end) {
		void *page = map->pages[*position / slots];
		u32 index = *position % slots;
		u32 value = *podwall_address_slots_value(map->family, page, index);

		++*position;
		if (!value)
			continue;
		podwall_address_slots_read(map->family, page, index, ip);
		return value;
	}
	return 0;
}
