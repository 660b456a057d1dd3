// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>

#include "membership.h"
#include "peer_set.h"
#include "region_holder.h"

/**
 * podwall_membership_holds - whether a peer set holds an identity or a region
 * @membership: any
 * @set: id of the peer set; it exists
 * @cell: a region; or the number of an identity, counted from behind those
 *
 * Context: Process context.
 */
bool podwall_membership_holds(const struct podwall_membership *membership,
			      u32 set, u32 cell)
{
	const struct podwall_regions *regions = membership->regions;
	const struct podwall_peer_set *peers;
	u32 first = regions->regions.count;

	if (cell < first)
		return podwall_regions_holds(regions, cell, set);
	peers = podwall_peer_set_find(membership->peer_sets, set);
	return bsearch(&membership->identities->entries[cell - first].id,
		       peers->identities.elements, peers->identities.count,
		       sizeof(u32), podwall_compare_u32);
}
