/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has to be fine, and whether it is: the checks of a health endpoint.
 */
#ifndef NLCTL_AGENT_CHECK_H
#define NLCTL_AGENT_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct check - one of them; all of it is owned
 * @name: a word: "kernel"
 * @failure: one line that says what is wrong; NULL when nothing is
 */
struct check {
	char *name;
	char *failure;
};

/**
 * struct checks - a list of checks; start with zeroes
 * @list: the checks, in the order in which they were added
 * @count: length of @list
 */
struct checks {
	struct check *list;
	size_t count;
};

/**
 * checks_pass() - add a check that nothing is wrong with
 * @checks: the list
 * @name: of the check; copied
 */
void checks_pass(struct checks *checks, const char *name);

/**
 * checks_fail() - add a check that something is wrong with
 * @checks: the list
 * @name: of the check; copied
 * @format: what is wrong, as for printf(); control characters are written as
 *	\xNN
 */
void checks_fail(struct checks *checks, const char *name, const char *format,
		 ...) __attribute__((format(printf, 3, 4)));

/**
 * checks_passed() - whether nothing is wrong
 * @checks: the list
 */
bool checks_passed(const struct checks *checks);

/**
 * checks_failures() - what is wrong
 * @checks: the list
 * @separator: what stands between two failures, as "; "
 *
 * Return: "NAME: FAILURE" for each check that failed, which the caller frees.
 */
char *checks_failures(const struct checks *checks, const char *separator);

/**
 * checks_report() - the list for a person to read, as Kubernetes writes it
 * @checks: the list
 * @title: what was asked: "readyz"
 *
 * Return: a line "[+]NAME ok" or "[-]NAME failed: FAILURE" for each check, and
 * one for all; the caller frees it.
 */
char *checks_report(const struct checks *checks, const char *title);

/**
 * checks_clear() - free what the list owns and empty it
 * @checks: the list
 */
void checks_clear(struct checks *checks);

#endif
