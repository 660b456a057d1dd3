// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>

#include "membership.h"
#include "peer_set.h"

static int compare_peer_set(const void *key, const void *element)
{
	const struct podwall_peer_set *const *set = element;
	u32 id = *(const u32 *)key;

	return id < (*set)->id ? -1 : id > (*set)->id;
}

/**
 * podwall_membership_peer_set - find a peer set
 * @membership: any
 * @set: its id; it exists
 *
 * Context: Process context.
 */
const struct podwall_peer_set *
podwall_membership_peer_set(const struct podwall_membership *membership,
			    u32 set)
{
	struct podwall_peer_set **found =
		bsearch(&set, membership->peer_sets->elements,
			membership->peer_sets->count, sizeof(*found),
			compare_peer_set);

	return *found;
}

static int compare_ids(const void *a, const void *b)
{
	u32 left = *(const u32 *)a, right = *(const u32 *)b;

	return left < right ? -1 : left > right;
}

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
	peers = podwall_membership_peer_set(membership, set);
	return bsearch(&membership->identities->entries[cell - first].id,
		       peers->identities.elements, peers->identities.count,
		       sizeof(u32), compare_ids);
}
