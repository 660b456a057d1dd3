// SPDX-License-Identifier: GPL-2.0-only

#include <linux/log2.h>
#include <linux/prefetch.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "address_map_build.h"

/**
 * DOC: Changes of address maps
 *
 * Maps share pages. Whoever changes a map that nobody else reads yet copies
 * each page it touches, unless the page is its own already; so a change costs
 * what it touches, and the list of pages.
 *
 * A value may also be stored in a map that packets read, if nobody else holds
 * the map or the page: the address is written to a slot that was never taken,
 * and then the value, last, which makes the slot count. Removal stores value 0
 * and leaves the address: a slot belongs to one address for as long as the
 * page lives, so who has read the value may trust the address. What is left
 * behind goes when the page is copied.
 *
 * For example, 10.0.0.1 and 10.0.0.9 begin at slot 4. The first is in slot 4,
 * the second in 5. When 10.0.0.1 leaves, slot 4 keeps its address with value 0,
 * and the search for 10.0.0.9 still passes it.
 */

/* A search this long, or a page this full, and the map is made anew. */
#define SEARCH_MAX	128
/* With other multipliers and, every other time, more pages. */
#define TRIES_MAX	8

static u32 most_used(u8 family)
{
	return podwall_address_slots_count(family) / 8 * 7;
}

/*
 * A power of two, so pages are between a quarter and half full: an address that
 * came last is a step and a half from its first slot in the mean, and would be
 * four in pages two thirds full.
 */
static u32 pages_for(u8 family, u32 count)
{
	return roundup_pow_of_two(max(DIV_ROUND_UP(count,
						   podwall_address_slots_count(family) / 2),
				      1U));
}

static struct podwall_address_map *create_map(u8 family, u32 page_count)
{
	struct podwall_address_map *map;
	u32 i;

	map = podwall_address_map_allocate(family, page_count);
	if (!map)
		return NULL;
	for (i = 0; i < page_count; i++) {
		map->pages[i] = podwall_address_slots_create();
		if (!map->pages[i]) {
			podwall_address_map_put(map);
			return NULL;
		}
		cond_resched();
	}
	return map;
}

/**
 * podwall_address_map_create - begin an empty map
 * @family: AF_INET or AF_INET6
 * @count: addresses that are expected; more may come
 *
 * Context: Process context; may sleep.
 * Return: the map with one reference, the caller's, or NULL without memory.
 */
struct podwall_address_map *podwall_address_map_create(u8 family, u32 count)
{
	struct podwall_address_map *map;

	if (count)
		return create_map(family, pages_for(family, count));
	map = podwall_address_map_allocate(family, 1);
	if (map)
		map->pages[0] = podwall_address_no_slots;
	return map;
}

static u64 hash_ip(const struct podwall_address_map *map,
		   const struct podwall_ip *ip)
{
	return ip->family == AF_INET ? podwall_address_hash4(map, ip->v4) :
				       podwall_address_hash6(map, &ip->v6);
}

/*
 * Finds the address's slot, or the free one that ends the search for it.
 * Returns false when it may not take that one: the search is too long.
 */
static bool search(const struct podwall_address_map *map, void *slots,
		   const struct podwall_ip *ip, u32 *index, bool *found)
{
	u32 steps, count = podwall_address_slots_count(map->family);

	*found = false;
	*index = podwall_address_slot(hash_ip(map, ip), count);
	for (steps = 0;
	     !podwall_address_slots_is_free(map->family, slots, *index);
	     steps++) {
		*found = podwall_address_slots_hold(map->family, slots, *index,
						    ip);
		if (*found)
			return true;
		*index = *index + 1 == count ? 0 : *index + 1;
	}
	return steps < SEARCH_MAX;
}

static bool insert(struct podwall_address_map *map, const struct podwall_ip *ip,
		   u32 value)
{
	u32 page = podwall_address_page(map, hash_ip(map, ip));
	bool found, short_enough;
	u32 *slot;
	u32 index;

	short_enough = search(map, map->pages[page], ip, &index, &found);
	slot = podwall_address_slots_value(map->family, map->pages[page],
					   index);
	if (!found) {
		if (!value)
			return true;
		if (!short_enough || map->used[page] >= most_used(map->family))
			return false;
		podwall_address_slots_write(map->family, map->pages[page],
					    index, ip);
		map->used[page]++;
	}
	map->count += !!value - !!*slot;
	/* Pairs with the load of the value in a search. */
	smp_store_release(slot, value);
	return true;
}

static bool insert_all(struct podwall_address_map *to,
		       const struct podwall_address_map *from)
{
	struct podwall_ip ip;
	u32 position = 0;
	u32 value;

	for (;;) {
		value = podwall_address_map_next(from, &position, &ip);
		if (!value)
			return true;
		if (!insert(to, &ip, value))
			return false;
		if (!(position & 1023))
			cond_resched();
	}
}

static struct podwall_address_map *
rehash(const struct podwall_address_map *from, u32 page_count)
{
	struct podwall_address_map *map;
	u32 i;

	for (i = 0; i < TRIES_MAX; i++) {
		map = create_map(from->family, page_count << i / 2);
		if (!map)
			return NULL;
		if (insert_all(map, from))
			return map;
		podwall_address_map_put(map);
	}
	return NULL;
}

