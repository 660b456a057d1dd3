/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trees of jansson values, and the lines that the values were read from.
 */
#ifndef NLCTL_POLICY_TREE_H
#define NLCTL_POLICY_TREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_DEPTH_MAX 100 /* values inside one another */

/**
 * struct tree - one document of a file
 * @root: its root value; a reference is held
 * @line: of @root, from 1
 * @number: of the document in its file, from 1
 */
struct tree {
	json_t *root;
	uint32_t line;
	unsigned int number;
};

/**
 * struct position - where an object or array and its children stand
 * @node: the object or array; only its address is used
 * @first: index into the pool of struct lines: the line of @node itself,
 *	followed by those of its children in the order of insertion
 * @count: number of children
 */
struct position {
	const json_t *node;
	size_t first;
	size_t count;
};

/**
 * struct lines - line numbers of the values of any trees; start with zeroes
 * @positions: one for each object and array
 * @position_count: length of @positions
 * @ordered: whether @positions is ordered by address, then by @first
 * @pool: line numbers
 * @pool_count: length of @pool
 *
 * Scalars have no position of their own: jansson shares true, false and null.
 * Of two positions with one address the later one counts: the value that the
 * other tells of was freed by then.
 */
struct lines {
	struct position *positions;
	size_t position_count;
	bool ordered;
	uint32_t *pool;
	size_t pool_count;
};

/**
 * lines_add() - note the lines of an object or array
 * @lines: where to note them
 * @node: the object or array
 * @line: its own line, from 1
 * @children: the lines of its children in the order of insertion; for an
 *	object those of their keys
 * @count: number of children
 */
void lines_add(struct lines *lines, const json_t *node, uint32_t line,
	       const uint32_t *children, size_t count);

/**
 * lines_of() - find the line of an object or array
 * @lines: where it was noted
 * @node: the object or array
 *
 * Return: the line from 1, or 0 when it was not noted.
 */
uint32_t lines_of(struct lines *lines, const json_t *node);

/**
 * lines_of_key() - find the line of a member of an object
 * @lines: where it was noted
 * @object: the object
 * @key: the member's key
 *
 * Return: the line from 1; that of @object when it has no such member.
 */
uint32_t lines_of_key(struct lines *lines, const json_t *object,
		      const char *key);

/**
 * lines_of_index() - find the line of an element of an array
 * @lines: where it was noted
 * @array: the array
 * @index: the element's index
 *
 * Return: the line from 1; that of @array when it has no such element.
 */
uint32_t lines_of_index(struct lines *lines, const json_t *array, size_t index);

/**
 * lines_clear() - free what was noted
 * @lines: empty afterwards
 */
void lines_clear(struct lines *lines);

#endif
