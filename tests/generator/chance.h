/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random numbers that a seed alone decides.
 */
#ifndef GENERATOR_CHANCE_H
#define GENERATOR_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

/** struct chance - where in its numbers a sequence is */
struct chance {
	uint64_t state;
};

/* Begin the sequence of a seed. */
struct chance chance_begin(uint64_t seed);

/* A number less than the bound, which is not 0. */
unsigned int chance_below(struct chance *chance, unsigned int bound);

/* True once in so many times. */
bool chance_one_in(struct chance *chance, unsigned int times);

/* One of an array's elements. */
#define chance_of(chance, array) \
	((array)[chance_below((chance), sizeof(array) / sizeof(*(array)))])

#endif
