// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "identity.h"
#include "ledger.h"

/**
 * DOC: Numbers of identities
 *
 * Userspace allots identities as it likes; rows are arrays, and want small
 * numbers. So each identity that some address has gets a number here.
 *
 * The table belongs to a policy as everything else does: a commit that brings
 * or takes addresses works on a copy. What the copy no longer uses is freed in
 * three steps, so that a number means nothing new to a packet that still judges
 * by an older policy: freed by one commit, waiting from the next one on, free
 * for those that come a grace period later.
 *
 * For example, identity 4711 has number 7 and one address, which goes. The
 * commit frees 7; the next one, which brings identity 4712, notes where the
 * grace period stands and gives it number 8; one that comes a grace period
 * later may give out 7 again.
 */

#define ROOM_MIN	16
#define HEAD_BITS_MIN	3	/* chains of two */

static u32 *head_of(const struct podwall_identities *identities, u32 id)
{
	return &identities->heads[hash_32(id, identities->head_bits)];
}

static void link_number(struct podwall_identities *identities, u32 number)
{
	u32 *head = head_of(identities, identities->entries[number].id);

	identities->entries[number].next = *head;
	*head = number;
}

static struct podwall_identities *allocate(u32 room, u32 head_bits)
{
	struct podwall_identities *identities = kzalloc(sizeof(*identities),
							GFP_KERNEL_ACCOUNT);

	if (!identities)
		return NULL;
	podwall_ledger_made(PODWALL_LEDGER_IDENTITIES);
	refcount_set(&identities->references, 1);
	identities->room = room;
	identities->head_bits = head_bits;
	identities->entries = kvcalloc(room, sizeof(*identities->entries),
				       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	identities->heads = kvcalloc(1U << head_bits,
				     sizeof(*identities->heads),
				     GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (identities->entries && identities->heads)
		return identities;
	podwall_identities_put(identities);
	return NULL;
}

/**
 * podwall_identities_create - begin a table without identities
 *
 * Context: Process context; may sleep.
 * Return: the table with one reference, the caller's, or NULL without memory.
 */
struct podwall_identities *podwall_identities_create(void)
{
	struct podwall_identities *identities = allocate(ROOM_MIN, HEAD_BITS_MIN);

	if (identities)
		identities->count = 1;
	return identities;
}

/* What waits has waited long enough, and what was freed since begins to wait. */
static void age(struct podwall_identities *identities)
{
	u32 *tail = &identities->waiting;

	if (identities->waiting) {
		if (!poll_state_synchronize_rcu(identities->grace_period))
			return;
		while (*tail)
			tail = &identities->entries[*tail].next;
		*tail = identities->free;
		identities->free = identities->waiting;
	}
	identities->waiting = identities->freed;
	identities->freed = 0;
	identities->grace_period = get_state_synchronize_rcu();
}

/**
 * podwall_identities_clone - begin a table with what another holds
 * @identities: unchanged
 *
 * Context: Process context; may sleep.
 * Return: the table with one reference, the caller's, or NULL without memory.
 */
struct podwall_identities *
podwall_identities_clone(const struct podwall_identities *identities)
{
	struct podwall_identities *clone = allocate(identities->room,
						    identities->head_bits);

	if (!clone)
		return NULL;
	clone->count = identities->count;
	clone->free = identities->free;
	clone->waiting = identities->waiting;
	clone->freed = identities->freed;
	clone->grace_period = identities->grace_period;
	memcpy(clone->entries, identities->entries,
	       identities->count * sizeof(*clone->entries));
	memcpy(clone->heads, identities->heads,
	       sizeof(*clone->heads) << clone->head_bits);
	age(clone);
	return clone;
}

/**
 * podwall_identities_get - take a reference
 * @identities: a table that the caller may reach
 *
 * Context: Any.
 * Return: @identities.
 */
struct podwall_identities *
podwall_identities_get(struct podwall_identities *identities)
{
	refcount_inc(&identities->references);
	return identities;
}

/**
 * podwall_identities_put - drop a reference, and the table with the last one
 * @identities: or NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_identities_put(struct podwall_identities *identities)
{
	if (!identities || !refcount_dec_and_test(&identities->references))
		return;
	kvfree(identities->entries);
	kvfree(identities->heads);
	kfree(identities);
	podwall_ledger_freed(PODWALL_LEDGER_IDENTITIES);
}

/**
 * podwall_identities_size - the memory that a table holds, in bytes
 * @identities: any
 *
 * Context: Any.
 */
size_t podwall_identities_size(const struct podwall_identities *identities)
{
	return sizeof(*identities) +
	       identities->room * sizeof(*identities->entries) +
	       (sizeof(*identities->heads) << identities->head_bits);
}

/**
 * podwall_identities_find - find the number of an identity
 * @identities: the table
 * @id: the identity; not 0
 *
 * Context: Any.
 * Return: the number, or 0 when no address has had it lately.
 */
u32 podwall_identities_find(const struct podwall_identities *identities,
			    u32 id)
{
	u32 number = *head_of(identities, id);

	while (number && identities->entries[number].id != id)
		number = identities->entries[number].next;
	return number;
}

static int grow(struct podwall_identities *identities)
{
	u32 i, number, next, room, head_bits = identities->head_bits + 1;
	struct podwall_identities *larger;

	if (check_mul_overflow(identities->room, 2U, &room))
		return -ENOMEM;
	larger = allocate(room, head_bits);
	if (!larger)
		return -ENOMEM;
	memcpy(larger->entries, identities->entries,
	       identities->count * sizeof(*larger->entries));
	swap(identities->entries, larger->entries);
	swap(identities->heads, larger->heads);
	identities->room = room;
	identities->head_bits = head_bits;
	for (i = 0; i < 1U << (head_bits - 1); i++)
		for (number = larger->heads[i]; number; number = next) {
			next = identities->entries[number].next;
			link_number(identities, number);
		}
	podwall_identities_put(larger);
	return 0;
}

/**
 * podwall_identities_take - find or make the number of an identity
 * @identities: not published
 * @id: the identity; not 0
 *
 * Context: Process context; may sleep.
 * Return: the number, for the caller to count itself among its users; or 0
 * without memory.
 */
u32 podwall_identities_take(struct podwall_identities *identities, u32 id)
{
	u32 number = podwall_identities_find(identities, id);

	if (number)
		return number;
	number = identities->free;
	if (number) {
		identities->free = identities->entries[number].next;
	} else {
		if (identities->count == identities->room && grow(identities))
			return 0;
		number = identities->count++;
	}
	identities->entries[number] = (struct podwall_identity){ .id = id };
	link_number(identities, number);
	return number;
}

/**
 * podwall_identities_sweep - free the numbers of identities without users
 * @identities: not published
 *
 * Context: Any.
 */
void podwall_identities_sweep(struct podwall_identities *identities)
{
	struct podwall_identity *entry;
	u32 i, number, *link;

	for (i = 0; i < 1U << identities->head_bits; i++) {
		link = &identities->heads[i];
		while (*link) {
			number = *link;
			entry = &identities->entries[number];
			if (entry->users) {
				link = &entry->next;
				continue;
			}
			*link = entry->next;
			entry->next = identities->freed;
			identities->freed = number;
		}
	}
}
