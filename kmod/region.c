// SPDX-License-Identifier: GPL-2.0-only

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/socket.h>

#include "ledger.h"
#include "region.h"

/**
 * DOC: Regions
 *
 * Walking over all addresses from the lowest to the highest, one meets the
 * edges of blocks and of exceptions. Between two edges every address lies in
 * blocks of the same peer sets, and so a packet need not know of blocks at
 * all: it looks up the range that its address falls in. Ranges in blocks of
 * the same peer sets are one region.
 *
 * An edge adds to or takes from a count for its peer set, so that an exception
 * narrows its own block and no other: where the count is above 0 the peer set
 * holds the address.
 *
 * For example, peer set 3 holds 10.0.0.0/8 except 10.1.0.0/16, peer set 5 holds
 * 10.1.2.0/24:
 *
 *	0.0.0.0		region 0, no peer set
 *	10.0.0.0	region 1, {3}
 *	10.1.0.0	region 0
 *	10.1.2.0	region 2, {5}
 *	10.1.3.0	region 0
 *	10.2.0.0	region 1
 *	11.0.0.0	region 0
 *
 * A region is known by its peer sets, not by its addresses: when blocks change,
 * what lies in blocks of the same peer sets as before keeps its number.
 */

/**
 * podwall_regions_get - take a reference
 * @regions: that the caller may reach
 *
 * Context: Any.
 * Return: @regions.
 */
struct podwall_regions *podwall_regions_get(struct podwall_regions *regions)
{
	refcount_inc(&regions->references);
	return regions;
}

/**
 * podwall_regions_put - drop a reference, and the regions with the last one
 * @regions: no packet may reach them through the caller's reference any more;
 *	or NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_regions_put(struct podwall_regions *regions)
{
	if (!regions || !refcount_dec_and_test(&regions->references))
		return;
	podwall_array_free(&regions->regions);
	podwall_array_free(&regions->sets);
	podwall_array_free(&regions->holders);
	podwall_array_free(&regions->held);
	podwall_array_free(&regions->firsts4);
	podwall_array_free(&regions->ranges4);
	podwall_array_free(&regions->firsts6);
	podwall_array_free(&regions->ranges6);
	kvfree(regions->roots4);
	kfree(regions);
	podwall_ledger_freed(PODWALL_LEDGER_REGIONS);
}

/**
 * podwall_regions_size - the memory that regions hold, in bytes
 * @regions: any
 *
 * Context: Any.
 */
size_t podwall_regions_size(const struct podwall_regions *regions)
{
	return sizeof(*regions) +
	       regions->regions.room * sizeof(struct podwall_region) +
	       regions->holders.room * sizeof(struct podwall_holder) +
	       (regions->sets.room + regions->held.room +
		regions->firsts4.room +
		regions->ranges4.room + regions->ranges6.room +
		(regions->roots4 ? PODWALL_ROOTS4_COUNT : 0)) * sizeof(u32) +
	       regions->firsts6.room * sizeof(struct podwall_position);
}

static u32 find_range4(const struct podwall_regions *regions, u32 position)
{
	const u32 *firsts = regions->firsts4.elements;
	u32 low = 0, high = regions->firsts4.count - 1, middle;

	if (regions->roots4) {
		low = regions->roots4[position >> 16];
		high = regions->roots4[(position >> 16) + 1];
	}
	while (low < high) {
		middle = (low + high + 1) / 2;
		if (firsts[middle] <= position)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/**
 * podwall_regions_find4 - find the region of an IPv4 address
 * @regions: under RCU, or referenced
 * @ip: network byte order
 *
 * Context: Any.
 */
u32 podwall_regions_find4(const struct podwall_regions *regions, __be32 ip)
{
	const u32 *ranges = regions->ranges4.elements;

	return ranges[find_range4(regions, be32_to_cpu(ip))];
}

/**
 * podwall_regions_find6 - find the region of an IPv6 address
 * @regions: under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 */
u32 podwall_regions_find6(const struct podwall_regions *regions,
			  const struct in6_addr *ip)
{
	const struct podwall_position *firsts = regions->firsts6.elements;
	u32 low = 0, high = regions->firsts6.count - 1, middle;
	struct podwall_position position = podwall_position_of6(ip);
	const u32 *ranges = regions->ranges6.elements;

	while (low < high) {
		middle = (low + high + 1) / 2;
		if (podwall_position_compare(&firsts[middle], &position) <= 0)
			low = middle;
		else
			high = middle - 1;
	}
	return ranges[low];
}

/**
 * podwall_regions_find - find the region of an address
 * @regions: under RCU, or referenced
 * @ip: the address
 *
 * Context: Any.
 */
u32 podwall_regions_find(const struct podwall_regions *regions,
			 const struct podwall_ip *ip)
{
	return ip->family == AF_INET ? podwall_regions_find4(regions, ip->v4) :
				       podwall_regions_find6(regions, &ip->v6);
}
