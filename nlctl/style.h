/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Colours, on a terminal that wants them.
 */
#ifndef NLCTL_STYLE_H
#define NLCTL_STYLE_H

/**
 * enum style - what a piece of text is
 * @STYLE_PLAIN: text
 * @STYLE_ACCEPT: what passes
 * @STYLE_DENY: what is denied
 * @STYLE_WARN: what only audit mode lets pass, and near misses
 * @STYLE_STRONG: what the line is about
 * @STYLE_FAINT: what most readers skip
 */
enum style {
	STYLE_PLAIN,
	STYLE_ACCEPT,
	STYLE_DENY,
	STYLE_WARN,
	STYLE_STRONG,
	STYLE_FAINT,
};

/**
 * style_begin() - what starts a style on standard output
 * @style: the style
 *
 * Standard output has colours if it is a terminal that is not "dumb", and
 * NO_COLOR is unset or empty (https://no-color.org).
 *
 * Return: the sequence, or "" without colours.
 */
const char *style_begin(enum style style);

/**
 * style_end() - what ends any style on standard output
 *
 * Return: the sequence, or "" without colours.
 */
const char *style_end(void);

#endif
