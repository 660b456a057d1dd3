// SPDX-License-Identifier: GPL-2.0-only
#include "manifest_objects.h"

#include <stdlib.h>
#include <string.h>
#include "agent/object.h"
#include "policy/memory.h"
#include "random_run.h"
#include "support.h"

json_t *manifest_parse(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, 0, &error);

	if (!value)
		fail_msg("%s: %s", error.text, text);
	return value;
}

void manifest_put_into(struct compiler *compiler, const json_t *object)
{
	json_t *list = json_pack("[O]", object);
	struct cluster cluster = {};

	read_generated(list, &cluster);
	json_decref(list);
	object_put(&cluster, compiler);
}

const char *manifest_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(json_object_get(object,
								 "metadata"),
						 key));
}

static const char *kind_of(const json_t *object)
{
	return json_string_value(json_object_get(object, "kind"));
}

/* As the compiler knows it. */
static char *key_of(const json_t *object)
{
	const char *kind = kind_of(object),
		   *name = manifest_text(object, "name");

	if (!strcmp(kind, "Namespace") || !strcmp(kind, "Node"))
		return xstrdup(name);
	if (!strcmp(kind, "Pod") || !strcmp(kind, "NetworkPolicy"))
		return xasprintf("%s/%s", manifest_text(object, "namespace"),
				 name);
	return xasprintf("%s %s", kind, name);
}

bool manifest_remove_from(struct compiler *compiler, const json_t *object)
{
	const char *kind = kind_of(object);
	char *key = key_of(object);
	bool removed;

	if (!strcmp(kind, "Namespace"))
		removed = compiler_remove_namespace(compiler, key);
	else if (!strcmp(kind, "Node"))
		removed = compiler_remove_node(compiler, key);
	else if (!strcmp(kind, "Pod"))
		removed = compiler_remove_pod(compiler, key);
	else if (!strcmp(kind, "NetworkPolicy"))
		removed = compiler_remove_policy(compiler, key);
	else
		removed = compiler_remove_cluster_policy(compiler, key);
	free(key);
	return removed;
}

const json_t *manifest_find(const json_t *manifests, const json_t *object)
{
	char *wanted = key_of(object);
	const json_t *found = NULL;
	size_t i;

	for (i = 0; i < json_array_size(manifests) && !found; i++) {
		const json_t *other = json_array_get(manifests, i);
		char *key = key_of(other);

		if (!strcmp(kind_of(other), kind_of(object)) &&
		    !strcmp(key, wanted))
			found = other;
		free(key);
	}
	free(wanted);
	return found;
}
