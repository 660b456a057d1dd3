/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes that a text stands for.
 */
#ifndef NLCTL_AGENT_BASE64_H
#define NLCTL_AGENT_BASE64_H

#include <stddef.h>

/**
 * base64_decode() - decode base64 with padding, as RFC 4648 has it
 * @text: the text; white space is passed over
 * @length: receives the number of bytes
 *
 * Return: the bytes and a 0 byte behind them, which the caller frees; NULL when
 * the text is something else.
 */
char *base64_decode(const char *text, size_t *length);

#endif
