// SPDX-License-Identifier: GPL-2.0-only
#include "agent/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

struct known *inventory_see(struct inventory *inventory, const char *key)
{
	struct known *known = inventory_find(inventory, key);
	size_t length = strlen(key);

	if (!known) {
		known = xcalloc(1, sizeof(*known) + length + 1);
		memcpy(known->key, key, length + 1);
		HASH_ADD_KEYPTR(hh, inventory->objects, known->key, length,
				known);
	}
	known->listed = inventory->list;
	return known;
}

struct known *inventory_find(const struct inventory *inventory, const char *key)
{
	struct known *known;

	HASH_FIND_STR(inventory->objects, key, known);
	return known;
}

size_t inventory_count(const struct inventory *inventory)
{
	return HASH_COUNT(inventory->objects);
}

void inventory_refuse(struct inventory *inventory, struct known *known,
		      bool refused)
{
	inventory->refused += refused;
	inventory->refused -= known->refused;
	known->refused = refused;
}

void inventory_remove(struct inventory *inventory, struct known *known)
{
	inventory_refuse(inventory, known, false);
	HASH_DEL(inventory->objects, known);
	free(known);
}

void inventory_clear(struct inventory *inventory)
{
	struct known *known, *next;

	HASH_ITER(hh, inventory->objects, known, next)
		inventory_remove(inventory, known);
}
