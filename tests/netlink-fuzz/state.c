// SPDX-License-Identifier: GPL-2.0-only
#include "state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

static const struct grammar_operation *named(const char *name)
{
	return grammar_find_operation(name, strlen(name));
}

/* The operation of the same objects with another end, as -new for -get. */
static const struct grammar_operation *
sibling(const struct grammar_operation *operation, const char *end)
{
	char name[64];
	size_t length = strlen(operation->name) - strlen("-get");

	if (length + strlen(end) >= sizeof(name))
		return NULL;
	memcpy(name, operation->name, length);
	strcpy(name + length, end);
	return named(name);
}

static void strip(const struct grammar_operation *operation, struct list *list)
{
	unsigned int i;

	decode_strip(list);
	for (i = list->count; i--;)
		if (!grammar_takes(operation, list->items[i]->definition))
			list_remove(list, i);
}

/* What the objects of a set are told apart by, or NULL where each attribute is
 * an object of its own.
 */
static const struct attribute *key(const struct list *list)
{
	return list->count && !list->items[0]->definition->multi ?
		       list->items[0] :
		       NULL;
}

static bool same(const struct attribute *one, const struct attribute *other)
{
	return one->number == other->number && one->size == other->size &&
	       (!one->size || !memcmp(one->bytes, other->bytes, one->size));
}

static bool continues(const struct message *last,
		      const struct grammar_operation *operation,
		      const struct list *list)
{
	const struct attribute *before, *now = key(list);

	if (!last || last->operation != operation)
		return false;
	before = key(&last->attributes);
	return now ? before && same(before, now) : !before;
}

static void add_message(struct state *state, struct message *message)
{
	if (state->count == state->room) {
		state->room = state->room * 2 + 16;
		state->messages =
			realloc(state->messages,
				state->room * sizeof(*state->messages));
		if (!state->messages)
			abort();
	}
	state->messages[state->count++] = message;
}

static void add_objects(struct state *state,
			const struct grammar_operation *operation,
			struct list *list)
{
	struct message *last =
		state->count ? state->messages[state->count - 1] : NULL;
	unsigned int i = 0;

	if (continues(last, operation, list)) {
		/* A message that goes on repeats the key. */
		i = key(list) ? 1 : 0;
	} else {
		last = message_new(&state->arena, CONTROL, operation);
		add_message(state, last);
	}
	for (; i < list->count; i++)
		list_append(&state->arena, &last->attributes, list->items[i]);
}

static void take(void *data, const struct grammar_operation *operation,
		 struct list *list)
{
	const struct grammar_operation *maker =
		sibling(operation, operation->dumps ? "-new" : "-set");
	struct state *state = data;

	if (!maker)
		return;
	strip(maker, list);
	if (operation->dumps) {
		add_objects(state, maker, list);
		return;
	}
	state->settings = message_new(&state->arena, CONTROL, maker);
	state->settings->attributes = *list;
}

static uint64_t digest_bytes(const uint8_t *bytes, size_t size)
{
	uint64_t digest = 0xcbf29ce484222325;
	size_t i;

	for (i = 0; i < size; i++)
		digest = (digest ^ bytes[i]) * 0x100000001b3;
	/* Sums of what differs little should not. */
	return digest * (digest >> 32 | 1);
}

/* Of a message, or of one of its attributes. */
static uint64_t digest_message(struct buffer *buffer,
			       const struct message *message)
{
	static const struct now now;

	buffer->size = 0;
	encode_message(buffer, message, &now);
	return digest_bytes(buffer->data, buffer->size);
}

static uint64_t digest_objects(struct buffer *buffer,
			       const struct message *message)
{
	struct message part = *message;
	uint64_t digest = 0;
	unsigned int i;

	if (key(&message->attributes))
		return digest_message(buffer, message);
	for (i = 0; i < message->attributes.count; i++) {
		part.attributes =
			(struct list){ &message->attributes.items[i], 1, 1 };
		digest += digest_message(buffer, &part);
	}
	return digest;
}

static void digest(struct state *state)
{
	struct buffer buffer = {};
	unsigned int i;

	state->digest = digest_message(&buffer, state->settings);
	for (i = 0; i < state->count; i++)
		state->digest += digest_objects(&buffer, state->messages[i]);
	buffer_free(&buffer);
}

