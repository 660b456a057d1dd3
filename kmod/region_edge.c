// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/socket.h>
#include <linux/sort.h>

#include "error.h"
#include "limits.h"
#include "peer_set.h"
#include "region_edge.h"

/* The first address behind a network; false when there is none. */
static bool position_behind(const struct podwall_network *network,
			    struct podwall_position *position)
{
	u8 bits = network->base.family == AF_INET ? 32 : 128;
	u8 host_bits = bits - network->prefix_length;

	*position = podwall_position_of(&network->base);
	if (bits == 32) {
		position->low += 1ULL << host_bits;
		return position->low >> 32 == 0;
	}
	if (host_bits < 64) {
		position->low += 1ULL << host_bits;
		if (!position->low)
			position->high++;
		return position->high || position->low;
	}
	if (host_bits == 128)
		return false;
	position->high += 1ULL << (host_bits - 64);
	return position->high;
}

static int add_edge(struct podwall_array *edges, struct podwall_position at,
		    u32 set, s32 change, struct podwall_error *error)
{
	struct podwall_region_edge *edge;

	if (edges->count == PODWALL_BLOCK_EDGES_MAX)
		return podwall_error_set(error, -ENOSPC,
					 "the blocks and exceptions of all peer sets have more than %u edges of one family",
					 PODWALL_BLOCK_EDGES_MAX);
	edge = podwall_array_append(edges, sizeof(*edge));
	if (!edge)
		return -ENOMEM;
	edge->at = at;
	edge->set = set;
	edge->change = change;
	return 0;
}

static int add_network(struct podwall_array *edges,
		       const struct podwall_network *network, u32 set,
		       s32 change, struct podwall_error *error)
{
	struct podwall_position behind;
	int err;

	err = add_edge(edges, podwall_position_of(&network->base), set, change,
		       error);
	if (!err && position_behind(network, &behind))
		err = add_edge(edges, behind, set, -change, error);
	return err;
}

/* Exceptions of one block do not overlap, or they would count twice. */
static int add_peer_set(struct podwall_array *edges,
			const struct podwall_peer_set *peers, u32 set,
			u8 family, struct podwall_error *error)
{
	const struct podwall_network *excepts = peers->excepts.elements;
	const struct podwall_block *block = peers->blocks.elements;
	u32 i, j;
	int err;

	for (i = 0; i < peers->blocks.count; i++, block++) {
		if (block->network.base.family != family)
			continue;
		err = add_network(edges, &block->network, set, 1, error);
		for (j = 0; !err && j < block->except_count; j++)
			err = add_network(edges,
					  &excepts[block->first_except + j],
					  set, -1, error);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static int compare_edges(const void *a, const void *b)
{
	const struct podwall_region_edge *left = a, *right = b;

	return podwall_position_compare(&left->at, &right->at);
}

/**
 * podwall_region_edges_collect - list where blocks and exceptions begin and end
 * @edges: of struct podwall_region_edge; receives them by address
 * @peer_sets: of struct podwall_peer_set pointers, frozen; the exceptions of
 *	each of their blocks lie in the block and do not overlap
 * @family: of the blocks, AF_INET or AF_INET6
 * @error: receives the text of a refusal
 *
 * Context: Process context; may sleep.
 * Return: 0, -ENOSPC when there are too many, -ENOMEM.
 */
int podwall_region_edges_collect(struct podwall_array *edges,
				 const struct podwall_array *peer_sets,
				 u8 family, struct podwall_error *error)
{
	struct podwall_peer_set *const *sets = peer_sets->elements;
	u32 i;
	int err;

	edges->count = 0;
	for (i = 0; i < peer_sets->count; i++) {
		err = add_peer_set(edges, sets[i], i, family, error);
		if (err)
			return err;
	}
	sort(edges->elements, edges->count, sizeof(struct podwall_region_edge),
	     compare_edges, NULL);
	return 0;
}
