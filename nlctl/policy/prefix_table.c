// SPDX-License-Identifier: GPL-2.0-only
#include "policy/prefix_table.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include "policy/memory.h"

struct prefix {
	struct network network;
	size_t address_count;
	UT_hash_handle hh;
};

/* All bytes of its base are set: that is the key. */
static struct network network_of(const struct ip *ip)
{
	struct network network;

	memset(&network, 0, sizeof(network));
	network.base.family = ip->family;
	if (ip->family == AF_INET) {
		network.base.v4 = ip->v4;
		network.prefix_length = 24;
	} else {
		network.base.v6 = ip->v6;
		network.prefix_length = 64;
	}
	network_mask(&network);
	return network;
}

static struct prefix *find(const struct prefix_table *table,
			   const struct network *network)
{
	struct prefix *prefix;

	HASH_FIND(hh, table->prefixes, &network->base, sizeof(network->base),
		  prefix);
	return prefix;
}

void prefix_table_add(struct prefix_table *table, const struct ip *ip)
{
	struct network network = network_of(ip);
	struct prefix *prefix = find(table, &network);

	if (!prefix) {
		prefix = xcalloc(1, sizeof(*prefix));
		prefix->network = network;
		HASH_ADD(hh, table->prefixes, network.base,
			 sizeof(prefix->network.base), prefix);
	}
	prefix->address_count++;
}

static void free_prefix(struct prefix_table *table, struct prefix *prefix)
{
	HASH_DEL(table->prefixes, prefix);
	free(prefix);
}

void prefix_table_remove(struct prefix_table *table, const struct ip *ip)
{
	struct network network = network_of(ip);
	struct prefix *prefix = find(table, &network);

	if (!--prefix->address_count)
		free_prefix(table, prefix);
}

/* One of two networks that meet has the other. */
static bool meet(const struct network *a, const struct network *b)
{
	return network_contains(a, &b->base) || network_contains(b, &a->base);
}

bool prefix_table_meets(const struct prefix_table *table,
			const struct network *network)
{
	const struct prefix *prefix;

	for (prefix = table->prefixes; prefix; prefix = prefix->hh.next)
		if (meet(&prefix->network, network))
			return true;
	return false;
}

void prefix_table_clear(struct prefix_table *table)
{
	struct prefix *prefix = NULL, *next = NULL;

	HASH_ITER(hh, table->prefixes, prefix, next)
		free_prefix(table, prefix);
}