/**
 * podwall_address_map_clone - begin a map with what another holds
 * @map: unchanged; the new one shares its pages where that is possible
 * @more: addresses that are expected beside those; others may come
 *
 * Context: Process context; may sleep.
 * Return: the map with one reference, the caller's, or NULL without memory.
 */
struct podwall_address_map *
podwall_address_map_clone(const struct podwall_address_map *map, u32 more)
{
	u32 page_count = pages_for(map->family, map->count + more);
	struct podwall_address_map *clone;
	u32 i;

	/* Twice too many is no reason to begin anew: addresses come and go. */
	if (page_count > map->page_count || page_count * 4 < map->page_count)
		return rehash(map, page_count);
	clone = podwall_address_map_allocate(map->family, map->page_count);
	if (!clone)
		return NULL;
	clone->count = map->count;
	memcpy(clone->multipliers, map->multipliers, sizeof(map->multipliers));
	memcpy(clone->used, map->used, map->page_count * sizeof(*map->used));
	for (i = 0; i < map->page_count; i++) {
		clone->pages[i] = map->pages[i];
		podwall_address_slots_get(clone->pages[i]);
	}
	return clone;
}

/* Without what has no value any more, so a copy is never longer to search. */
static int renew_page(struct podwall_address_map *map, u32 page)
{
	void *slots = map->pages[page], *own;
	u32 i, index, value;
	struct podwall_ip ip;
	bool found;

	own = podwall_address_slots_create();
	if (!own)
		return -ENOMEM;
	map->used[page] = 0;
	for (i = 0; i < podwall_address_slots_count(map->family); i++) {
		value = *podwall_address_slots_value(map->family, slots, i);
		if (!value)
			continue;
		podwall_address_slots_read(map->family, slots, i, &ip);
		search(map, own, &ip, &index, &found);
		podwall_address_slots_write(map->family, own, index, &ip);
		*podwall_address_slots_value(map->family, own, index) =
			value;
		map->used[page]++;
	}
	map->pages[page] = own;
	podwall_address_slots_put(slots);
	return 0;
}

/* What it left behind without a value would look like a free slot. */
static bool is_unspecified(const struct podwall_ip *ip)
{
	return ip->family == AF_INET ? !ip->v4 : ipv6_addr_any(&ip->v6);
}

/**
 * podwall_address_map_prefetch - fetch where an address belongs
 * @map: the caller's
 * @ip: of the map's family; about to be looked up, or set
 *
 * Context: Any.
 */
void podwall_address_map_prefetch(const struct podwall_address_map *map,
				  const struct podwall_ip *ip)
{
	u32 count = podwall_address_slots_count(map->family);
	u64 hash = hash_ip(map, ip);

	prefetchw(podwall_address_slots_value(map->family,
					      map->pages[podwall_address_page(map, hash)],
					      podwall_address_slot(hash, count)));
}

/**
 * podwall_address_map_set - change a map that no packet reads yet
 * @map: the caller's only; may be replaced by one with more room
 * @ip: of the map's family
 * @value: that the address gets; 0 removes it
 *
 * Context: Process context; may sleep.
 * Return: 0, or -ENOMEM; then the map is good for nothing but to be dropped.
 */
int podwall_address_map_set(struct podwall_address_map **map,
			    const struct podwall_ip *ip, u32 value)
{
	struct podwall_address_map *larger;
	u32 page, page_count;
	int err;

	page = podwall_address_page(*map, hash_ip(*map, ip));
	if (!podwall_address_slots_are_own((*map)->pages[page])) {
		err = renew_page(*map, page);
		if (err)
			return err;
	}
	if (insert(*map, ip, value))
		return value || !is_unspecified(ip) ? 0 :
						      renew_page(*map, page);
	page_count = max(pages_for((*map)->family, (*map)->count + 1),
			 (*map)->page_count);
	do {
		larger = rehash(*map, page_count);
		if (!larger)
			return -ENOMEM;
		podwall_address_map_put(*map);
		*map = larger;
		page_count *= 2;
	} while (!insert(*map, ip, value));
	return 0;
}

/**
 * podwall_address_map_store - change a map that packets may be reading
 * @map: live
 * @ip: of the map's family
 * @value: that the address gets; 0 removes it
 *
 * One store, which a packet sees or does not. The caller serialises writers,
 * and makes sure that whoever reads the map knows what @value stands for.
 *
 * Context: Process context.
 * Return: false, with nothing changed, where that takes more than one store or
 * somebody else holds what would change.
 */
bool podwall_address_map_store(struct podwall_address_map *map,
			       const struct podwall_ip *ip, u32 value)
{
	u32 page;

	if (refcount_read(&map->references) != 1 ||
	    (!value && is_unspecified(ip)))
		return false;
	page = podwall_address_page(map, hash_ip(map, ip));
	return podwall_address_slots_are_own(map->pages[page]) &&
	       insert(map, ip, value);
}
