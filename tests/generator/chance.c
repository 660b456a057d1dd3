// SPDX-License-Identifier: GPL-2.0-only
#include "generator/chance.h"

/* xorshift64* never leaves 0, and seeds that follow each other begin far apart. */
struct chance chance_begin(uint64_t seed)
{
	return (struct chance){ seed * 0x9e3779b97f4a7c15 | 1 };
}

static uint64_t next(struct chance *chance)
{
	chance->state ^= chance->state >> 12;
	chance->state ^= chance->state << 25;
	chance->state ^= chance->state >> 27;
	return chance->state * 0x2545f4914f6cdd1d;
}

unsigned int chance_below(struct chance *chance, unsigned int bound)
{
	return (next(chance) >> 33) % bound;
}

bool chance_one_in(struct chance *chance, unsigned int times)
{
	return !chance_below(chance, times);
}
