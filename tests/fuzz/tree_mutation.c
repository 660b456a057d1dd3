// SPDX-License-Identifier: GPL-2.0-only
#include "tree_mutation.h"

#include <stdlib.h>
#include <string.h>

/* libFuzzer makes no inputs of more bytes, and each node takes one at least. */
#define NODES_MAX 4096

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

static uint32_t state;

static uint32_t below(uint32_t bound)
{
	state = state * 1664525 + 1013904223;
	return (uint64_t)(state ^ state >> 15) * bound >> 32;
}

static size_t count_children(const json_t *node)
{
	return json_is_object(node) ? json_object_size(node) :
				      json_array_size(node);
}

static json_t *child_at(const json_t *node, size_t index)
{
	void *iterator;

	if (json_is_array(node))
		return json_array_get(node, index);
	iterator = json_object_iter((json_t *)node);
	while (index--)
		iterator = json_object_iter_next((json_t *)node, iterator);
	return json_object_iter_value(iterator);
}

static const char *key_at(const json_t *node, size_t index)
{
	void *iterator = json_object_iter((json_t *)node);

	while (index--)
		iterator = json_object_iter_next((json_t *)node, iterator);
	return json_object_iter_key(iterator);
}

/* Nodes, each as often as it would be written, and few more than the bound. */
static size_t count_nodes(const json_t *node, size_t bound)
{
	size_t children = count_children(node), nodes = 1, i;

	for (i = 0; i < children && nodes <= bound; i++)
		nodes += count_nodes(child_at(node, i), bound - nodes);
	return nodes;
}

/* Down from the root, to an object or array that is not empty; NULL for none. */
static json_t *choose_holder(json_t *node)
{
	while (count_children(node)) {
		json_t *child = child_at(node, below(count_children(node)));

		if (!count_children(child) || !below(4))
			return node;
		node = child;
	}
	return NULL;
}

static json_t *choose_value(const json_t *from)
{
	const json_t *holder = choose_holder((json_t *)from);

	if (!holder)
		return json_null();
	return json_deep_copy(child_at(holder, below(count_children(holder))));
}

static json_t *make_number(void)
{
	static const json_int_t numbers[] = {
		-1,	   0,	       1,
		2,	   80,	       512,
		513,	   1000,       1023,
		1024,	   1025,       65535,
		65536,	   1000000,    1000001,
		INT32_MAX, UINT32_MAX, (json_int_t)UINT32_MAX + 1,
		INT64_MAX, INT64_MIN,
	};

	if (!below(8))
		return json_real(below(1000) / 10.0);
	return json_integer(numbers[below(sizeof(numbers) / sizeof(*numbers))]);
}

/* The text with other bytes, as far as that is UTF-8 still. */
static json_t *make_text(const json_t *text)
{
	size_t length = json_string_length(text);
	uint8_t buffer[256];
	json_t *made;

	if (length > sizeof(buffer))
		return json_string("");
	memcpy(buffer, json_string_value(text), length);
	length = LLVMFuzzerMutate(buffer, length, sizeof(buffer));
	made = json_stringn((const char *)buffer, length);
	return made ? made : json_string("");
}

static json_t *make_value(const json_t *old, const json_t *from)
{
	switch (below(8)) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(below(2));
	case 2:
		return below(2) ? json_object() : json_array();
	case 3:
	case 4:
		if (json_is_string(old))
			return make_text(old);
		return make_number();
	default:
		return choose_value(from);
	}
}

static void change_array(json_t *array, size_t index, const json_t *from)
{
	json_t *child = json_array_get(array, index);

	switch (below(4)) {
	case 0:
		json_array_remove(array, index);
		break;
	case 1:
		json_array_append_new(array, json_deep_copy(child));
		break;
	case 2:
		json_array_insert_new(array, index, choose_value(from));
		break;
	default:
		json_array_set_new(array, index, make_value(child, from));
		break;
	}
}

/* A key that some object has. */
static const char *choose_key(const json_t *from)
{
	unsigned int tries;

	for (tries = 0; tries < 8; tries++) {
		const json_t *holder = choose_holder((json_t *)from);

		if (json_is_object(holder))
			return key_at(holder, below(count_children(holder)));
	}
	return "key";
}

static void change_object(json_t *object, size_t index, const json_t *from)
{
	char *key = strdup(key_at(object, index));
	char *other = strdup(choose_key(from));
	json_t *child = json_object_get(object, key);

	if (!key || !other)
		abort();
	switch (below(5)) {
	case 0:
		json_object_del(object, key);
		break;
	case 1:
		json_object_set(object, other, child);
		json_object_del(object, key);
		break;
	case 2:
		json_object_set_new(object, other, choose_value(from));
		break;
	default:
		json_object_set_new(object, key, make_value(child, from));
		break;
	}
	free(other);
	free(key);
}

bool tree_mutate(json_t *tree, const json_t *from, uint32_t seed)
{
	unsigned int changes;

	state = seed;
	if (count_nodes(from, NODES_MAX) > NODES_MAX)
		return false;
	for (changes = 1 + below(3); changes; changes--) {
		json_t *holder = choose_holder(tree);

		if (count_nodes(tree, NODES_MAX) > NODES_MAX)
			return false;

		if (json_is_array(holder))
			change_array(holder, below(count_children(holder)),
				     from);
		else if (json_is_object(holder))
			change_object(holder, below(count_children(holder)),
				      from);
	}
	return count_nodes(tree, NODES_MAX) <= NODES_MAX;
}
