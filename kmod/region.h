/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_REGION_H
#define PODWALL_REGION_H

#include <linux/refcount.h>
#include <linux/socket.h>
#include <linux/types.h>

#include "array.h"
#include "ip.h"

/**
 * struct podwall_region - addresses that lie in blocks of the same peer sets
 * @ranges: how many stretches of addresses it consists of; 0 for none
 * @first_set: index of its first peer set in the regions'
 * @set_count: how many follow
 * @hash: of their ids
 * @next: the next region of the same hash while they are built; 0 ends
 */
struct podwall_region {
	u32 ranges;
	u32 first_set;
	u32 set_count;
	u32 hash;
	u32 next;
};

/**
 * struct podwall_holder - a peer set that holds regions
 * @set: its id
 * @first: index of its first region in what is held
 * @count: how many follow
 */
struct podwall_holder {
	u32 set;
	u32 first;
	u32 count;
};

/** struct podwall_position - an address as a number */
struct podwall_position {
	u64 high;
	u64 low;
};

/**
 * struct podwall_regions - all addresses, cut at the edges of all blocks
 * @references: policies that hold it
 * @seed: of the hashes
 * @regions: of struct podwall_region; none is 0, outside all blocks
 * @sets: of u32; ids of peer sets, ascending, a run for each region
 * @holders: of struct podwall_holder; the peer sets with blocks, by id
 * @held: of u32; regions, a run for each holder
 * @firsts4: of u32; where each IPv4 range begins, ascending from 0
 * @ranges4: of u32; the region of each IPv4 range
 * @roots4: for each upper half of an IPv4 address, and one more, the range of
 *	the first address; NULL while the ranges are few
 * @firsts6: of struct podwall_position; where each IPv6 range begins
 * @ranges6: of u32; the region of each IPv6 range
 *
 * Immutable once published.
 */
struct podwall_regions {
	refcount_t references;
	u32 seed;
	struct podwall_array regions;
	struct podwall_array sets;
	struct podwall_array holders;
	struct podwall_array held;
	struct podwall_array firsts4;
	struct podwall_array ranges4;
	u32 *roots4;
	struct podwall_array firsts6;
	struct podwall_array ranges6;
};

/* Fewer ranges than this are searched without a table of where to begin. */
#define PODWALL_ROOTS4_RANGES_MIN	32
#define PODWALL_ROOTS4_COUNT		65537

struct podwall_regions *podwall_regions_get(struct podwall_regions *regions);
void podwall_regions_put(struct podwall_regions *regions);
size_t podwall_regions_size(const struct podwall_regions *regions);

u32 podwall_regions_find4(const struct podwall_regions *regions, __be32 ip);
u32 podwall_regions_find6(const struct podwall_regions *regions,
			  const struct in6_addr *ip);
u32 podwall_regions_find(const struct podwall_regions *regions,
			 const struct podwall_ip *ip);
static inline struct podwall_position
podwall_position_of6(const struct in6_addr *ip)
{
	return (struct podwall_position){
		.high = podwall_ip_high(ip),
		.low = podwall_ip_low(ip),
	};
}

static inline struct podwall_position
podwall_position_of(const struct podwall_ip *ip)
{
	if (ip->family == AF_INET)
		return (struct podwall_position){ .low = be32_to_cpu(ip->v4) };
	return podwall_position_of6(&ip->v6);
}

static inline int podwall_position_compare(const struct podwall_position *a,
					   const struct podwall_position *b)
{
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return a->low < b->low ? -1 : a->low > b->low;
}

static inline const struct podwall_region *
podwall_regions_region(const struct podwall_regions *regions, u32 region)
{
	return (const struct podwall_region *)regions->regions.elements +
	       region;
}

#endif
