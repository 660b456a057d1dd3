/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blanks, marks, names and numbers of a text that is read.
 */
#ifndef NETLINK_FUZZ_TEXT_SCAN_H
#define NETLINK_FUZZ_TEXT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/**
 * struct scan - where in the text it is
 * @at: what comes next
 * @arena: of the program
 * @wrong: what is wrong, once something is
 * @depth: nests around it
 */
struct scan {
	const char *at;
	struct arena *arena;
	const char *wrong;
	unsigned int depth;
};

/* Notes what is wrong, unless something was before. Returns false, for a caller
 * that returns it.
 */
bool scan_fail(struct scan *scan, const char *wrong);

void scan_blanks(struct scan *scan);

/* Passes the character if it is the next. */
bool scan_take(struct scan *scan, char c);

/* The length of the name that comes next, which stays; 0 for none. */
size_t scan_name(const struct scan *scan);

bool scan_integer(struct scan *scan, long long *number);
bool scan_bounded(struct scan *scan, long long least, long long most,
		  long long *number);

#endif
