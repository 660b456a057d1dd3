/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A few objects of the API that something is to be told of.
 */
#ifndef NLCTL_AGENT_OBJECT_LIST_H
#define NLCTL_AGENT_OBJECT_LIST_H

#include <jansson.h>
#include <stddef.h>

#include "agent/resource.h"

/**
 * struct listed_object - an object of the list
 * @resource: its kind
 * @key: see object_key()
 * @api_version: what it is served under
 * @object: its metadata, without what it says
 */
struct listed_object {
	const struct resource *resource;
	char *key;
	char *api_version;
	json_t *object;
};

/**
 * struct object_list - objects, each once, those that came first
 * @objects: the objects; array_add() keeps it
 * @count: their number
 * @counts: of each kind
 */
struct object_list {
	struct listed_object *objects;
	size_t count;
	size_t counts[RESOURCE_COUNT];
};

/**
 * object_list_put() - add an object, or a newer version of it
 * @list: the list
 * @max: a list of so many takes no other object
 * @resource: its kind
 * @api_version: what it is served under; copied
 * @object: the object, of which the metadata is kept
 */
void object_list_put(struct object_list *list, size_t max,
		     const struct resource *resource, const char *api_version,
		     const json_t *object);

/**
 * object_list_remove() - remove an object, if it is there
 * @list: the list
 * @resource: its kind
 * @key: see object_key()
 */
void object_list_remove(struct object_list *list,
			const struct resource *resource, const char *key);

/**
 * object_list_clear() - remove all objects
 * @list: the list
 */
void object_list_clear(struct object_list *list);

#endif