static bool ask(struct session *session, struct arena *arena,
		const struct grammar_operation *operation)
{
	struct message *message = message_new(arena, CONTROL, operation);

	return session_ask(session, &message, 1) &&
	       (!session->refusal ||
		session_fail(session, "%s is refused with %s", operation->name,
			     session->reason));
}

bool state_read(struct session *session, struct state *state)
{
	unsigned int i;
	bool fine;

	*state = (struct state){};
	session->sink = take;
	session->sink_data = state;
	session->sink_arena = &state->arena;
	fine = ask(session, &state->arena, named("settings-get"));
	for (i = 0; fine && i < grammar_operation_count; i++)
		if (grammar_operations[i].dumps)
			fine = ask(session, &state->arena,
				   &grammar_operations[i]);
	session->sink = NULL;
	state->generation = session->generation;
	if (fine)
		digest(state);
	else
		state_free(state);
	return fine;
}

void state_free(struct state *state)
{
	arena_free(&state->arena);
	free(state->messages);
	*state = (struct state){};
}

static struct message *control(struct arena *arena, const char *name)
{
	const struct grammar_operation *operation = named(name);
	struct message *message = message_new(arena, CONTROL, operation);
	unsigned int i;

	/* A commit tells how many it follows. */
	for (i = 0; i < operation->set->count; i++) {
		const struct grammar_attribute *definition =
			&operation->set->attributes[i];
		struct attribute *attribute;

		if (strcmp(name, "transaction-commit") ||
		    !grammar_takes(operation, definition))
			continue;
		attribute = attribute_new(arena, definition);
		attribute->form = FORM_NOW;
		list_append(arena, &message->attributes, attribute);
	}
	return message;
}

/* Settings that guard nothing say so. */
static struct message *settings(struct arena *arena, const struct state *state)
{
	struct message *message = message_copy(arena, state->settings);
	const struct grammar_set *set = message->operation->set;
	unsigned int i;

	for (i = 0; i < message->attributes.count; i++)
		if (message->attributes.items[i]->definition->excludes)
			return message;
	for (i = 0; i < set->count; i++)
		if (set->attributes[i].excludes &&
		    set->attributes[i].type == TYPE_FLAG)
			list_append(arena, &message->attributes,
				    attribute_new(arena, &set->attributes[i]));
	return message;
}

/* A transaction of a flush and of some messages, one after the other. */
static bool replace(struct session *session, struct arena *arena,
		    struct message *const *messages, unsigned int count)
{
	struct message *first[] = { control(arena, "transaction-begin"),
				    control(arena, "flush") };
	struct message *last = control(arena, "transaction-commit");
	unsigned int i;
	bool fine = session_ask(session, first, 2);

	for (i = 0; fine && !session->refusal && i < count; i++)
		fine = session_ask(session, &messages[i], 1);
	if (fine && !session->refusal)
		fine = session_ask(session, &last, 1);
	return fine;
}

bool state_reset(struct session *session, const struct state *begin)
{
	struct arena arena = {};
	struct message *messages[] = {
		control(&arena, "transaction-begin"),
		control(&arena, "flush"),
		settings(&arena, begin),
		control(&arena, "transaction-commit"),
	};
	uint64_t before = session->generation;
	bool fine;

	session_close_channels(session);
	fine = session_ask(session, messages, 4);
	if (fine && session->refusal)
		fine = session_fail(session, "the module cannot be reset: %s",
				    session->reason);
	if (fine && session->generation == before)
		fine = session_fail(session, "a reset changes nothing");
	arena_free(&arena);
	if (session->coverage)
		coverage_clear(session->coverage);
	return fine;
}

bool state_restore(struct session *session)
{
	struct state before, after;
	bool fine;

	session_close_channels(session);
	if (!state_read(session, &before))
		return false;
	fine = replace(session, &before.arena, before.messages, before.count);
	if (fine && session->refusal && session->refusal != ENOSPC)
		fine = session_fail(
			session,
			"what is listed is refused with %s when it is sent back",
			session->reason);
	/* Twice as much as the limit of memory allows is too much. */
	if (!fine || session->refusal) {
		state_free(&before);
		return fine;
	}
	session->tally->restored++;
	fine = state_read(session, &after);
	if (fine && before.digest != after.digest)
		fine = session_fail(session,
				    "what was sent back is listed differently");
	state_free(&before);
	state_free(&after);
	return fine;
}
