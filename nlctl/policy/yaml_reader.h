/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * YAML text to trees.
 */
#ifndef NLCTL_POLICY_YAML_READER_H
#define NLCTL_POLICY_YAML_READER_H

#include <stdbool.h>
#include <stddef.h>
#include "policy/problem.h"
#include "policy/tree.h"

/**
 * yaml_read() - read the YAML documents of a file
 * @name: of the file, for messages
 * @text: the text, UTF-8
 * @length: its bytes
 * @trees: array to append the documents to, without the empty ones
 * @tree_count: length of @trees
 * @lines: receives the lines of the values
 * @problems: receives what is wrong
 *
 * Repeated keys are refused. An alias shares the value of its anchor; how many
 * values aliases stand for in a file is bounded, as their depth is.
 *
 * Return: false when an error was added to @problems; the documents in front
 * of the error are kept.
 */
bool yaml_read(const char *name, const char *text, size_t length,
	       struct tree **trees, size_t *tree_count, struct lines *lines,
	       struct problems *problems);

#endif
