// SPDX-License-Identifier: GPL-2.0-only
#include "policy/yaml_nodes.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include "policy/memory.h"

/* A value that an anchor names; its size bounds what aliases may stand for. */
struct anchor {
	char *name;
	json_t *node; /* NULL until the value is complete */
	size_t values;
	unsigned int depth;
	UT_hash_handle hh;
};

/* An object or array whose end has not been reached. */
struct frame {
	json_t *node;
	uint32_t line;
	char *anchor;
	char *key; /* waits for its value */
	uint32_t key_line;
	bool merging; /* the key is "<<" */
	json_t *merged; /* array of objects, or NULL */
	uint32_t merged_line;
	uint32_t *children; /* lines */
	size_t child_count;
	size_t values;
	unsigned int depth; /* of the deepest child, with this one */
};

struct yaml_nodes {
	struct place place;
	struct lines *lines;
	struct problems *problems;
	struct anchor *anchors;
	struct frame frames[TREE_DEPTH_MAX];
	unsigned int frame_count;
	size_t alias_values;
	json_t *root;
	uint32_t root_line;
};

bool yaml_nodes_refuse(struct yaml_nodes *nodes, uint32_t line,
		       const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	nodes->place.line = line;
	problem_add(nodes->problems, SEVERITY_ERROR, &nodes->place, NULL, NULL,
		    "%s", text);
	free(text);
	return false;
}

static void drop_anchors(struct yaml_nodes *nodes)
{
	struct anchor *anchor, *next;

	HASH_ITER(hh, nodes->anchors, anchor, next) {
		HASH_DEL(nodes->anchors, anchor);
		json_decref(anchor->node);
		free(anchor->name);
		free(anchor);
	}
}

/* An anchor is known from the start of its value, so that a value which holds
 * itself is told from an alias without anchor.
 */
static void set_anchor(struct yaml_nodes *nodes, const char *name, json_t *node,
		       size_t values, unsigned int depth)
{
	struct anchor *anchor;

	if (!name)
		return;
	HASH_FIND_STR(nodes->anchors, name, anchor);
	if (!anchor) {
		anchor = xcalloc(1, sizeof(*anchor));
		anchor->name = xstrdup(name);
		HASH_ADD_KEYPTR(hh, nodes->anchors, anchor->name,
				strlen(anchor->name), anchor);
	}
	json_decref(anchor->node);
	anchor->node = json_incref(node);
	anchor->values = values;
	anchor->depth = depth;
}

static struct frame *top_frame(struct yaml_nodes *nodes)
{
	return nodes->frame_count ? &nodes->frames[nodes->frame_count - 1] :
				    NULL;
}

static void frame_clear(struct frame *frame)
{
	json_decref(frame->node);
	json_decref(frame->merged);
	free(frame->anchor);
	free(frame->key);
	free(frame->children);
	*frame = (struct frame){};
}

/* The text of a key; NULL after a refusal. */
static char *key_text(struct yaml_nodes *nodes, const json_t *node,
		      const char *written, uint32_t line)
{
	if (json_is_string(node)) {
		if (strlen(json_string_value(node)) == json_string_length(node))
			return xstrdup(json_string_value(node));
		yaml_nodes_refuse(nodes, line,
				  "a key holds a NUL character; remove it");
		return NULL;
	}
	if (json_is_boolean(node))
		return xstrdup(json_is_true(node) ? "true" : "false");
	if (json_is_integer(node))
		return xasprintf("%" JSON_INTEGER_FORMAT,
				 json_integer_value(node));
	if (json_is_real(node))
		return xstrdup(written);
	yaml_nodes_refuse(nodes, line,
			  "a key must be text, not null, an object or a list");
	return NULL;
}

static bool add_key(struct yaml_nodes *nodes, struct frame *frame,
		    const json_t *node, const char *written, bool plain,
		    uint32_t line)
{
	frame->key = key_text(nodes, node, written, line);
	frame->key_line = line;
	if (!frame->key)
		return false;
	frame->merging = plain && !strcmp(frame->key, "<<");
	if (frame->merging ? !frame->merged :
			     !json_object_get(frame->node, frame->key))
		return true;
	return yaml_nodes_refuse(
		nodes, line,
		"the key \"%s\" was given before in this object; remove one of the two",
		frame->key);
}

static bool add_merged(struct yaml_nodes *nodes, struct frame *frame,
		       json_t *node, uint32_t line)
{
	json_t *value;
	size_t i;

	frame->merged = json_array();
	frame->merged_line = line;
	if (json_is_array(node))
		json_array_extend(frame->merged, node);
	else
		json_array_append(frame->merged, node);
	json_array_foreach(frame->merged, i, value)
		if (!json_is_object(value))
			return yaml_nodes_refuse(
				nodes, line,
				"\"<<\" takes objects, by their aliases");
	return true;
}

/* Members of the object itself win over merged ones, earlier ones of those win
 * over later ones.
 */
static void merge(struct frame *frame)
{
	json_t *source, *value;
	const char *key;
	size_t i;

	json_array_foreach(frame->merged, i, source) {
		json_object_foreach(source, key, value) {
			if (json_object_get(frame->node, key))
				continue;
			json_object_set(frame->node, key, value);
			*array_add(frame->children, frame->child_count) =
				frame->merged_line;
		}
	}
}

