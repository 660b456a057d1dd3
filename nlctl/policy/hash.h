/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hash that never changes: cookies of rules are kept across runs.
 */
#ifndef NLCTL_POLICY_HASH_H
#define NLCTL_POLICY_HASH_H

#include <stdint.h>

/**
 * hash_text() - FNV-1a of a text
 * @text: the text
 *
 * Return: its 64-bit hash.
 */
static inline uint64_t hash_text(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

#endif
