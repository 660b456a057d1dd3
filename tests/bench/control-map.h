/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trie of BPF, by bpf() itself. Functions that return text return NULL, or what
 * went wrong, which the caller frees.
 */
#ifndef CONTROL_MAP_H
#define CONTROL_MAP_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_ENTRIES_MAX (1 << 20)

/**
 * struct map - a trie, and what is to be in it
 * @fd: its descriptor
 * @key_size: bytes of a key
 * @keys: keys of the elements that change, in one piece
 * @values: their values, of 4 bytes
 * @count: how many
 * @stays: how many other elements there are
 */
struct map {
	int fd;
	size_t key_size;
	void *keys;
	__u32 *values;
	size_t count;
	size_t stays;
};

/* Returns a descriptor, or -1 with the reason in errno. */
int map_create(size_t key_size);

/* Write the elements that change, or remove them: a call for each, or one. */
char *map_write(const struct map *map, bool remove);
char *map_write_batch(const struct map *map, bool remove);

/* Go through a map, as who replaces its elements has to, and count them. */
char *map_walk(const struct map *map, size_t *found);

bool map_holds(const struct map *map, const void *key);

/* What the kernel says it takes; of a trie that leaves out the inner nodes. */
int64_t map_bytes(const struct map *map);

#endif
