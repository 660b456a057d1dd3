// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

struct block {
	struct block *next;
	max_align_t bytes[];
};

static struct block *blocks;

/* Zeroed memory, there until pool_release(). */
void *pool_zalloc(size_t size)
{
	struct block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		abort();
	block->next = blocks;
	blocks = block;
	return block->bytes;
}

char *pool_printf(const char *format, ...)
{
	va_list arguments;
	char text[512];
	int length;
	char *copy;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof(text))
		abort();
	copy = pool_zalloc(length + 1);
	memcpy(copy, text, length);
	return copy;
}

void pool_release(void)
{
	while (blocks) {
		struct block *next = blocks->next;

		free(blocks);
		blocks = next;
	}
}

void list_insert(struct list *list, u32 at, void *item)
{
	if (list->count == list->room) {
		void **items;

		list->room = list->room ? 2 * list->room : 8;
		items = pool_zalloc(list->room * sizeof(*items));
		if (list->count)
			memcpy(items, list->items,
			       list->count * sizeof(*items));
		list->items = items;
	}
	memmove(&list->items[at + 1], &list->items[at],
		(list->count - at) * sizeof(*list->items));
	list->items[at] = item;
	list->count++;
}

void list_append(struct list *list, void *item)
{
	list_insert(list, list->count, item);
}

void list_remove(struct list *list, u32 at)
{
	list->count--;
	memmove(&list->items[at], &list->items[at + 1],
		(list->count - at) * sizeof(*list->items));
}

struct list list_copy(const struct list *list)
{
	struct list copy = {};
	void *item;

	for_each(item, list) list_append(&copy, item);
	return copy;
}
