/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may come next on a command line, for shells that ask.
 */
#ifndef NLCTL_COMPLETION_H
#define NLCTL_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

#include "arguments.h"

/**
 * enum completion_kind - what else may come next, which others have to find
 * @COMPLETION_NOTHING: nothing
 * @COMPLETION_FILES: a file
 * @COMPLETION_NETNS: a network namespace
 * @COMPLETION_PODS: a pod that the module knows
 * @COMPLETION_NAMESPACES: a namespace of such pods
 * @COMPLETION_POLICIES: a policy that the module's rules come from
 */
enum completion_kind {
	COMPLETION_NOTHING,
	COMPLETION_FILES,
	COMPLETION_NETNS,
	COMPLETION_PODS,
	COMPLETION_NAMESPACES,
	COMPLETION_POLICIES,
};

/** struct candidate - a word that may come next, and what it does or "" */
struct candidate {
	char *text;
	char *about;
};

/**
 * struct completion - what may come next
 * @list: words, as they would stand there; owned
 * @count: length of @list
 * @kind: what else may
 * @prefix: what stands in front of a word of @kind, as "--pod="; owned
 * @netns: the network namespace that the line asks for, or NULL; borrowed
 */
struct completion {
	struct candidate *list;
	size_t count;
	enum completion_kind kind;
	char *prefix;
	const char *netns;
};

/**
 * completion_find() - find what may come next
 * @commands: all verbs; ends with NULL
 * @words: the line after the name of the program; the last is the one that is
 *	being written, and may be empty
 * @count: length of @words, at least 1
 * @completion: receives the result; freed with completion_clear()
 *
 * All comes from the tables that describe the command line, and from the names of
 * options: what is "a|b|c" there can be completed. What does not begin like the
 * last word is among it: shells have their own ideas of what is alike.
 */
void completion_find(const struct command *const *commands,
		     const char *const *words, size_t count,
		     struct completion *completion);

/**
 * completion_add() - add a word
 * @completion: the completion
 * @text: the word, behind the prefix
 * @about: what it does, or ""
 */
void completion_add(struct completion *completion, const char *text,
		    const char *about);

/**
 * completion_clear() - free what the structure owns and zero it
 * @completion: the completion
 */
void completion_clear(struct completion *completion);

#endif
