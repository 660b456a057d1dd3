/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is freed all at once. Every piece is an allocation of its own, so
 * that AddressSanitizer sees where each ends.
 */
#ifndef NETLINK_FUZZ_ARENA_H
#define NETLINK_FUZZ_ARENA_H

#include <stddef.h>

struct piece;

/** struct arena - its pieces, the latest first; empty when zeroed */
struct arena {
	struct piece *pieces;
};

/* Zeroed; ends the program when there is no memory. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_copy(struct arena *arena, const void *data, size_t size);
void arena_free(struct arena *arena);

#endif
