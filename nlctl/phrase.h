/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pieces of a line for a person, in colours.
 */
#ifndef NLCTL_PHRASE_H
#define NLCTL_PHRASE_H

#include "style.h"

/**
 * phrase() - print a piece of a line
 * @style: how it looks
 * @format: the text, as for printf(); control characters in it become "?", but
 *	for a newline at the end of @format
 */
void phrase(enum style style, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
