/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ADDRESS_MAP_H
#define PODWALL_ADDRESS_MAP_H

#include <linux/refcount.h>
#include <linux/types.h>
#include <net/ipv6.h>

#include "address_slots.h"
#include "hash.h"
#include "ip.h"

/**
 * struct podwall_address_map - a value for each of many addresses of one family
 * @references: policies that hold it
 * @family: AF_INET or AF_INET6
 * @page_mask: of an index of @pages
 * @page_count: a power of two
 * @count: addresses with a value
 * @multipliers: of podwall_hash4() and podwall_hash6(); drawn for each map
 * @used: for each page the slots taken, by addresses without a value too
 * @pages: of slots; a reference to each, shared with other maps
 */
struct podwall_address_map {
	refcount_t references;
	u8 family;
	u32 page_mask;
	u32 page_count;
	u32 count;
	u64 multipliers[2];
	u16 *used;
	void *pages[];
};

struct podwall_address_map *podwall_address_map_allocate(u8 family,
							 u32 page_count);
struct podwall_address_map *
podwall_address_map_get(struct podwall_address_map *map);
void podwall_address_map_put(struct podwall_address_map *map);
size_t podwall_address_map_size(const struct podwall_address_map *map);

u32 podwall_address_map_next(const struct podwall_address_map *map,
			     u32 *position, struct podwall_ip *ip);

/* The top of the hash for the slot, and the middle for the page. */
static __always_inline u32 podwall_address_slot(u64 hash, u32 slots)
{
	return ((hash >> 32) * slots) >> 32;
}

static __always_inline u64
podwall_address_hash4(const struct podwall_address_map *map, __be32 ip)
{
	return podwall_hash4(map->multipliers, ip);
}

static __always_inline u64
podwall_address_hash6(const struct podwall_address_map *map,
		      const struct in6_addr *ip)
{
	return podwall_hash6(map->multipliers, ip);
}

static __always_inline u32
podwall_address_page(const struct podwall_address_map *map, u64 hash)
{
	return (hash >> 32) & map->page_mask;
}

/**
 * podwall_address_map_find4 - find an IPv4 address's value
 * @map: of AF_INET; under RCU, or referenced
 * @ip: network byte order
 *
 * Context: Any.
 * Return: the value, or 0 for an address without one.
 */
static __always_inline u32
podwall_address_map_find4(const struct podwall_address_map *map, __be32 ip)
{
	const struct podwall_address_slot4 *slots, *slot;
	u64 hash = podwall_address_hash4(map, ip);
	u32 value;

	slots = map->pages[podwall_address_page(map, hash)];
	slot = slots + podwall_address_slot(hash, PODWALL_ADDRESS_SLOTS4);
	for (;;) {
		/* Pairs with podwall_address_map_store(): its address is whole. */
		value = smp_load_acquire(&slot->value);
		if (READ_ONCE(slot->ip) == ip)
			return value;
		if (!value && !READ_ONCE(slot->ip))
			return 0;
		if (++slot == slots + PODWALL_ADDRESS_SLOTS4)
			slot = slots;
	}
}

/**
 * podwall_address_map_find6 - find an IPv6 address's value
 * @map: of AF_INET6; under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 * Return: the value, or 0 for an address without one.
 */
static __always_inline u32
podwall_address_map_find6(const struct podwall_address_map *map,
			  const struct in6_addr *ip)
{
	const struct podwall_address_slot6 *slots, *slot;
	u64 hash = podwall_address_hash6(map, ip);
	u32 value;

	slots = map->pages[podwall_address_page(map, hash)];
	slot = slots + podwall_address_slot(hash, PODWALL_ADDRESS_SLOTS6);
	for (;;) {
		/* Pairs with podwall_address_map_store(): its address is whole. */
		value = smp_load_acquire(&slot->value);
		if (ipv6_addr_equal(&slot->ip, ip))
			return value;
		if (!value && ipv6_addr_any(&slot->ip))
			return 0;
		if (++slot == slots + PODWALL_ADDRESS_SLOTS6)
			slot = slots;
	}
}

/**
 * podwall_address_map_find - find an address's value
 * @map: of the address's family; under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 * Return: the value, or 0 for an address without one.
 */
static inline u32
podwall_address_map_find(const struct podwall_address_map *map,
			 const struct podwall_ip *ip)
{
	if (ip->family == AF_INET)
		return podwall_address_map_find4(map, ip->v4);
	return podwall_address_map_find6(map, &ip->v6);
}

#endif
