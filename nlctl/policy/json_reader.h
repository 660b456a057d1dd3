/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON text to trees.
 */
#ifndef NLCTL_POLICY_JSON_READER_H
#define NLCTL_POLICY_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include "policy/problem.h"
#include "policy/tree.h"

/**
 * json_read() - read JSON documents that follow one another
 * @name: of the file, for messages
 * @text: the text, UTF-8
 * @length: its bytes
 * @trees: array to append the documents to
 * @tree_count: length of @trees
 * @lines: receives the lines of the values
 * @problems: receives what is wrong
 *
 * Return: false when an error was added to @problems.
 */
bool json_read(const char *name, const char *text, size_t length,
	       struct tree **trees, size_t *tree_count, struct lines *lines,
	       struct problems *problems);

#endif
