/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * YAML and JSON files as trees of jansson values that know their lines.
 */
#ifndef NLCTL_POLICY_DOCUMENT_H
#define NLCTL_POLICY_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "policy/problem.h"
#include "policy/tree.h"

#define DOCUMENT_SIZE_MAX ((size_t)256 << 20) /* bytes of one file */

/**
 * struct document - one Kubernetes object as it was written
 * @root: the tree; a reference is held
 * @api_version: of the object, or of the typed list that it came in; NULL when
 *	missing or not a text; owned
 * @kind: likewise ("Pod", not "PodList"); owned
 * @file: name of the file; owned by struct documents
 * @number: of the document in its file, from 1; the items of a list share it
 * @path: where the object stands in its document: "" or "items[3]."; owned
 */
struct document {
	json_t *root;
	char *api_version;
	char *kind;
	const char *file;
	unsigned int number;
	char *path;
};

/**
 * struct documents - all objects that were read; start with zeroes
 * @list: the objects, with lists flattened, in the order read
 * @count: length of @list
 * @files: names that struct document refers to
 * @file_count: length of @files
 * @trees: whole documents, held because the addresses in @lines are theirs
 * @tree_count: length of @trees
 * @lines: where the values stand
 */
struct documents {
	struct document *list;
	size_t count;
	char **files;
	size_t file_count;
	struct tree *trees;
	size_t tree_count;
	struct lines lines;
};

/**
 * documents_read() - read a file, a directory or standard input
 * @documents: the list to append to
 * @path: a file; a directory, of which every *.yaml, *.yml and *.json is read
 *	in the order of their names, without descending; or "-" for standard
 *	input
 * @problems: receives what is wrong
 *
 * A file named *.json, or whose first character is a brace or bracket and that
 * is valid JSON, is read as JSON; every other as YAML of one or more documents.
 * One that starts so and is neither is called bad JSON. Empty
 * documents are passed over. List and typed lists (PodList) are flattened.
 *
 * Return: false when an error was added to @problems; the documents in front
 * of the error are in the list nevertheless.
 */
bool documents_read(struct documents *documents, const char *path,
		    struct problems *problems);

/**
 * documents_parse() - read text that is in memory
 * @documents: the list to append to
 * @name: name for messages; copied; "*.json" asks for JSON
 * @text: the text, UTF-8
 * @length: its bytes
 * @problems: receives what is wrong
 *
 * Return: as documents_read().
 */
bool documents_parse(struct documents *documents, const char *name,
		     const char *text, size_t length,
		     struct problems *problems);

/**
 * documents_clear() - free what the list owns and empty it
 * @documents: the list
 */
void documents_clear(struct documents *documents);

#endif
