/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What plain YAML scalars stand for.
 */
#ifndef NLCTL_POLICY_YAML_SCALAR_H
#define NLCTL_POLICY_YAML_SCALAR_H

#include <jansson.h>
#include <stddef.h>

/**
 * yaml_scalar() - resolve a plain scalar
 * @text: the scalar, UTF-8, NUL-terminated
 * @length: its bytes
 *
 * The types are those that kubectl finds: YAML 1.1 booleans (yes, no, on, off,
 * y, n), null, integers of base 2, 8, 10 and 16, floats; else a string.
 *
 * Return: a new reference; NULL when the string is not valid UTF-8.
 */
json_t *yaml_scalar(const char *text, size_t length);

#endif
