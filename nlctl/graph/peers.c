// SPDX-License-Identifier: GPL-2.0-only
#include "graph/peers.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "policy/memory.h"

/* Finds memberships by their bits. */
struct membership_entry {
	const uint64_t *bits;
	uint32_t number;
	UT_hash_handle hh;
};

/* A network that begins to be held by a peer set, or ceases to be. */
struct edge {
	struct network network;
	size_t bit;
	int change; /* 0 for a network that is there for itself */
	bool address;
	uint32_t identity;
};

/* The walk over all edges. */
struct walk {
	const struct objects *objects;
	struct peers *peers;
	struct edge *edges;
	size_t edge_count;
	long *held; /* by bit: open blocks less open exceptions */
	uint64_t *bits; /* those of @held above 0 */
	uint64_t *own; /* @bits and those of an identity */
	size_t *open; /* regions around the one in hand, the outermost first */
	size_t *open_edge; /* the first edge of each */
	size_t depth;
	uint32_t *identities; /* sorted pairs of identity and bit */
	size_t pair_count;

	unsigned __int128 *left; /* addresses of each region, 0 for 2^128 */
};

static unsigned int family_bits(int family)
{
	return family == AF_INET ? 32 : 128;
}

static unsigned __int128 network_size(const struct network *network)
{
	unsigned int free_bits =
		family_bits(network->base.family) - network->prefix_length;

	return free_bits == 128 ? 0 : (unsigned __int128)1 << free_bits;
}

static struct network host_network(const struct ip *ip)
{
	return (struct network){ *ip, family_bits(ip->family) };
}

static struct edge *add_edge(struct walk *walk, const struct network *network,
			     size_t bit, int change)
{
	struct edge *edge = array_add(walk->edges, walk->edge_count);

	*edge = (struct edge){ .network = *network,
			       .bit = bit,
			       .change = change };
	return edge;
}

static void add_blocks(struct walk *walk, const struct peer_set *peer_set,
		       size_t bit)
{
	size_t i, j;

	for (i = 0; i < peer_set->block_count; i++) {
		const struct block *block = &peer_set->blocks[i];

		add_edge(walk, &block->network, bit, 1);
		for (j = 0; j < block->except_count; j++)
			add_edge(walk, &block->except[j], bit, -1);
	}
}

static void collect_edges(struct walk *walk, const struct network *guarded,
			  size_t guarded_count)
{
	const struct objects *objects = walk->objects;
	struct network root = { .base = { .family = AF_INET } };
	size_t i, j;

	add_edge(walk, &root, 0, 0);
	root.base.family = AF_INET6;
	add_edge(walk, &root, 0, 0);
	for (i = 0; i < objects->peer_set_count; i++)
		add_blocks(walk, &objects->peer_sets[i], i);
	for (i = 0; i < guarded_count; i++)
		add_edge(walk, &guarded[i], objects->peer_set_count, 1);
	for (i = 0; i < objects->address_count; i++) {
		struct network network =
			host_network(&objects->addresses[i].ip);
		struct edge *edge = add_edge(walk, &network, 0, 0);

		edge->address = true;
		edge->identity = objects->addresses[i].identity;
	}
	for (i = 0; i < objects->pod_count; i++)
		for (j = 0; j < objects->pods[i].ip_count; j++) {
			struct network network =
				host_network(&objects->pods[i].ips[j]);

			add_edge(walk, &network, 0, 0)->address = true;
		}
}

static int by_network(const void *a, const void *b)
{
	return network_compare(&((const struct edge *)a)->network,
			       &((const struct edge *)b)->network);
}

static int by_identity(const void *a, const void *b)
{
	const uint32_t *left = a, *right = b;

	return left[0] < right[0] ? -1 : left[0] > right[0];
}

static void collect_identities(struct walk *walk)
{
	const struct objects *objects = walk->objects;
	size_t count = 0, i, j;

	for (i = 0; i < objects->peer_set_count; i++)
		count += objects->peer_sets[i].identity_count;
	walk->identities = xcalloc(count + 1, 2 * sizeof(*walk->identities));
	for (i = 0; i < objects->peer_set_count; i++)
		for (j = 0; j < objects->peer_sets[i].identity_count; j++) {
			uint32_t *pair =
				&walk->identities[2 * walk->pair_count++];

			pair[0] = objects->peer_sets[i].identities[j];
			pair[1] = i;
		}
	qsort(walk->identities, walk->pair_count, 2 * sizeof(*walk->identities),
	      by_identity);
}

