// SPDX-License-Identifier: GPL-2.0-only
#include "decode.h"

#include <endian.h>
#include <linux/netlink.h>
#include <string.h>

static uint64_t number_of(const struct grammar_attribute *definition,
			  const uint8_t *data, unsigned int width)
{
	uint64_t number = 0;

	memcpy(&number, data, width);
	if (definition->big_endian)
		number = be64toh(number << (64 - 8 * width));
	return number;
}

static bool entry_known(const struct grammar_attribute *definition,
			uint64_t number)
{
	unsigned int i;

	for (i = 0; i < definition->entry_count; i++)
		if (definition->entries[i].value == number)
			return true;
	return !definition->entry_count;
}

static const char *decode_payload(struct arena *arena,
				  struct attribute *attribute,
				  const uint8_t *data, size_t size)
{
	const struct grammar_attribute *definition = attribute->definition;
	unsigned int width = grammar_width(definition->type);

	if (definition->type == TYPE_NEST) {
		attribute->form = FORM_NEST;
		return decode_list(arena, definition->nested, ~0ull, data, size,
				   &attribute->children);
	}
	attribute->bytes = arena_copy(arena, data, size);
	attribute->size = size;
	if (definition->type == TYPE_FLAG)
		return size ? "a flag that holds something" : NULL;
	if (definition->type == TYPE_STRING)
		return size && !data[size - 1] && strlen((char *)data) < size &&
				       (!definition->most ||
					size <= definition->most + 1) ?
			       NULL :
			       "a text that is too long, or has no end";
	if (definition->type == TYPE_BINARY)
		return !definition->size || size == definition->size ?
			       NULL :
			       "binary of a wrong length";
	if (size != width)
		return "a number of a wrong length";
	attribute->form = FORM_NUMBER;
	attribute->number = number_of(definition, data, width);
	return entry_known(definition, attribute->number) ?
		       NULL :
		       "a value that its enumeration has not";
}

const char *decode_list(struct arena *arena, const struct grammar_set *set,
			uint64_t allowed, const uint8_t *data, size_t size,
			struct list *list)
{
	while (size >= NLA_HDRLEN) {
		const struct grammar_attribute *definition;
		struct attribute *attribute;
		struct nlattr head;
		const char *wrong;
		size_t step;

		memcpy(&head, data, sizeof(head));
		if (head.nla_len < NLA_HDRLEN || head.nla_len > size)
			return "an attribute of a wrong length";
		definition =
			grammar_numbered_attribute(set, head.nla_type &
								NLA_TYPE_MASK);
		if (!definition)
			return "an attribute that its set has not";
		if (definition->type != TYPE_PAD) {
			if (!(allowed >> definition->number & 1))
				return "an attribute that its reply has not";
			attribute = attribute_new(arena, definition);
			wrong = decode_payload(arena, attribute,
					       data + NLA_HDRLEN,
					       head.nla_len - NLA_HDRLEN);
			if (wrong)
				return wrong;
			list_append(arena, list, attribute);
		}
		step = NLA_ALIGN(head.nla_len);
		if (step > size)
			step = size;
		data += step;
		size -= step;
	}
	return size ? "bytes that are no attribute" : NULL;
}

void decode_strip(struct list *list)
{
	unsigned int i;

	for (i = list->count; i--;) {
		if (list->items[i]->definition->listed)
			list_remove(list, i);
		else
			decode_strip(&list->items[i]->children);
	}
}

bool decode_number(const struct list *list, const char *name, uint64_t *number)
{
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		const struct attribute *attribute = list->items[i];

		if (attribute->form != FORM_NUMBER ||
		    strcmp(attribute->definition->name, name))
			continue;
		*number = attribute->number;
		return true;
	}
	return false;
}
