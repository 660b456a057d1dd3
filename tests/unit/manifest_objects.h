/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects of manifests, one at a time, as an agent gives them to its compiler.
 */
#ifndef UNIT_MANIFEST_OBJECTS_H
#define UNIT_MANIFEST_OBJECTS_H

#include <jansson.h>
#include <stdbool.h>
#include "policy/compiler.h"

/* Parse an object; the test fails when it is no JSON. */
json_t *manifest_parse(const char *text);

/* A text of its metadata, as "name"; NULL when it has none. */
const char *manifest_text(const json_t *object, const char *key);

/**
 * manifest_find() - the object of the same kind, namespace and name
 * @manifests: an array of objects
 * @object: what is looked for
 *
 * Return: one of @manifests, or NULL.
 */
const json_t *manifest_find(const json_t *manifests, const json_t *object);

/* Put the object into a compiler; the test fails when it has an error. */
void manifest_put_into(struct compiler *compiler, const json_t *object);

/* Take it out of a compiler; false when the compiler has none of that kind and
 * key.
 */
bool manifest_remove_from(struct compiler *compiler, const json_t *object);

#endif
