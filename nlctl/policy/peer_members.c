// SPDX-License-Identifier: GPL-2.0-only
#include "policy/peer_members.h"

#include <stdlib.h>
#include <string.h>
#include "policy/block.h"
#include "policy/memory.h"
#include "policy/selector.h"

static bool selects_namespace(const struct peer_entry *peer,
			      const struct cluster_namespace *namespace)
{
	return namespace && (peer->namespace ||
			     selector_matches(&peer->peer.namespace_selector,
					      &namespace->labels));
}

static bool selects_pods(const struct peer_entry *peer,
			 const struct identity *identity)
{
	if (peer->serving &&
	    !identity_serves(identity, peer->service.name,
			     peer->service.protocol, peer->service.port))
		return false;
	return selector_matches(&peer->peer.pod_selector, &identity->labels);
}

/* Rules are there only for parts that have somebody. */
static void touch_drafts(const struct peer_table *table,
			 const struct peer_entry *peer)
{
	const struct peer_use *use;

	for (use = peer->uses; use; use = use->next)
		touch_draft(table->touched, use->draft);
}

static void note_change(struct peer_table *table, struct peer_entry *peer)
{
	peer->changed = true;
	touch_peer(table->touched, peer);
}

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
		touch_drafts(table, peer);
	note_change(table, peer);
}

static void leave(struct peer_table *table, struct peer_entry *peer,
		  struct identity *identity)
{
	*array_add(peer->left, peer->left_count) = identity->number;
	release(table, identity);
	if (!--peer->member_count && peer->serving)
		touch_drafts(table, peer);
	note_change(table, peer);
}

void peer_table_hold(struct peer_table *table, struct identity *identity)
{
	const struct namespace_record *namespace = identity->namespace;
	bool lives = identity_lives(identity);
	struct peer_entry *peer;

	for (peer = lives == identity->known ? NULL : namespace->peers; peer;
	     peer = peer->next) {
		if (!selects_pods(peer, identity))
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
			   selects_namespace(peer, namespace->known);
		bool is = lives && selects_namespace(peer, namespace->object);

		if (was == is || !selects_pods(peer, identity))
			continue;
		if (is)
			join(table, peer, identity);
		else
			leave(table, peer, identity);
	}
}

/* Do something with all that a peer of pods holds, as it is known. */
static void visit_members(struct peer_table *table, struct peer_entry *peer,
			  const struct namespace_record *namespace,
			  void (*act)(struct peer_table *table,
				      struct peer_entry *peer,
				      struct identity *identity))
{
	struct identity *identity;

	if (!selects_namespace(peer, namespace->known))
		return;
	for (identity = namespace->identities; identity;
	     identity = identity->next)
		if (identity->known && selects_pods(peer, identity))
			act(table, peer, identity);
}

static void for_all_members(struct peer_table *table, struct peer_entry *peer,
			    void (*act)(struct peer_table *table,
					struct peer_entry *peer,
					struct identity *identity))
{
	const struct namespace_record *namespace;

	if (peer->peer.is_block || peer->peer.is_nodes)
		return;
	if (peer->namespace) {
		visit_members(table, peer, peer->namespace, act);
		return;
	}
	for (namespace = table->population->namespaces; namespace;
	     namespace = namespace->hh.next)
		visit_members(table, peer, namespace, act);
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
		if (!touched->peers[i]->uses)
			for_all_members(table, touched->peers[i], let_go);
}

static void add_block(const struct block *block, struct peer_set *peer_set)
{
	struct block copy = block_copy(block);

	block_split(&copy, &peer_set->blocks, &peer_set->block_count);
}

static void add_address(const struct ip *ip, struct peer_set *peer_set)
{
	struct block one = {
		.network = {
			.base = *ip,
			.prefix_length = ip->family == AF_INET ? 32 : 128,
		},
	};

	add_block(&one, peer_set);
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

	for (record = population->nodes; record; record = record->hh.next) {
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

static void add_owned(const struct inhabitant *inhabitant,
		      const struct block *block, struct peer_set *peer_set)
{
	size_t i;

	for (i = 0; i < inhabitant->claim_count; i++) {
		const struct address_record *address =
			inhabitant->claims[i].address;

		if (address->owner == inhabitant &&
		    block_contains(block, &address->ip))
			add_address(&address->ip, peer_set);
	}
}

static bool serves(const struct peer_entry *peer,
		   const struct identity *identity)
{
	return identity_serves(identity, peer->service.name,
			       peer->service.protocol, peer->service.port);
}

/* Pods of one identity may lie inside the block and outside, so those inside
 * that serve the port are listed by address.
 */
static void add_serving(const struct population *population,
			const struct peer_entry *peer,
			struct peer_set *peer_set)
{
	const struct identity *identity;

	for (identity = population->identities.identities; identity;
	     identity = identity->hh.next) {
		const struct inhabitant *inhabitant;

		if (!identity->known || !serves(peer, identity))
			continue;
		for (inhabitant = identity->inhabitants; inhabitant;
		     inhabitant = inhabitant->next)
			add_owned(inhabitant, &peer->peer.block, peer_set);
	}
}

static void fill_blocks(struct peer_table *table, struct peer_entry *peer)
{
	struct peer_set filled = {}, old = { .blocks = peer->blocks,
					     .block_count = peer->block_count };

	if (peer->peer.is_nodes)
		add_nodes(table->population, &peer->peer.node_selector,
			  &filled);
	else if (peer->serving)
		add_serving(table->population, peer, &filled);
	else
		add_block(&peer->peer.block, &filled);
	peer_set_sort(&filled);
	peer->blocks = filled.blocks;
	peer->block_count = filled.block_count;
	if (peer->serving && !old.block_count != !peer->block_count)
		touch_drafts(table, peer);
	peer_set_clear(&old);
	note_change(table, peer);
}

void peer_fill(struct peer_table *table, struct peer_entry *peer)
{
	if (peer->peer.is_block || peer->peer.is_nodes)
		fill_blocks(table, peer);
	else
		for_all_members(table, peer, join);
}

/* Whoever gains or loses an address, or a namespace, is touched itself, so the
 * addresses need no look: most are inside of most blocks.
 */
static bool is_concerned(const struct peer_entry *peer,
			 const struct touched *touched)
{
	size_t i;

	for (i = 0; i < touched->identity_count; i++)
		if (serves(peer, touched->identities[i]))
			return true;
	return false;
}

void peer_table_refill_blocks(struct peer_table *table)
{
	struct peer_entry *peer;

	for (peer = table->fixed; peer; peer = peer->next)
		if (peer->peer.is_block && peer->serving &&
		    is_concerned(peer, table->touched))
			fill_blocks(table, peer);
}

void peer_table_refill_nodes(struct peer_table *table)
{
	struct peer_entry *peer;

	for (peer = table->fixed; peer; peer = peer->next)
		if (peer->peer.is_nodes)
			fill_blocks(table, peer);
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static void sort_numbers(uint32_t *numbers, size_t count)
{
	if (count > 1)
		qsort(numbers, count, sizeof(*numbers), compare_numbers);
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
	sort_numbers(joined, peer->joined_count);
	left = xmemdup(peer->left, peer->left_count * sizeof(*left));
	sort_numbers(left, peer->left_count);
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
