/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is worth a line on standard error, though the command goes on.
 */
#ifndef NLCTL_CNI_NOTE_H
#define NLCTL_CNI_NOTE_H

/**
 * note() - say something, on a line of its own
 * @format: the text, as for printf(), without a newline; control characters are
 *	written as \xNN
 */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
