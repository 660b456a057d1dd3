// SPDX-License-Identifier: GPL-2.0-only
#include "agent/object_event.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "agent/wording.h"
#include "clock.h"
#include "output.h"
#include "policy/hash.h"
#include "policy/memory.h"

/* Longest name of an object, and digits of a hash. */
#define NAME_MAX_LENGTH 253
#define HASH_LENGTH 16

/* What follows a message that was cut. */
#define CUT "..."

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

static const char *string_of(const json_t *object, const char *name)
{
	return text_or_empty(json_string_value(json_object_get(object, name)));
}

void object_reference_read(struct object_reference *reference, const char *kind,
			   const char *api_version, const json_t *object)
{
	const json_t *metadata = json_object_get(object, "metadata");

	*reference = (struct object_reference){
		.api_version = api_version,
		.kind = kind,
		.namespace = string_of(metadata, "namespace"),
		.name = string_of(metadata, "name"),
		.uid = string_of(metadata, "uid"),
		.resource_version = string_of(metadata, "resourceVersion"),
	};
}

static bool is_of_cluster(const struct object_reference *reference)
{
	return !reference->namespace || !*reference->namespace;
}

const char *object_event_namespace(const struct object_reference *reference)
{
	return is_of_cluster(reference) ? "default" : reference->namespace;
}

/* Names of all that the agent watches are DNS subdomains; whatever is not becomes
 * one, because a path is made of it.
 */
static char *subdomain(const char *name, size_t length_max)
{
	char *text = xasprintf("%.*s", (int)length_max, name);
	size_t length;
	char *byte;

	for (byte = text; *byte; byte++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", *byte))
			*byte = '-';
	length = strlen(text);
	while (length && strchr("-.", text[length - 1]))
		text[--length] = '\0';
	length = strspn(text, "-.");
	memmove(text, text + length, strlen(text + length) + 1);
	return text;
}

char *object_event_name(const struct object_reference *reference,
			const char *reason, const char *message,
			const char *node)
{
	bool of_node = !strcmp(reason, EVENT_LIMIT_EXCEEDED);
	char *words = of_node ? wording_of(message) : xstrdup(message);
	/* Only the last of them can hold a newline. */
	char *all = xasprintf("%s\n%s\n%s\n%s\n%s\n%s%s%s", reference->kind,
			      text_or_empty(reference->namespace),
			      reference->name, text_or_empty(reference->uid),
			      reason, of_node ? node : "", of_node ? "\n" : "",
			      words);
	char *stem =
		subdomain(reference->name, NAME_MAX_LENGTH - HASH_LENGTH - 1);
	char *name = xasprintf("%s%s%016" PRIx64, stem, *stem ? "." : "",
			       hash_text(all));

	free(stem);
	free(all);
	free(words);
	return name;
}

/* A copy in UTF-8, without the half of a character at its end. */
static json_t *message_text(const char *message)
{
	json_t *whole = json_text(message);
	size_t length = json_string_length(whole);
	const char *text = json_string_value(whole);
	json_t *part;
	char *cut;

	if (length <= OBJECT_EVENT_MESSAGE_MAX)
		return whole;
	length = OBJECT_EVENT_MESSAGE_MAX - strlen(CUT);
	while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	cut = xasprintf("%.*s" CUT, (int)length, text);
	part = json_text(cut);
	free(cut);
	json_decref(whole);
	return part;
}

static json_t *involved_object(const struct object_reference *reference)
{
	json_t *object = json_object();

	json_object_set_new(object, "kind", json_text(reference->kind));
	json_object_set_new(object, "apiVersion",
			    json_text(reference->api_version));
	json_object_set_new(object, "name", json_text(reference->name));
	if (!is_of_cluster(reference))
		json_object_set_new(object, "namespace",
				    json_text(reference->namespace));
	if (*text_or_empty(reference->uid))
		json_object_set_new(object, "uid", json_text(reference->uid));
	if (*text_or_empty(reference->resource_version))
		json_object_set_new(object, "resourceVersion",
				    json_text(reference->resource_version));
	return object;
}

json_t *object_event(const struct object_reference *reference,
		     const char *reason, const char *message, const char *node,
		     uint64_t now)
{
	char *name = object_event_name(reference, reason, message, node);
	char moment[MOMENT_TEXT_MAX];
	json_t *event = json_object();
	json_t *time = json_text(moment_second_text(now, moment));

	json_object_set_new(event, "apiVersion", json_text("v1"));
	json_object_set_new(event, "kind", json_text("Event"));
	json_object_set_new(
		event, "metadata",
		json_pack("{s:o, s:o}", "name", json_text(name), "namespace",
			  json_text(object_event_namespace(reference))));
	json_object_set_new(event, "involvedObject",
			    involved_object(reference));
	json_object_set_new(event, "type", json_text("Warning"));
	json_object_set_new(event, "reason", json_text(reason));
	json_object_set_new(event, "message", message_text(message));
	json_object_set_new(event, "source",
			    json_pack("{s:s, s:o}", "component", "podwall",
				      "host", json_text(node)));
	json_object_set_new(event, "reportingComponent", json_text("podwall"));
	json_object_set_new(event, "reportingInstance", json_text(node));
	json_object_set(event, "firstTimestamp", time);
	json_object_set_new(event, "lastTimestamp", time);
	json_object_set_new(event, "count", json_integer(1));
	free(name);
	return event;
}
