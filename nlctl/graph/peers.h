/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which peer sets hold which addresses.
 */
#ifndef NLCTL_GRAPH_PEERS_H
#define NLCTL_GRAPH_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/objects.h"

/**
 * DOC: Regions
 *
 * All blocks and exceptions, the addresses with an identity, and the whole of
 * each family are networks that either hold one another or have nothing in
 * common. A *region* is one of them without those inside it, so every address is
 * in one region, and no rule tells two addresses of a region apart: the same peer
 * sets hold them. With the peer sets A = {10.0.0.0/8 except 10.1.0.0/16} and
 * B = {10.1.2.0/24} there are
 *
 *	0.0.0.0/0    held by none
 *	10.0.0.0/8   held by A
 *	10.1.0.0/16  held by none
 *	10.1.2.0/24  held by B
 *
 * One walk over the networks in order, with a stack of those that are open,
 * counts for each peer set how many of its blocks are open minus how many of
 * their exceptions. Which peer sets hold a region is a *membership*, kept once
 * as bits, as many regions have the same.
 */

/**
 * struct region - a network without those inside it
 * @network: the network
 * @parent: number of the smallest region around it; its own if there is none
 * @membership: number of the membership of its addresses
 * @address: it is one address that has an identity or belongs to a pod
 * @identity: of that address; 0 when it has none
 * @empty: nothing is left of it
 */
struct region {
	struct network network;
	size_t parent;
	uint32_t membership;
	bool address;
	uint32_t identity;
	bool empty;
};

/**
 * struct peers - all regions and memberships
 * @regions: ordered by network_compare()
 * @region_count: length of @regions
 * @words: words of 64 bits that each membership has
 * @bits: the memberships by number, @words each; bit i stands for the i-th peer
 *	set of the objects, and the one behind the last for guarded blocks
 * @membership_count: how many memberships there are
 * @by_bits: finds a membership that is there already
 */
struct peers {
	struct region *regions;
	size_t region_count;
	size_t words;
	uint64_t **bits;
	size_t membership_count;
	struct membership_entry *by_bits;
};

/**
 * peers_build() - find the regions and what holds them
 * @objects: the policy
 * @guarded: guarded blocks
 * @guarded_count: length of @guarded
 * @peers: receives the result; freed with peers_clear()
 */
void peers_build(const struct objects *objects, const struct network *guarded,
		 size_t guarded_count, struct peers *peers);

/* The region that an address is in. */
const struct region *peers_find(const struct peers *peers, const struct ip *ip);

/* Whether a membership has a bit. */
static inline bool peers_has(const struct peers *peers, uint32_t membership,
			     size_t bit)
{
	return peers->bits[membership][bit / 64] >> bit % 64 & 1;
}

/* Where a peer set stands among those of the objects; -1 when it does not. */
long peers_index(const struct objects *objects, uint32_t id);

/* Free what the structure owns and zero it; the structure itself stays. */
void peers_clear(struct peers *peers);

#endif
