// SPDX-License-Identifier: GPL-2.0-only
#include "policy/peer_members.h"

#include <stdlib.h>
#include "policy/memory.h"
#include "policy/number_order.h"
#include "policy/peer_blocks.h"
#include "policy/peer_search.h"

static void release(struct peer_table *table, struct identity *identity)
{
	if (!--identity->uses)
		touch_use(table->touched, identity);
}

/* An identity is held against a peer once before changes are collected, so it
 * does not join and leave what it left or joined.
 */
static void join(struct peer_table *table, struct peer_entry *peer,
		 struct identity *identity)
{
	*array_add(peer->joined, peer->joined_count) = identity;
	if (!identity->uses++)
		touch_use(table->touched, identity);
	if (!peer->member_count++ && peer->serving)
		peer_touch_drafts(table, peer);
	peer_changed(table, peer);
}

static void leave(struct peer_table *table, struct peer_entry *peer,
		  struct identity *identity)
{
	*array_add(peer->left, peer->left_count) = identity->number;
	release(table, identity);
	if (!--peer->member_count && peer->serving)
		peer_touch_drafts(table, peer);
	peer_changed(table, peer);
}

void peer_table_hold(struct peer_table *table, struct identity *identity)
{
	const struct namespace_record *namespace = identity->namespace;
	bool lives = identity_lives(identity);
	struct peer_entry *peer;

	for (peer = lives == identity->known ? NULL : namespace->peers; peer;
	     peer = peer->next) {
		if (!peer_selects_pods(peer, identity))
			continue;
		if (lives)
			join(table, peer, identity);
		else
			leave(table, peer, identity);
	}
	if (lives == identity->known && namespace->object == namespace->known)
		return;
	for (peer = table->wide; peer; peer = peer->next) {
		bool was = identity->known &&
			   peer_selects_namespace(peer, namespace->known);
		bool is = lives &&
			  peer_selects_namespace(peer, namespace->object);

		if (was == is || !peer_selects_pods(peer, identity))
			continue;
		if (is)
			join(table, peer, identity);
		else
			leave(table, peer, identity);
	}
}

static void let_go(struct peer_table *table, struct peer_entry *peer,
		   struct identity *identity)
{
	(void)peer;
	release(table, identity);
}

void peer_table_empty_unused(struct peer_table *table)
{
	const struct touched *touched = table->touched;
	size_t i;

	for (i = 0; i < touched->peer_count; i++)
		if (!touched->peers[i]->uses &&
		    peer_is_of_pods(touched->peers[i]))
			peer_search(table, touched->peers[i], let_go);
}

void peer_fill(struct peer_table *table, struct peer_entry *peer)
{
	if (peer_is_of_pods(peer))
		peer_search(table, peer, join);
	else
		peer_fill_blocks(table, peer);
}

/* Most of a large peer stays as it was, so what is ordered is merged. */
static void render_identities(const struct peer_entry *peer,
			      struct peer_set *peer_set)
{
	const struct peer_set *old = &peer->published;
	size_t from_old = 0, from_left = 0, from_joined = 0, i;
	uint32_t *joined, *left, *merged;

	peer_set->identity_count = peer->member_count;
	if (!peer->member_count)
		return;
	joined = xcalloc(peer->joined_count, sizeof(*joined));
	for (i = 0; i < peer->joined_count; i++)
		joined[i] = peer->joined[i]->number;
	numbers_sort(joined, peer->joined_count);
	left = xmemdup(peer->left, peer->left_count * sizeof(*left));
	numbers_sort(left, peer->left_count);
	merged = xcalloc(peer->member_count, sizeof(*merged));
	for (i = 0; i < peer->member_count;) {
		uint32_t number = from_old < old->identity_count ?
					  old->identities[from_old] :
					  UINT32_MAX;

		if (from_left < peer->left_count && number == left[from_left]) {
			from_old++;
			from_left++;
		} else if (from_joined < peer->joined_count &&
			   (from_old == old->identity_count ||
			    joined[from_joined] < number)) {
			merged[i++] = joined[from_joined++];
		} else {
			merged[i++] = number;
			from_old++;
		}
	}
	peer_set->identities = merged;
	free(joined);
	free(left);
}

struct peer_set peer_render(const struct peer_entry *peer)
{
	struct peer_set peer_set = { .id = peer->id,
				     .name = xstrdup(peer->name) };
	size_t i;

	render_identities(peer, &peer_set);
	peer_set.block_count = peer->block_count;
	peer_set.blocks = xmemdup(peer->blocks,
				  peer->block_count * sizeof(*peer->blocks));
	for (i = 0; i < peer_set.block_count; i++)
		peer_set.blocks[i].except =
			xmemdup(peer->blocks[i].except,
				peer->blocks[i].except_count *
					sizeof(struct network));
	return peer_set;
}

void peer_settle(struct peer_entry *peer, const struct peer_set *peer_set)
{
	peer->published = *peer_set;
	peer->left_count = 0;
	free(peer->joined);
	peer->joined = NULL;
	peer->joined_count = 0;
	peer->changed = false;
}
