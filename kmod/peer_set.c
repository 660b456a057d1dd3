// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "ledger.h"
#include "peer_set.h"

/**
 * podwall_peer_set_create - begin a peer set without members
 * @id: allotted by userspace
 * @name: copied
 *
 * Context: Process context; may sleep.
 * Return: the set with one reference, the caller's, or NULL without memory.
 */
struct podwall_peer_set *podwall_peer_set_create(u32 id, const char *name)
{
	size_t length = strlen(name) + 1;
	struct podwall_peer_set *set;

	set = kzalloc(struct_size(set, name, length), GFP_KERNEL_ACCOUNT);
	if (!set)
		return NULL;
	podwall_ledger_made(PODWALL_LEDGER_PEER_SET);
	refcount_set(&set->references, 1);
	set->id = id;
	memcpy(set->name, name, length);
	return set;
}

/**
 * podwall_peer_set_add_identity - add an identity to a set being built
 * @set: not frozen
 * @identity: may be there already
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_peer_set_add_identity(struct podwall_peer_set *set, u32 identity)
{
	u32 *element = podwall_array_append(&set->identities, sizeof(*element));

	if (!element)
		return -ENOMEM;
	*element = identity;
	return 0;
}

/**
 * podwall_peer_set_add_block - add a block to a set being built
 * @set: not frozen
 * @network: valid and masked
 *
 * Context: Process context; may sleep.
 * Return: the block, to add exceptions to before the next block is added, or
 * NULL without memory.
 */
struct podwall_block *
podwall_peer_set_add_block(struct podwall_peer_set *set,
			   const struct podwall_network *network)
{
	struct podwall_block *block =
		podwall_array_append(&set->blocks, sizeof(*block));

	if (!block)
		return NULL;
	block->network = *network;
	block->first_except = set->excepts.count;
	return block;
}

/**
 * podwall_peer_set_add_except - except a part of the block added last
 * @set: not frozen
 * @block: what podwall_peer_set_add_block() returned last
 * @except: valid, masked and inside @block
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_peer_set_add_except(struct podwall_peer_set *set,
				struct podwall_block *block,
				const struct podwall_network *except)
{
	struct podwall_network *element =
		podwall_array_append(&set->excepts, sizeof(*element));

	if (!element)
		return -ENOMEM;
	*element = *except;
	block->except_count++;
	return 0;
}

/**
 * podwall_peer_set_find_except - find an exception that a network overlaps
 * @set: any
 * @block: of the set
 * @network: of the block's family
 *
 * Context: Any.
 * Return: the first such exception, valid until another is added, or NULL.
 */
const struct podwall_network *
podwall_peer_set_find_except(const struct podwall_peer_set *set,
			     const struct podwall_block *block,
			     const struct podwall_network *network)
{
	const struct podwall_network *excepts = set->excepts.elements;
	u32 i;

	for (i = 0; i < block->except_count; i++) {
		const struct podwall_network *except =
			&excepts[block->first_except + i];

		if (podwall_network_contains(except, &network->base) ||
		    podwall_network_contains(network, &except->base))
			return except;
	}
	return NULL;
}

/* As they come from who keeps them in order: no need to sort them. */
static bool is_ascending(const u32 *identities, u32 count)
{
	u32 i;

	for (i = 1; i < count; i++)
		if (identities[i - 1] > identities[i])
			return false;
	return true;
}

/**
 * podwall_peer_set_freeze - end the building of a set
 * @set: its identities get sorted and lose duplicates
 *
 * Context: Process context; may sleep.
 */
void podwall_peer_set_freeze(struct podwall_peer_set *set)
{
	u32 *identities = set->identities.elements;
	u32 i, kept = 0;

	if (!is_ascending(identities, set->identities.count))
		sort(identities, set->identities.count, sizeof(*identities),
		     podwall_compare_u32, NULL);
	for (i = 0; i < set->identities.count; i++)
		if (!i || identities[i] != identities[kept - 1])
			identities[kept++] = identities[i];
	set->identities.count = kept;
	podwall_array_trim(&set->identities, sizeof(*identities));
	podwall_array_trim(&set->blocks, sizeof(struct podwall_block));
	podwall_array_trim(&set->excepts, sizeof(struct podwall_network));
}

/**
 * podwall_peer_set_get - take a reference
 * @set: one that the caller may reach
 *
 * Context: Any.
 * Return: @set.
 */
struct podwall_peer_set *podwall_peer_set_get(struct podwall_peer_set *set)
{
	refcount_inc(&set->references);
	return set;
}

