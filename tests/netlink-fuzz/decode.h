/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers of the module as attributes, held against what the grammar says.
 */
#ifndef NETLINK_FUZZ_DECODE_H
#define NETLINK_FUZZ_DECODE_H

#include "program.h"

/**
 * decode_list() - read attributes
 * @arena: owns what is read
 * @set: that they are of
 * @allowed: which of the set there may be, a bit for each number
 * @data: where they begin
 * @size: how many bytes
 * @list: receives them, but for padding
 *
 * Returns NULL, or a static text that says what the grammar has not.
 */
const char *decode_list(struct arena *arena, const struct grammar_set *set,
			uint64_t allowed, const uint8_t *data, size_t size,
			struct list *list);

/* Drop all that only listings hold, in nests too. */
void decode_strip(struct list *list);

/* The number by a name, if there is one. */
bool decode_number(const struct list *list, const char *name, uint64_t *number);

#endif
