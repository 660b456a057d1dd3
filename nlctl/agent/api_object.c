// SPDX-License-Identifier: GPL-2.0-only
#include "agent/api_object.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/excerpt.h"
#include "policy/memory.h"

/* Characters of somebody's words that are shown. */
#define WORDS_MAX 400

/* An annotation may have any character, also a NUL, and must not make a whole list
 * unreadable.
 */
static json_t *parse(const char *text, size_t length)
{
	json_t *root = json_loadb(text, length, JSON_ALLOW_NUL, NULL);

	if (json_is_object(root))
		return root;
	json_decref(root);
	return NULL;
}

/* Of an object that is put into the policy, no more than that needs. */
static json_t *parse_excerpt(const char *text, size_t length)
{
	size_t excerpt_length;
	char *excerpt = excerpt_make(text, length, &excerpt_length);
	json_t *root = parse(excerpt, excerpt_length);

	free(excerpt);
	return root;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool are_objects(const json_t *items)
{
	const json_t *item;
	size_t i;

	json_array_foreach(items, i, item)
		if (!json_is_object(item))
			return false;
	return true;
}

bool page_decode(struct page *page, const char *text, size_t length)
{
	json_t *root = parse_excerpt(text, length);
	json_t *metadata = json_object_get(root, "metadata");
	json_t *items = json_object_get(root, "items");

	/* Go writes an empty list as null. */
	if (!json_is_object(metadata) ||
	    !(json_is_array(items) || json_is_null(items)) ||
	    !are_objects(items)) {
		json_decref(root);
		return false;
	}
	page->root = root;
	page->items = items;
	page->resource_version = text_of(metadata, "resourceVersion");
	page->token = text_of(metadata, "continue");
	return true;
}

void page_clear(struct page *page)
{
	json_decref(page->root);
	*page = (struct page){};
}

static enum watch_event_type type_of(const char *word)
{
	static const struct {
		const char *word;
		enum watch_event_type type;
	} types[] = {
		{ "ADDED", WATCH_EVENT_PUT },
		{ "MODIFIED", WATCH_EVENT_PUT },
		{ "DELETED", WATCH_EVENT_REMOVED },
		{ "BOOKMARK", WATCH_EVENT_BOOKMARK },
		{ "ERROR", WATCH_EVENT_ERROR },
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(word, types[i].word))
			return types[i].type;
	return WATCH_EVENT_UNKNOWN;
}

bool watch_event_decode(struct watch_event *event, const char *text,
			size_t length)
{
	json_t *root = parse_excerpt(text, length);
	json_t *object = json_object_get(root, "object");
	const char *word = text_of(root, "type");

	*event = (struct watch_event){
		.root = root,
		.word = word,
		.type = word ? type_of(word) : WATCH_EVENT_UNKNOWN,
		.object = object,
	};
	if (word && event->type == WATCH_EVENT_UNKNOWN)
		return true;
	if (word && json_is_object(object)) {
		if (event->type == WATCH_EVENT_ERROR)
			return true;
		event->resource_version =
			text_of(json_object_get(object, "metadata"),
				"resourceVersion");
		if (event->resource_version && *event->resource_version)
			return true;
	}
	json_decref(root);
	*event = (struct watch_event){};
	return false;
}

void watch_event_clear(struct watch_event *event)
{
	json_decref(event->root);
	*event = (struct watch_event){};
}

void api_status_decode(struct api_status *status, const json_t *object)
{
	const json_t *details = json_object_get(object, "details");
	const char *message = text_of(object, "message");
	json_int_t wait =
		json_integer_value(json_object_get(details,
						   "retryAfterSeconds"));

	*status = (struct api_status){
		.code = json_integer_value(json_object_get(object, "code")),
		.retry_after = wait > 0 && wait < UINT32_MAX ? wait : 0,
	};
	if (message && *message)
		status->message = xasprintf("%.*s", WORDS_MAX, message);
}

/* A proxy or a load balancer says what it says. */
void api_status_parse(struct api_status *status, const char *text,
		      size_t length)
{
	json_t *root = parse(text, length);
	size_t i;

	api_status_decode(status, root);
	json_decref(root);
	for (i = 0; i < length && i < WORDS_MAX; i++)
		if (text[i] == '\n' || text[i] == '\0')
			break;
	if (!root && i)
		status->message = xasprintf("%.*s", (int)i, text);
}

static bool has_verb(const json_t *verbs, const char *verb)
{
	const json_t *one;
	size_t i;

	json_array_foreach(verbs, i, one)
		if (json_is_string(one) &&
		    !strcmp(json_string_value(one), verb))
			return true;
	return false;
}

bool resource_is_listed(const char *text, size_t length, const char *plural,
			bool *listed)
{
	json_t *root = parse(text, length);
	json_t *resources = json_object_get(root, "resources");
	bool fine = json_is_array(resources) || json_is_null(resources);
	json_t *resource;
	size_t i;

	*listed = false;
	json_array_foreach(resources, i, resource) {
		const char *name = text_of(resource, "name");
		json_t *verbs = json_object_get(resource, "verbs");

		if (name && !strcmp(name, plural))
			*listed = has_verb(verbs, "list") &&
				  has_verb(verbs, "watch");
	}
	json_decref(root);
	return fine;
}
