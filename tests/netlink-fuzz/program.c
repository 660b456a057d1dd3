// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

#include <linux/netlink.h>
#include <string.h>

void program_free(struct program *program)
{
	arena_free(&program->arena);
	program->count = 0;
}

void program_copy(struct program *to, const struct program *from)
{
	unsigned int i;

	*to = (struct program){ .count = from->count };
	for (i = 0; i < from->count; i++)
		to->messages[i] = message_copy(&to->arena, from->messages[i]);
}

bool program_insert(struct program *program, unsigned int at,
		    struct message *message)
{
	if (program->count == MESSAGES_MAX)
		return false;
	memmove(&program->messages[at + 1], &program->messages[at],
		(program->count - at) * sizeof(*program->messages));
	program->messages[at] = message;
	program->count++;
	return true;
}

void program_remove(struct program *program, unsigned int at)
{
	program->count--;
	memmove(&program->messages[at], &program->messages[at + 1],
		(program->count - at) * sizeof(*program->messages));
}

struct message *message_new(struct arena *arena, unsigned int socket,
			    const struct grammar_operation *operation)
{
	struct message *message = arena_alloc(arena, sizeof(*message));
	int i;

	message->socket = socket;
	message->operation = operation;
	for (i = 0; i < HEADER_COUNT; i++)
		message->header[i] = HEADER_RIGHT;
	return message;
}

static struct list list_copy(struct arena *arena, const struct list *from)
{
	struct list list = {};
	unsigned int i;

	for (i = 0; i < from->count; i++) {
		/* Repetitions stay what they are: they may be many. */
		bool again = i && from->items[i] == from->items[i - 1];

		list_append(arena, &list,
			    again ? list.items[i - 1] :
				    attribute_copy(arena, from->items[i]));
	}
	return list;
}

struct message *message_copy(struct arena *arena, const struct message *from)
{
	struct message *message = arena_copy(arena, from, sizeof(*from));

	message->attributes = list_copy(arena, &from->attributes);
	return message;
}

struct attribute *attribute_new(struct arena *arena,
				const struct grammar_attribute *definition)
{
	struct attribute *attribute = arena_alloc(arena, sizeof(*attribute));

	attribute->definition = definition;
	attribute->form = FORM_BYTES;
	return attribute;
}

struct attribute *attribute_copy(struct arena *arena,
				 const struct attribute *from)
{
	struct attribute *attribute = arena_copy(arena, from, sizeof(*from));

	attribute->bytes = arena_copy(arena, from->bytes, from->size);
	attribute->children = list_copy(arena, &from->children);
	return attribute;
}

void list_insert(struct arena *arena, struct list *list, unsigned int at,
		 struct attribute *attribute)
{
	if (list->count == list->room) {
		struct list larger = { .room = list->room * 2 + 4 };

		larger.items =
			arena_alloc(arena, larger.room * sizeof(*larger.items));
		if (list->count)
			memcpy(larger.items, list->items,
			       list->count * sizeof(*list->items));
		larger.count = list->count;
		*list = larger;
	}
	memmove(&list->items[at + 1], &list->items[at],
		(list->count - at) * sizeof(*list->items));
	list->items[at] = attribute;
	list->count++;
}

void list_append(struct arena *arena, struct list *list,
		 struct attribute *attribute)
{
	list_insert(arena, list, list->count, attribute);
}

void list_remove(struct list *list, unsigned int at)
{
	list->count--;
	memmove(&list->items[at], &list->items[at + 1],
		(list->count - at) * sizeof(*list->items));
}

static size_t attribute_size(const struct attribute *attribute)
{
	switch (attribute->form) {
	case FORM_NEST:
		return NLA_HDRLEN + list_size(&attribute->children);
	case FORM_BYTES:
		return NLA_HDRLEN + NLA_ALIGN(attribute->size);
	default:
		return NLA_HDRLEN + sizeof(uint64_t);
	}
}

size_t list_size(const struct list *list)
{
	size_t size = 0, last = 0;
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		if (!i || list->items[i] != list->items[i - 1])
			last = attribute_size(list->items[i]);
		size += last;
	}
	return size;
}

uint16_t message_flags(const struct grammar_operation *operation)
{
	return NLM_F_REQUEST | (operation->dumps ? NLM_F_DUMP : NLM_F_ACK);
}

const struct grammar_set *attribute_inner(const struct attribute *attribute)
{
	return attribute->definition ? attribute->definition->nested : NULL;
}
