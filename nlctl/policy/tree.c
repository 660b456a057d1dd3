// SPDX-License-Identifier: GPL-2.0-only
#include "policy/tree.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

void lines_add(struct lines *lines, const json_t *node, uint32_t line,
	       const uint32_t *children, size_t count)
{
	struct position *position;
	size_t i;

	position = array_add(lines->positions, lines->position_count);
	position->node = node;
	position->first = lines->pool_count;
	position->count = count;
	*array_add(lines->pool, lines->pool_count) = line;
	for (i = 0; i < count; i++)
		*array_add(lines->pool, lines->pool_count) = children[i];
	lines->ordered = false;
}

static int compare_nodes(const void *a, const void *b)
{
	uintptr_t left = (uintptr_t)((const struct position *)a)->node;
	uintptr_t right = (uintptr_t)((const struct position *)b)->node;

	return (left > right) - (left < right);
}

static int compare_positions(const void *a, const void *b)
{
	size_t left = ((const struct position *)a)->first;
	size_t right = ((const struct position *)b)->first;
	int order = compare_nodes(a, b);

	return order ?: (left > right) - (left < right);
}

/* Few runs ask for a line at all, so the order is made when the first does. */
static const struct position *find(struct lines *lines, const json_t *node)
{
	struct position wanted = { .node = node };
	const struct position *position, *end;

	if (!lines->position_count)
		return NULL;
	if (!lines->ordered)
		qsort(lines->positions, lines->position_count,
		      sizeof(*lines->positions), compare_positions);
	lines->ordered = true;
	position = bsearch(&wanted, lines->positions, lines->position_count,
			   sizeof(*lines->positions), compare_nodes);
	end = lines->positions + lines->position_count;
	while (position && position + 1 < end && position[1].node == node)
		position++;
	return position;
}

uint32_t lines_of(struct lines *lines, const json_t *node)
{
	const struct position *position = find(lines, node);

	return position ? lines->pool[position->first] : 0;
}

uint32_t lines_of_index(struct lines *lines, const json_t *array, size_t index)
{
	const struct position *position = find(lines, array);

	if (!position)
		return 0;
	if (index >= position->count)
		return lines->pool[position->first];
	return lines->pool[position->first + 1 + index];
}

uint32_t lines_of_key(struct lines *lines, const json_t *object,
		      const char *key)
{
	size_t index = 0;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value) {
		if (!strcmp(name, key))
			return lines_of_index(lines, object, index);
		index++;
	}
	return lines_of(lines, object);
}

void lines_clear(struct lines *lines)
{
	free(lines->positions);
	free(lines->pool);
	*lines = (struct lines){};
}
