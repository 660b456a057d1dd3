/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of an object's JSON is worth reading.
 */
#ifndef NLCTL_AGENT_EXCERPT_H
#define NLCTL_AGENT_EXCERPT_H

#include <stddef.h>

/**
 * excerpt_make() - leave out of JSON what no object is read for
 * @text: JSON; need not end with a 0 byte
 * @length: its bytes
 * @excerpt_length: receives the bytes of the result
 *
 * Members are left out whose names are those of large parts of pods and nodes,
 * such as managedFields, wherever they stand, if their values are objects or lists:
 * labels and annotations, which may have any name, are texts. What is no JSON stays
 * none, unless what is wrong with it was left out.
 *
 * Return: the rest, which the caller frees.
 */
char *excerpt_make(const char *text, size_t length, size_t *excerpt_length);

#endif
