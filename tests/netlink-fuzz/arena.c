// SPDX-License-Identifier: GPL-2.0-only
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece {
	struct piece *next;
	_Alignas(max_align_t) char data[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
	struct piece *piece = calloc(1, sizeof(*piece) + size);

	if (!piece) {
		fputs("out of memory\n", stderr);
		exit(2);
	}
	piece->next = arena->pieces;
	arena->pieces = piece;
	return piece->data;
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
	void *copy = arena_alloc(arena, size);

	if (size)
		memcpy(copy, data, size);
	return copy;
}

void arena_free(struct arena *arena)
{
	while (arena->pieces) {
		struct piece *piece = arena->pieces;

		arena->pieces = piece->next;
		free(piece);
	}
}