/**
 * add_value() - put a complete value where it belongs
 * @nodes: the nodes
 * @node: the value; a reference is taken
 * @written: its text when it is a scalar, for keys
 * @plain: it was a scalar without quotes
 * @line: its line
 * @values: number of values in it, with itself
 * @depth: 1, or more for an object or array that holds values
 */
static bool add_value(struct yaml_nodes *nodes, json_t *node,
		      const char *written, bool plain, uint32_t line,
		      size_t values, unsigned int depth)
{
	struct frame *frame = top_frame(nodes);
	bool fine = true;

	if (!frame) {
		nodes->root = json_incref(node);
		nodes->root_line = line;
		return true;
	}
	if (nodes->frame_count + depth > TREE_DEPTH_MAX + 1)
		return yaml_nodes_refuse(
			nodes, line,
			"more than %u objects and lists inside one another",
			TREE_DEPTH_MAX);
	frame->values += values;
	if (frame->depth < depth + 1)
		frame->depth = depth + 1;

	if (json_is_array(frame->node)) {
		json_array_append(frame->node, node);
		*array_add(frame->children, frame->child_count) = line;
		return true;
	}
	if (!frame->key)
		return add_key(nodes, frame, node, written, plain, line);
	if (frame->merging) {
		fine = add_merged(nodes, frame, node, line);
	} else {
		json_object_set(frame->node, frame->key, node);
		*array_add(frame->children, frame->child_count) =
			frame->key_line;
	}
	free(frame->key);
	frame->key = NULL;
	frame->merging = false;
	return fine;
}

bool yaml_nodes_alias(struct yaml_nodes *nodes, const char *name, uint32_t line)
{
	struct anchor *anchor;

	HASH_FIND_STR(nodes->anchors, name, anchor);
	if (!anchor)
		return yaml_nodes_refuse(
			nodes, line,
			"the alias *%s has no anchor &%s in front of it", name,
			name);
	if (!anchor->node)
		return yaml_nodes_refuse(
			nodes, line,
			"the alias *%s stands inside the value that it names",
			name);
	nodes->alias_values += anchor->values;
	if (nodes->alias_values > YAML_ALIAS_VALUES_MAX)
		return yaml_nodes_refuse(
			nodes, line,
			"aliases stand for more than %u values; write the values out",
			YAML_ALIAS_VALUES_MAX);
	return add_value(nodes, anchor->node, "", false, line, anchor->values,
			 anchor->depth);
}

bool yaml_nodes_scalar(struct yaml_nodes *nodes, json_t *node,
		       const char *anchor, const char *written, bool plain,
		       uint32_t line)
{
	bool fine;

	set_anchor(nodes, anchor, node, 1, 1);
	fine = add_value(nodes, node, written, plain, line, 1, 1);
	json_decref(node);
	return fine;
}

bool yaml_nodes_open(struct yaml_nodes *nodes, json_t *node, const char *anchor,
		     uint32_t line)
{
	const struct frame *parent = top_frame(nodes);
	struct frame *frame;

	if (nodes->frame_count == TREE_DEPTH_MAX) {
		json_decref(node);
		return yaml_nodes_refuse(
			nodes, line,
			"more than %u objects and lists inside one another",
			TREE_DEPTH_MAX);
	}
	if (parent && json_is_object(parent->node) && !parent->key) {
		json_decref(node);
		return yaml_nodes_refuse(
			nodes, line,
			"a key must be text, not null, an object or a list");
	}
	frame = &nodes->frames[nodes->frame_count++];
	frame->node = node;
	frame->line = line;
	frame->anchor = anchor ? xstrdup(anchor) : NULL;
	frame->values = 1;
	frame->depth = 1;
	set_anchor(nodes, frame->anchor, NULL, 0, 0);
	return true;
}

bool yaml_nodes_close(struct yaml_nodes *nodes)
{
	struct frame frame = *top_frame(nodes);
	bool fine;

	nodes->frames[--nodes->frame_count] = (struct frame){};
	if (frame.merged)
		merge(&frame);
	lines_add(nodes->lines, frame.node, frame.line, frame.children,
		  frame.child_count);
	set_anchor(nodes, frame.anchor, frame.node, frame.values, frame.depth);
	fine = add_value(nodes, frame.node, "", false, frame.line, frame.values,
			 frame.depth);
	frame_clear(&frame);
	return fine;
}

void yaml_nodes_begin_document(struct yaml_nodes *nodes)
{
	nodes->place.document++;
}

void yaml_nodes_end_document(struct yaml_nodes *nodes, struct tree **trees,
			     size_t *tree_count)
{
	struct tree *tree;

	drop_anchors(nodes);
	if (!json_is_null(nodes->root)) {
		tree = array_add(*trees, *tree_count);
		tree->root = nodes->root;
		tree->line = nodes->root_line;
		tree->number = nodes->place.document;
	}
	nodes->root = NULL;
}

struct yaml_nodes *yaml_nodes_create(const char *name, struct lines *lines,
				     struct problems *problems)
{
	struct yaml_nodes *nodes = xcalloc(1, sizeof(*nodes));

	nodes->place.file = name;
	nodes->lines = lines;
	nodes->problems = problems;
	return nodes;
}

void yaml_nodes_free(struct yaml_nodes *nodes)
{
	while (nodes->frame_count)
		frame_clear(&nodes->frames[--nodes->frame_count]);
	drop_anchors(nodes);
	json_decref(nodes->root);
	free(nodes);
}
