/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The trees of a YAML file while it is read: every value is put where it belongs
 * as soon as it is complete. Keys, "<<", anchors and aliases are dealt with here.
 */
#ifndef NLCTL_POLICY_YAML_NODES_H
#define NLCTL_POLICY_YAML_NODES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "policy/problem.h"
#include "policy/tree.h"

#define YAML_ALIAS_VALUES_MAX 100000 /* values that aliases stand for */

struct yaml_nodes;

/**
 * yaml_nodes_create() - begin a file
 * @name: of the file, for messages
 * @lines: receives the lines of the values
 * @problems: receives what is wrong
 *
 * Return: the nodes, for yaml_nodes_free().
 */
struct yaml_nodes *yaml_nodes_create(const char *name, struct lines *lines,
				     struct problems *problems);
void yaml_nodes_free(struct yaml_nodes *nodes);

/**
 * yaml_nodes_refuse() - add an error to the problems of the file
 * @nodes: the nodes
 * @line: where
 * @format: the text, as for printf()
 *
 * Return: false, for a caller that returns it.
 */
bool yaml_nodes_refuse(struct yaml_nodes *nodes, uint32_t line,
		       const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void yaml_nodes_begin_document(struct yaml_nodes *nodes);

/**
 * yaml_nodes_end_document() - hand the document over
 * @nodes: the nodes
 * @trees: array to append the document to, unless it is empty
 * @tree_count: length of @trees
 */
void yaml_nodes_end_document(struct yaml_nodes *nodes, struct tree **trees,
			     size_t *tree_count);

/**
 * yaml_nodes_scalar() - add a text, number, boolean or null
 * @nodes: the nodes
 * @node: the value; its reference passes on
 * @anchor: its name, or NULL
 * @written: its text, for keys
 * @plain: it was written without quotes
 * @line: its line
 *
 * Return: false after a refusal, as of all that add.
 */
bool yaml_nodes_scalar(struct yaml_nodes *nodes, json_t *node,
		       const char *anchor, const char *written, bool plain,
		       uint32_t line);

/**
 * yaml_nodes_alias() - add the value of an anchor once more
 * @nodes: the nodes
 * @name: of the anchor
 * @line: of the alias
 */
bool yaml_nodes_alias(struct yaml_nodes *nodes, const char *name,
		      uint32_t line);

/**
 * yaml_nodes_open() - begin an object or array, to which is added what follows
 * @nodes: the nodes
 * @node: an empty one; its reference passes on
 * @anchor: its name, or NULL
 * @line: its line
 */
bool yaml_nodes_open(struct yaml_nodes *nodes, json_t *node, const char *anchor,
		     uint32_t line);

/**
 * yaml_nodes_close() - end the object or array that was opened last
 * @nodes: the nodes
 */
bool yaml_nodes_close(struct yaml_nodes *nodes);

#endif
