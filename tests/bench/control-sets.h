/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libipset, which takes the lines of `ipset restore`.
 */
#ifndef CONTROL_SETS_H
#define CONTROL_SETS_H

#include <stdbool.h>
#include <stdint.h>

void sets_start(void);

/* Returns NULL, or what went wrong, which the caller frees. */
char *sets_restore(char *lines);

/* Whether a command succeeds; the format has one string. */
bool sets_do(const char *format, const char *text);

/* The sum over all sets of a number of their headers. */
int64_t sets_sum(const char *label);

#endif
