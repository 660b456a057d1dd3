// SPDX-License-Identifier: GPL-2.0-only
#include "generator/manifests.h"

#include <stdlib.h>
#include <string.h>
#include "policy/manifest.h"

static const char *member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static bool is_same(const json_t *a, const json_t *b)
{
	const json_t *left = json_object_get(a, "metadata");
	const json_t *right = json_object_get(b, "metadata");

	return !strcmp(member(a, "kind"), member(b, "kind")) &&
	       !strcmp(member(left, "namespace"), member(right, "namespace")) &&
	       !strcmp(member(left, "name"), member(right, "name"));
}

void manifests_put(json_t *manifests, json_t *object)
{
	size_t i;

	for (i = 0; i < json_array_size(manifests); i++) {
		if (!is_same(json_array_get(manifests, i), object))
			continue;
		json_array_set_new(manifests, i, object);
		return;
	}
	json_array_append_new(manifests, object);
}

static bool is_kind(const json_t *object, const char *end)
{
	const char *kind = member(object, "kind");
	size_t length = strlen(kind);

	return length >= strlen(end) &&
	       !strcmp(kind + length - strlen(end), end);
}

bool manifests_pick(const json_t *manifests, struct chance *chance,
		    const char *kind, size_t *index)
{
	size_t count = 0, i;

	for (i = 0; i < json_array_size(manifests); i++)
		if (is_kind(json_array_get(manifests, i), kind) &&
		    chance_one_in(chance, ++count))
			*index = i;
	return count;
}

bool manifests_read(const json_t *manifests, struct cluster *cluster,
		    struct problems *problems)
{
	const struct manifest_options options = { .lenient = true };
	struct documents documents = {};
	json_t *list;
	char *text;
	size_t i;

	list = json_pack("{s:s, s:s, s:O}", "apiVersion", "v1", "kind", "List",
			 "items", manifests);
	text = json_dumps(list, JSON_COMPACT);
	documents_parse(&documents, "manifests.json", text, strlen(text),
			problems);
	for (i = 0; i < documents.count; i++)
		manifest_decode(&documents, &documents.list[i], &options,
				cluster, problems);
	documents_clear(&documents);
	free(text);
	json_decref(list);
	return !problems->errors;
}

void manifests_print(const json_t *manifests, const char *prefix, FILE *stream)
{
	size_t i;

	for (i = 0; i < json_array_size(manifests); i++) {
		char *text = json_dumps(json_array_get(manifests, i), 0);

		fprintf(stream, "%s--- %s\n", prefix, text);
		free(text);
	}
}