/**
 * podwall_peer_set_put - drop a reference, and the set with the last one
 * @set: no packet may reach it through the caller's reference any more
 *
 * Context: Process context; may sleep.
 */
void podwall_peer_set_put(struct podwall_peer_set *set)
{
	if (!refcount_dec_and_test(&set->references))
		return;
	podwall_array_free(&set->identities);
	podwall_array_free(&set->blocks);
	podwall_array_free(&set->excepts);
	kfree(set);
	podwall_ledger_freed(PODWALL_LEDGER_PEER_SET);
}

/**
 * podwall_peer_set_members - what a set counts against the limit on members
 * @set: any
 *
 * Context: Any.
 */
u32 podwall_peer_set_members(const struct podwall_peer_set *set)
{
	return set->identities.count + set->blocks.count + set->excepts.count;
}

/**
 * podwall_peer_set_size - the memory that a set holds, in bytes
 * @set: any
 *
 * Context: Any.
 */
size_t podwall_peer_set_size(const struct podwall_peer_set *set)
{
	return struct_size(set, name, strlen(set->name) + 1) +
	       set->identities.room * sizeof(u32) +
	       set->blocks.room * sizeof(struct podwall_block) +
	       set->excepts.room * sizeof(struct podwall_network);
}

static bool is_same_network(const struct podwall_network *a,
			    const struct podwall_network *b)
{
	return a->prefix_length == b->prefix_length &&
	       podwall_ip_equal(&a->base, &b->base);
}

/**
 * podwall_peer_set_same_blocks - whether two sets have the same blocks
 * @a: frozen
 * @b: frozen
 *
 * Context: Any.
 * Return: true when they are the same, with the same exceptions, in one order.
 */
bool podwall_peer_set_same_blocks(const struct podwall_peer_set *a,
				  const struct podwall_peer_set *b)
{
	const struct podwall_network *excepts[] = { a->excepts.elements,
						    b->excepts.elements };
	const struct podwall_block *blocks[] = { a->blocks.elements,
						 b->blocks.elements };
	u32 i;

	if (a->blocks.count != b->blocks.count ||
	    a->excepts.count != b->excepts.count)
		return false;
	for (i = 0; i < a->blocks.count; i++)
		if (blocks[0][i].except_count != blocks[1][i].except_count ||
		    !is_same_network(&blocks[0][i].network,
				     &blocks[1][i].network))
			return false;
	for (i = 0; i < a->excepts.count; i++)
		if (!is_same_network(&excepts[0][i], &excepts[1][i]))
			return false;
	return true;
}

static bool block_holds(const struct podwall_block *block,
			const struct podwall_network *excepts,
			const struct podwall_ip *ip)
{
	u32 i;

	if (!podwall_network_contains(&block->network, ip))
		return false;
	for (i = 0; i < block->except_count; i++)
		if (podwall_network_contains(&excepts[i], ip))
			return false;
	return true;
}

/**
 * podwall_peer_set_holds - whether a peer belongs to a set
 * @set: frozen
 * @identity: of the peer's address; 0 when it has none
 * @ip: the peer's address, which blocks are held against even when an identity
 *	covers it: a pod's address is an address too
 *
 * An exception narrows its own block only. Another block of the set may still
 * hold the address.
 *
 * Context: Any.
 */
bool podwall_peer_set_holds(const struct podwall_peer_set *set, u32 identity,
			    const struct podwall_ip *ip)
{
	const struct podwall_network *excepts = set->excepts.elements;
	const struct podwall_block *blocks = set->blocks.elements;
	u32 i;

	if (identity && bsearch(&identity, set->identities.elements,
				set->identities.count, sizeof(identity),
				podwall_compare_u32))
		return true;
	for (i = 0; i < set->blocks.count; i++)
		if (block_holds(&blocks[i], excepts + blocks[i].first_except, ip))
			return true;
	return false;
}

static int compare_peer_set(const void *key, const void *element)
{
	const struct podwall_peer_set *const *set = element;
	u32 id = *(const u32 *)key;

	return id < (*set)->id ? -1 : id > (*set)->id;
}

/**
 * podwall_peer_set_find - find a peer set by its id
 * @peer_sets: of struct podwall_peer_set pointers, by id; under RCU, or
 *	referenced
 * @id: of the set
 *
 * Context: Any.
 * Return: the set, owned by @peer_sets, or NULL.
 */
struct podwall_peer_set *
podwall_peer_set_find(const struct podwall_array *peer_sets, u32 id)
{
	struct podwall_peer_set **set;

	set = bsearch(&id, peer_sets->elements, peer_sets->count, sizeof(*set),
		      compare_peer_set);
	return set ? *set : NULL;
}
