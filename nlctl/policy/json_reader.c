// SPDX-License-Identifier: GPL-2.0-only
#include "policy/json_reader.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

/*
 * jansson knows no lines, so a second walk over the text, which jansson found
 * valid by then, runs beside the tree: members keep their order.
 */
struct walk {
	const char *at;
	const char *end;
	uint32_t line;
	struct lines *lines;
};

static void skip_space(struct walk *walk)
{
	for (; walk->at < walk->end; walk->at++) {
		if (*walk->at == '\n')
			walk->line++;
		else if (!strchr(" \t\r", *walk->at) || !*walk->at)
			return;
	}
}

static void skip_string(struct walk *walk)
{
	for (walk->at++; *walk->at != '"'; walk->at++)
		if (*walk->at == '\\')
			walk->at++;
	walk->at++;
}

/* Skip space, one of the characters that separate values, and space. */
static void skip_separator(struct walk *walk)
{
	skip_space(walk);
	walk->at++;
	skip_space(walk);
}

static void walk_value(struct walk *walk, const json_t *node);

static void walk_object(struct walk *walk, const json_t *node)
{
	uint32_t *children = NULL, line = walk->line;
	size_t count = 0;
	const char *key;
	json_t *value;

	skip_separator(walk);
	json_object_foreach((json_t *)node, key, value) {
		*array_add(children, count) = walk->line;
		skip_string(walk);
		skip_separator(walk);
		walk_value(walk, value);
		skip_separator(walk);
	}
	if (!count)
		walk->at++;
	lines_add(walk->lines, node, line, children, count);
	free(children);
}

static void walk_array(struct walk *walk, const json_t *node)
{
	uint32_t *children = NULL, line = walk->line;
	size_t count = 0, i;
	json_t *value;

	skip_separator(walk);
	json_array_foreach(node, i, value) {
		*array_add(children, count) = walk->line;
		walk_value(walk, value);
		skip_separator(walk);
	}
	if (!count)
		walk->at++;
	lines_add(walk->lines, node, line, children, count);
	free(children);
}

static void walk_value(struct walk *walk, const json_t *node)
{
	if (json_is_string(node)) {
		skip_string(walk);
	} else if (json_is_object(node)) {
		walk_object(walk, node);
	} else if (json_is_array(node)) {
		walk_array(walk, node);
	} else {
		while (walk->at < walk->end && !strchr(" \t\r\n,]}", *walk->at))
			walk->at++;
	}
}

/* Whether a value holds more than depth objects and arrays in one another. */
static bool is_deeper(const json_t *node, unsigned int depth)
{
	const char *key;
	json_t *value;
	size_t i;

	if (!json_is_object(node) && !json_is_array(node))
		return false;
	if (!depth)
		return true;
	json_object_foreach((json_t *)node, key, value)
		if (is_deeper(value, depth - 1))
			return true;
	json_array_foreach(node, i, value)
		if (is_deeper(value, depth - 1))
			return true;
	return false;
}

bool json_read(const char *name, const char *text, size_t length,
	       struct tree **trees, size_t *tree_count, struct lines *lines,
	       struct problems *problems)
{
	struct walk walk = {
		.at = text,
		.end = text + length,
		.line = 1,
		.lines = lines,
	};
	struct place place = { .file = name };
	json_error_t error;
	struct tree *tree;
	json_t *root;

	for (skip_space(&walk); walk.at < walk.end; skip_space(&walk)) {
		place.document++;
		root = json_loadb(walk.at, walk.end - walk.at,
				  JSON_REJECT_DUPLICATES |
					  JSON_DISABLE_EOF_CHECK |
					  JSON_ALLOW_NUL | JSON_DECODE_ANY,
				  &error);
		if (!root) {
			place.line = walk.line + error.line - 1;
			problem_add(problems, SEVERITY_ERROR, &place, NULL,
				    NULL, "not valid JSON: %s", error.text);
			return false;
		}
		if (is_deeper(root, TREE_DEPTH_MAX)) {
			json_decref(root);
			place.line = walk.line;
			problem_add(problems, SEVERITY_ERROR, &place, NULL,
				    NULL,
				    "more than %u objects and arrays inside one another",
				    TREE_DEPTH_MAX);
			return false;
		}
		tree = array_add(*trees, *tree_count);
		tree->root = root;
		tree->line = walk.line;
		tree->number = place.document;
		walk_value(&walk, root);
	}
	return true;
}
