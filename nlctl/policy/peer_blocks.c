// SPDX-License-Identifier: GPL-2.0-only
#include "policy/peer_blocks.h"

#include <stdlib.h>
#include "policy/block.h"
#include "policy/memory.h"
#include "policy/selector.h"

static void add_block(const struct block *block, struct peer_set *peer_set)
{
	struct block copy = block_copy(block);

	block_split(&copy, &peer_set->blocks, &peer_set->block_count);
}

static struct block block_of(const struct ip *ip)
{
	return (struct block){
		.network = {
			.base = *ip,
			.prefix_length = ip->family == AF_INET ? 32 : 128,
		},
	};
}

static void add_address(const struct ip *ip, struct peer_set *peer_set)
{
	*array_add(peer_set->blocks, peer_set->block_count) = block_of(ip);
}

static int compare_ips(const void *a, const void *b)
{
	return ip_compare(a, b);
}

/* Two nodes may share an address that is behind a translation. */
static void add_nodes(const struct population *population,
		      const struct selector *selector,
		      struct peer_set *peer_set)
{
	const struct node_record *record;
	struct ip *ips = NULL;
	size_t count = 0, i;

	for (record = population->nodes.records; record;
	     record = record->hh.next) {
		const struct cluster_node *node = record->node;

		if (!selector_matches(selector, &node->labels))
			continue;
		for (i = 0; i < node->ip_count; i++)
			*array_add(ips, count) = node->ips[i];
	}
	if (count > 1)
		qsort(ips, count, sizeof(*ips), compare_ips);
	for (i = 0; i < count; i++)
		if (!i || !ip_equal(&ips[i - 1], &ips[i]))
			add_address(&ips[i], peer_set);
	free(ips);
}

static bool serves(const struct peer_entry *peer,
		   const struct identity *identity)
{
	return identity_serves(identity, peer->service.name,
			       peer->service.protocol, peer->service.port);
}

/* Whether the address belongs into a part that serves a port. */
static bool belongs(const struct peer_entry *peer,
		    const struct address_record *address)
{
	const struct identity *identity;

	if (!address->owner || !block_contains(&peer->peer.block, &address->ip))
		return false;
	identity = address->owner->identity;
	return identity && identity->known && serves(peer, identity);
}

/* Pods of one identity may lie inside the block and outside, so those inside
 * that serve the port are listed by address. Most blocks are far from all pods.
 */
static void add_serving(const struct population *population,
			const struct peer_entry *peer,
			struct peer_set *peer_set)
{
	const struct address_table *addresses = &population->addresses;
	const struct address_record *address;

	if (!prefix_table_meets(&addresses->prefixes,
				&peer->peer.block.network))
		return;
	for (address = addresses->records; address; address = address->hh.next)
		if (belongs(peer, address))
			add_address(&address->ip, peer_set);
}

/* Takes the blocks over. Rules are there only for parts that have somebody. */
static void replace_blocks(struct peer_table *table, struct peer_entry *peer,
			   struct block *blocks, size_t count)
{
	struct peer_set old = { .blocks = peer->blocks,
				.block_count = peer->block_count };

	peer->blocks = blocks;
	peer->block_count = count;
	if (peer->serving && !old.block_count != !count)
		peer_touch_drafts(table, peer);
	peer_set_clear(&old);
	peer_changed(table, peer);
}

void peer_fill_blocks(struct peer_table *table, struct peer_entry *peer)
{
	struct peer_set filled = {};

	if (peer->peer.is_nodes)
		add_nodes(table->population, &peer->peer.node_selector,
			  &filled);
	else if (peer->serving)
		add_serving(table->population, peer, &filled);
	else
		add_block(&peer->peer.block, &filled);
	peer_set_sort(&filled);
	replace_blocks(table, peer, filled.blocks, filled.block_count);
}

static int compare_blocks(const void *a, const void *b)
{
	const struct block *left = a, *right = b;

	return network_compare(&left->network, &right->network);
}

static bool is_there(const struct peer_entry *peer, const struct ip *ip)
{
	struct block one = block_of(ip);

	return peer->block_count &&
	       bsearch(&one, peer->blocks, peer->block_count, sizeof(one),
		       compare_blocks);
}

/* Addresses that are there leave, and others join. */
static void toggle(struct peer_table *table, struct peer_entry *peer,
		   const struct peer_set *toggled)
{
	size_t old = 0, next = 0, count = 0;
	struct block *blocks;

	blocks = xcalloc(peer->block_count + toggled->block_count,
			 sizeof(*blocks));
	while (old < peer->block_count && next < toggled->block_count) {
		int order = compare_blocks(&peer->blocks[old],
					   &toggled->blocks[next]);

		if (order < 0) {
			blocks[count++] = peer->blocks[old++];
		} else if (order > 0) {
			blocks[count++] = toggled->blocks[next++];
		} else {
			old++;
			next++;
		}
	}
	while (old < peer->block_count)
		blocks[count++] = peer->blocks[old++];
	while (next < toggled->block_count)
		blocks[count++] = toggled->blocks[next++];
	replace_blocks(table, peer, blocks, count);
}

static void refill(struct peer_table *table, struct peer_entry *peer)
{
	const struct touched *touched = table->touched;
	struct peer_set toggled = {};
	size_t i;

	for (i = 0; i < touched->address_count; i++) {
		const struct address_record *address = touched->addresses[i];

		if (belongs(peer, address) != is_there(peer, &address->ip))
			add_address(&address->ip, &toggled);
	}
	if (toggled.block_count) {
		peer_set_sort(&toggled);
		toggle(table, peer, &toggled);
	}
	free(toggled.blocks);
}

void peer_table_refill_blocks(struct peer_table *table)
{
	struct peer_entry *peer;

	for (peer = table->fixed; peer; peer = peer->next)
		if (peer->peer.is_block && peer->serving)
			refill(table, peer);
}

void peer_table_refill_nodes(struct peer_table *table)
{
	struct peer_entry *peer;

	for (peer = table->fixed; peer; peer = peer->next)
		if (peer->peer.is_nodes)
			peer_fill_blocks(table, peer);
}
