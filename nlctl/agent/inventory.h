/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects that the API server has, by kind and key: who is there, not what
 * they say.
 */
#ifndef NLCTL_AGENT_INVENTORY_H
#define NLCTL_AGENT_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

/**
 * struct known - an object that is known to be there
 * @uid: see object_uid()
 * @listed: number of the list that had it last, or that a watch came behind
 * @good: a version of it is with the compiler
 * @refused: its present version could not be decoded
 * @hh: links the objects of an inventory by @key
 * @key: see object_key()
 */
struct known {
	uint32_t uid;
	uint32_t listed;
	bool good;
	bool refused;
	UT_hash_handle hh;
	char key[];
};

/**
 * struct inventory - the objects of one kind; starts with zeroes
 * @objects: uthash by key
 * @list: number of the present list
 * @refused: how many objects are refused
 */
struct inventory {
	struct known *objects;
	uint32_t list;
	size_t refused;
};

/* An object, as of the present list; added if need be. */
struct known *inventory_see(struct inventory *inventory, const char *key);

/* An object, or NULL. */
struct known *inventory_find(const struct inventory *inventory,
			     const char *key);

/* How many objects there are. */
size_t inventory_count(const struct inventory *inventory);

/* Say whether an object is refused. */
void inventory_refuse(struct inventory *inventory, struct known *known,
		      bool refused);

/* Remove an object and free it. */
void inventory_remove(struct inventory *inventory, struct known *known);

/* Remove all objects. */
void inventory_clear(struct inventory *inventory);

#endif
