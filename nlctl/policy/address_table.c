// SPDX-License-Identifier: GPL-2.0-only
#include "policy/address_table.h"

#include <stdlib.h>
#include <string.h>
#include "policy/claim_warning.h"
#include "policy/memory.h"
#include "policy/population.h"

static struct ip make_key(const struct ip *ip)
{
	struct ip key;

	memset(&key, 0, sizeof(key));
	key.family = ip->family;
	if (ip->family == AF_INET)
		key.v4 = ip->v4;
	else
		key.v6 = ip->v6;
	return key;
}

static struct address_record *find_or_add(struct address_table *table,
					  const struct ip *ip)
{
	struct ip key = make_key(ip);
	struct address_record *address;

	HASH_FIND(hh, table->records, &key, sizeof(key), address);
	if (address)
		return address;
	address = xcalloc(1, sizeof(*address));
	address->ip = key;
	HASH_ADD(hh, table->records, ip, sizeof(address->ip), address);
	prefix_table_add(&table->prefixes, &address->ip);
	return address;
}

/* Whether @a owns what both claim. */
static bool goes_before(const struct inhabitant *a, const struct inhabitant *b)
{
	/* Else a stale record of another node could unregister a pod here. */
	if (a->local != b->local)
		return a->local;
	if (a->deleting != b->deleting)
		return b->deleting;
	if (a->runs != b->runs)
		return a->runs;
	return strcmp(a->key, b->key) < 0;
}

static void own(struct address_table *table, struct inhabitant *inhabitant,
		int change)
{
	if (!inhabitant)
		return;
	inhabitant->identity->owning -= !!inhabitant->owned;
	inhabitant->owned += change;
	inhabitant->identity->owning += !!inhabitant->owned;
	touch_identity(table->touched, inhabitant->identity);
	if (inhabitant->local)
		touch_inhabitant(table->touched, inhabitant);
}

/* Find the owner anew. */
static void settle(struct address_table *table, struct address_record *address)
{
	struct inhabitant *owner = NULL;
	const struct claim *claim;

	for (claim = address->claims; claim; claim = claim->next)
		if (!claim->inhabitant->shared &&
		    (!owner || goes_before(claim->inhabitant, owner)))
			owner = claim->inhabitant;
	if (owner != address->owner) {
		own(table, address->owner, -1);
		own(table, owner, 1);
		address->owner = owner;
		touch_address(table->touched, address);
	}
	contest_note(table, address);
}

void address_table_rank(struct address_table *table,
			struct inhabitant *inhabitant)
{
	size_t i;

	for (i = 0; i < inhabitant->claim_count; i++)
		settle(table, inhabitant->claims[i].address);
}

static bool claims_just(const struct inhabitant *inhabitant,
			const struct ip *ips, size_t count)
{
	size_t i;

	if (inhabitant->claim_count != count)
		return false;
	for (i = 0; i < count; i++)
		if (!ip_equal(&inhabitant->claims[i].address->ip, &ips[i]))
			return false;
	return true;
}

static void unlink_claim(struct claim *claim)
{
	struct claim **place = &claim->address->claims;

	while (*place != claim)
		place = &(*place)->next;
	*place = claim->next;
}

static struct claim *add_claims(struct address_table *table,
				struct inhabitant *inhabitant,
				const struct ip *ips, size_t count)
{
	struct claim *claims = count ? xcalloc(count, sizeof(*claims)) : NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		struct address_record *address = find_or_add(table, &ips[i]);

		claims[i] =
			(struct claim){ inhabitant, address, address->claims };
		address->claims = &claims[i];
		if (address->nodes)
			inhabitant->shared++;
	}
	return claims;
}

void address_table_claim(struct address_table *table,
			 struct inhabitant *inhabitant, const struct ip *ips,
			 size_t count)
{
	struct claim *old = inhabitant->claims;
	size_t old_count = inhabitant->claim_count, i;

	if (claims_just(inhabitant, ips, count))
		return;
	inhabitant->shared = 0;
	for (i = 0; i < old_count; i++)
		unlink_claim(&old[i]);
	inhabitant->claims = add_claims(table, inhabitant, ips, count);
	inhabitant->claim_count = count;
	for (i = 0; i < old_count; i++) {
		settle(table, old[i].address);
		/* It may have nobody left. */
		touch_address(table->touched, old[i].address);
	}
	address_table_rank(table, inhabitant);
	free(old);
}

/* All who claim the address lose all that they claim, or get it back. */
static void share(struct address_table *table, struct address_record *address,
		  int change)
{
	struct claim *claim;

	for (claim = address->claims; claim; claim = claim->next) {
		claim->inhabitant->shared += change;
		address_table_rank(table, claim->inhabitant);
	}
}

void address_table_add_node(struct address_table *table, const struct ip *ip)
{
	struct address_record *address = find_or_add(table, ip);

	if (!address->nodes++)
		share(table, address, 1);
}

void address_table_remove_node(struct address_table *table, const struct ip *ip)
{
	struct address_record *address = find_or_add(table, ip);

	touch_address(table->touched, address);
	if (!--address->nodes)
		share(table, address, -1);
}

void address_table_sweep(struct address_table *table,
			 struct address_record *address)
{
	if (address->claims || address->nodes || address->published)
		return;
	prefix_table_remove(&table->prefixes, &address->ip);
	HASH_DEL(table->records, address);
	free(address);
}

void address_table_clear(struct address_table *table)
{
	struct address_record *address, *next;

	claim_warnings_clear(table);
	prefix_table_clear(&table->prefixes);
	HASH_ITER(hh, table->records, address, next) {
		HASH_DEL(table->records, address);
		free(address);
	}
	*table = (struct address_table){};
}
