/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs as text, one message a line:
 *
 *	SOCKET OPERATION [@HEADER=NUMBER | @send | @leave]... [ATTRIBUTE]...
 *	SOCKET close
 *
 * An attribute is NAME, SET/NAME of another set or #NUMBER of none, then "!" for
 * a wrong mark of a nest and "~+N" or "~-N" for a wrong length, then = and what
 * it holds: { ATTRIBUTE... }, a number, the name of a value, "now", "now+N" or
 * "now-N" for what a number should be when it is sent, an address, a "text" with
 * its NUL, or bytes as x0a0b, where *N tells that the byte before comes N times.
 * A flag holds nothing. *N behind an attribute tells that it comes N times.
 */
#ifndef NETLINK_FUZZ_TEXT_H
#define NETLINK_FUZZ_TEXT_H

#include <stdio.h>

#include "program.h"

/* The names of what a header may have wrong. */
extern const char *const text_headers[HEADER_COUNT];

void text_write(FILE *stream, const struct program *program);

/* Overwrites the program; else false, with a static text that says what is
 * wrong in which line.
 */
bool text_read(const char *text, struct program *program, const char **wrong);

#endif
