// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "grammar.h"

static bool is(const char *name, const char *text, size_t length)
{
	return strlen(name) == length && !memcmp(name, text, length);
}

const struct grammar_set *grammar_find_set(const char *name, size_t length)
{
	unsigned int i;

	for (i = 0; i < grammar_set_count; i++)
		if (is(grammar_sets[i].name, name, length))
			return &grammar_sets[i];
	return NULL;
}

const struct grammar_operation *grammar_find_operation(const char *name,
						       size_t length)
{
	unsigned int i;

	for (i = 0; i < grammar_operation_count; i++)
		if (is(grammar_operations[i].name, name, length))
			return &grammar_operations[i];
	return NULL;
}

const struct grammar_operation *grammar_numbered_operation(uint8_t number)
{
	unsigned int i;

	for (i = 0; i < grammar_operation_count; i++)
		if (grammar_operations[i].number == number)
			return &grammar_operations[i];
	return NULL;
}

const struct grammar_attribute *
grammar_find_attribute(const struct grammar_set *set, const char *name,
		       size_t length)
{
	unsigned int i;

	for (i = 0; set && i < set->count; i++)
		if (is(set->attributes[i].name, name, length))
			return &set->attributes[i];
	return NULL;
}

const struct grammar_attribute *
grammar_numbered_attribute(const struct grammar_set *set, uint16_t number)
{
	unsigned int i;

	for (i = 0; set && i < set->count; i++)
		if (set->attributes[i].number == number)
			return &set->attributes[i];
	return NULL;
}

const struct grammar_set *
grammar_set_of(const struct grammar_attribute *attribute)
{
	unsigned int i;

	for (i = 0; i < grammar_set_count; i++) {
		const struct grammar_set *set = &grammar_sets[i];

		if (attribute >= set->attributes &&
		    attribute < set->attributes + set->count)
			return set;
	}
	return NULL;
}

unsigned int grammar_width(enum grammar_type type)
{
	switch (type) {
	case TYPE_U8:
		return 1;
	case TYPE_U16:
		return 2;
	case TYPE_U32:
		return 4;
	case TYPE_U64:
		return 8;
	default:
		return 0;
	}
}

bool grammar_takes(const struct grammar_operation *operation,
		   const struct grammar_attribute *attribute)
{
	return operation->request >> attribute->number & 1;
}

bool grammar_ends(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);

	return length >= tail && !strcmp(name + length - tail, end);
}

bool grammar_stages(const struct grammar_operation *operation)
{
	return grammar_ends(operation->name, "-new") ||
	       grammar_ends(operation->name, "-del") ||
	       grammar_ends(operation->name, "-set") ||
	       !strcmp(operation->name, "flush");
}