/* Put in what holds an identity. */
static void add_identity(struct walk *walk, uint32_t identity)
{
	size_t low = 0, high = walk->pair_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (walk->identities[2 * middle] < identity)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < walk->pair_count && walk->identities[2 * low] == identity;
	     low++) {
		uint32_t bit = walk->identities[2 * low + 1];

		walk->own[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

static uint32_t put_membership(struct peers *peers, const uint64_t *bits)
{
	size_t size = peers->words * sizeof(*bits);
	struct membership_entry *entry;

	HASH_FIND(hh, peers->by_bits, bits, size, entry);
	if (entry)
		return entry->number;
	entry = xcalloc(1, sizeof(*entry));
	entry->bits = xmemdup(bits, size);
	entry->number = peers->membership_count;
	*array_add(peers->bits, peers->membership_count) =
		(uint64_t *)entry->bits;
	HASH_ADD_KEYPTR(hh, peers->by_bits, entry->bits, size, entry);
	return entry->number;
}

static void change_held(struct walk *walk, size_t bit, int change)
{
	uint64_t mask = UINT64_C(1) << bit % 64;

	walk->held[bit] += change;
	if (walk->held[bit] > 0)
		walk->bits[bit / 64] |= mask;
	else
		walk->bits[bit / 64] &= ~mask;
}

/* The first edge behind those of the network that @first is of. */
static size_t next_network(const struct walk *walk, size_t first)
{
	size_t i = first;

	while (i < walk->edge_count &&
	       !by_network(&walk->edges[i], &walk->edges[first]))
		i++;
	return i;
}

/* Apply the edges of one network, or undo them. */
static void apply_edges(struct walk *walk, size_t first, int sign)
{
	size_t next = next_network(walk, first), i;

	for (i = first; i < next; i++)
		if (walk->edges[i].change)
			change_held(walk, walk->edges[i].bit,
				    sign * walk->edges[i].change);
}

static bool holds(const struct network *outer, const struct network *inner)
{
	return outer->prefix_length <= inner->prefix_length &&
	       network_contains(outer, &inner->base);
}

/* Close the regions that are behind a network. */
static void close_until(struct walk *walk, const struct network *network)
{
	while (walk->depth) {
		size_t top = walk->open[walk->depth - 1];

		if (network &&
		    holds(&walk->peers->regions[top].network, network))
			return;
		walk->depth--;
		apply_edges(walk, walk->open_edge[walk->depth], -1);
	}
}

/* Open the region of the edges from @first on; return the next edge. */
static size_t open_region(struct walk *walk, size_t first)
{
	struct peers *peers = walk->peers;
	size_t number = peers->region_count;
	struct region *region = array_add(peers->regions, peers->region_count);
	size_t next = next_network(walk, first), i;

	region->network = walk->edges[first].network;
	region->parent = walk->depth ? walk->open[walk->depth - 1] : number;
	apply_edges(walk, first, 1);
	memcpy(walk->own, walk->bits, peers->words * sizeof(*walk->own));
	for (i = first; i < next; i++) {
		region->address |= walk->edges[i].address;
		if (!walk->edges[i].identity)
			continue;
		region->identity = walk->edges[i].identity;
		add_identity(walk, region->identity);
	}
	region->membership = put_membership(peers, walk->own);
	walk->left[number] = network_size(&region->network);
	if (walk->depth) {
		walk->left[region->parent] -= walk->left[number];
		peers->regions[region->parent].empty =
			!walk->left[region->parent];
	}
	walk->open[walk->depth] = number;
	walk->open_edge[walk->depth++] = first;
	return next;
}

void peers_build(const struct objects *objects, const struct network *guarded,
		 size_t guarded_count, struct peers *peers)
{
	size_t bit_count = objects->peer_set_count + 1;
	struct walk walk = { .objects = objects, .peers = peers };
	size_t i = 0;

	*peers = (struct peers){ .words = (bit_count + 63) / 64 };
	collect_edges(&walk, guarded, guarded_count);
	collect_identities(&walk);
	qsort(walk.edges, walk.edge_count, sizeof(*walk.edges), by_network);
	walk.held = xcalloc(bit_count, sizeof(*walk.held));
	walk.bits = xcalloc(peers->words, sizeof(*walk.bits));
	walk.own = xcalloc(peers->words, sizeof(*walk.own));
	walk.left = xcalloc(walk.edge_count, sizeof(*walk.left));
	/* One for each prefix length. */
	walk.open = xcalloc(129, sizeof(*walk.open));
	walk.open_edge = xcalloc(129, sizeof(*walk.open_edge));
	while (i < walk.edge_count) {
		close_until(&walk, &walk.edges[i].network);
		i = open_region(&walk, i);
	}
	free(walk.open_edge);
	free(walk.open);
	free(walk.left);
	free(walk.own);
	free(walk.bits);
	free(walk.held);
	free(walk.identities);
	free(walk.edges);
}

const struct region *peers_find(const struct peers *peers, const struct ip *ip)
{
	struct network network = host_network(ip);
	size_t low = 0, high = peers->region_count;
	const struct region *region;

	/* The last one that begins no later is it, or inside it. */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (network_compare(&peers->regions[middle].network,
				    &network) <= 0)
			low = middle;
		else
			high = middle;
	}
	region = &peers->regions[low];
	while (!holds(&region->network, &network))
		region = &peers->regions[region->parent];
	return region;
}

long peers_index(const struct objects *objects, uint32_t id)
{
	size_t low = 0, high = objects->peer_set_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (objects->peer_sets[middle].id == id)
			return middle;
		if (objects->peer_sets[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

void peers_clear(struct peers *peers)
{
	struct membership_entry *entry, *next;
	size_t i;

	HASH_ITER(hh, peers->by_bits, entry, next) {
		HASH_DEL(peers->by_bits, entry);
		free(entry);
	}
	for (i = 0; i < peers->membership_count; i++)
		free(peers->bits[i]);
	free(peers->bits);
	free(peers->regions);
	*peers = (struct peers){};
}
