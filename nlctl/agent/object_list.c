// SPDX-License-Identifier: GPL-2.0-only
#include "agent/object_list.h"

#include <stdlib.h>
#include <string.h>

#include "agent/object.h"
#include "policy/memory.h"

static struct listed_object *find(const struct object_list *list,
				  const struct resource *resource,
				  const char *key)
{
	size_t i;

	/* Most that is asked for is of a kind that the list has nothing of. */
	if (!list->counts[resource->id])
		return NULL;
	for (i = 0; i < list->count; i++)
		if (list->objects[i].resource == resource &&
		    !strcmp(list->objects[i].key, key))
			return &list->objects[i];
	return NULL;
}

static void clear(struct listed_object *listed)
{
	free(listed->key);
	free(listed->api_version);
	json_decref(listed->object);
}

/* What an Event refers to by: all else in metadata may be large, and of anybody. */
static json_t *reference_of(const json_t *object)
{
	static const char *const fields[] = { "namespace", "name", "uid",
					      "resourceVersion" };
	const json_t *metadata = json_object_get(object, "metadata");
	json_t *kept = json_object();
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set(kept, fields[i],
				json_object_get(metadata, fields[i]));
	return json_pack("{s:o}", "metadata", kept);
}

void object_list_put(struct object_list *list, size_t max,
		     const struct resource *resource, const char *api_version,
		     const json_t *object)
{
	char *key = object_key(object);
	struct listed_object *listed = key ? find(list, resource, key) : NULL;

	if (!key || (!listed && list->count >= max)) {
		free(key);
		return;
	}
	if (listed) {
		clear(listed);
	} else {
		listed = array_add(list->objects, list->count);
		list->counts[resource->id]++;
	}
	*listed = (struct listed_object){
		.resource = resource,
		.key = key,
		.api_version = xstrdup(api_version),
		.object = reference_of(object),
	};
}

void object_list_remove(struct object_list *list,
			const struct resource *resource, const char *key)
{
	struct listed_object *listed = find(list, resource, key);
	size_t behind;

	if (!listed)
		return;
	clear(listed);
	list->counts[resource->id]--;
	behind = (size_t)(list->objects + list->count - (listed + 1));
	memmove(listed, listed + 1, behind * sizeof(*listed));
	list->count--;
}

void object_list_clear(struct object_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		clear(&list->objects[i]);
	free(list->objects);
	*list = (struct object_list){};
}
