// SPDX-License-Identifier: GPL-2.0-only

#include <string.h>

#include "world.h"

bool address_equal(const struct address *a, const struct address *b)
{
	return a->bits == b->bits &&
	       !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/* Bit 0 is the first of a prefix. */
bool address_bit(const struct address *address, unsigned int bit)
{
	return address->bytes[bit / 8] & 0x80 >> bit % 8;
}

void address_set_bit(struct address *address, unsigned int bit, bool value)
{
	u8 mask = 0x80 >> bit % 8;

	if (value)
		address->bytes[bit / 8] |= mask;
	else
		address->bytes[bit / 8] &= ~mask;
}

/* The address above or below; false at the end of all addresses. */
bool address_step(struct address *address, bool up)
{
	unsigned int bit = address->bits;

	/* As one counts on paper: carry while the digit overflows. */
	while (bit-- > 0) {
		bool carry = address_bit(address, bit) == up;

		address_set_bit(address, bit, !address_bit(address, bit));
		if (!carry)
			return true;
	}
	return false;
}

struct address network_last(const struct network *network)
{
	struct address last = network->base;
	unsigned int bit;

	for (bit = network->length; bit < last.bits; bit++)
		address_set_bit(&last, bit, true);
	return last;
}

bool network_holds(const struct network *network, const struct address *address)
{
	unsigned int bit;

	if (network->base.bits != address->bits)
		return false;
	for (bit = 0; bit < network->length; bit++)
		if (address_bit(&network->base, bit) !=
		    address_bit(address, bit))
			return false;
	return true;
}

struct host *world_host(const struct world *world,
			const struct address *address)
{
	struct host *host;

	for_each(host, &world->hosts) if (address_equal(&host->address,
							address)) return host;
	return NULL;
}

struct peers *world_peers(const struct world *world, u32 id)
{
	struct peers *peers;

	for_each(peers, &world->peer_sets) if (peers->id == id) return peers;
	return NULL;
}

struct rules *world_rules(const struct world *world, u32 id)
{
	struct rules *rules;

	for_each(rules, &world->rule_sets) if (rules->id == id) return rules;
	return NULL;
}

struct pod *world_pod(const struct world *world, const char *key)
{
	struct pod *pod;

	for_each(pod, &world->pods) if (!strcmp(pod->key, key)) return pod;
	return NULL;
}

/* The pod that has an address. */
struct pod *world_owner(const struct world *world,
			const struct address *address)
{
	struct pod *pod;
	u32 i;

	for_each(pod,
		 &world->pods) for (i = 0; i < pod->address_count;
				    i++) if (address_equal(&pod->addresses[i],
							   address)) return pod;
	return NULL;
}

static bool is_repeated(const struct peers *peers, u32 at)
{
	u32 i;

	for (i = 0; i < at; i++)
		if (peers->identities[i] == peers->identities[at])
			return true;
	return false;
}

/* Identities, each once, with blocks and exceptions. */
u32 peers_members(const struct peers *peers)
{
	u32 i, members = peers->blocks.count;
	struct block *block;

	for (i = 0; i < peers->identity_count; i++)
		members += !is_repeated(peers, i);
	for_each(block, &peers->blocks) members += block->excepts.count;
	return members;
}
