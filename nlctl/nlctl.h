/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The context of one run of nlctl, passed to everything that needs it.
 */
#ifndef NLCTL_NLCTL_H
#define NLCTL_NLCTL_H

#include <stdbool.h>

/* The exit codes, besides EXIT_SUCCESS and EXIT_FAILURE. */
#define EXIT_USAGE 2

/**
 * struct nlctl - the context of one run
 * @verb: the verb that runs, for messages; NULL in front of it
 * @json: print JSON instead of tables
 * @format: what to print, one of the formats of the verb; NULL for its first
 * @netns: name of the network namespace to act in; NULL for the current one
 */
struct nlctl {
	const char *verb;
	bool json;
	const char *format;
	const char *netns;
};

/**
 * nlctl_version() - the version of nlctl
 *
 * Return: the text of the file VERSION.
 */
const char *nlctl_version(void);

/**
 * nlctl_error() - tell why something was refused or failed
 * @nlctl: the context
 * @format: the text, as for printf(), without a newline; control characters
 *	are printed as \xNN, because names and the kernel's words are in it
 */
void nlctl_error(const struct nlctl *nlctl, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * nlctl_enter_namespace() - move to the network namespace that was asked for
 * @nlctl: the context
 *
 * Return: false when that failed; the reason was printed.
 */
bool nlctl_enter_namespace(const struct nlctl *nlctl);

#endif
