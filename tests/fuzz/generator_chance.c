// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the place of tests/generator/chance.c: the input decides.
 */
#include "generator/chance.h"
#include "input.h"

struct chance chance_begin(uint64_t seed)
{
	return (struct chance){ seed };
}

unsigned int chance_below(struct chance *chance, unsigned int bound)
{
	(void)chance;
	return input_below(bound);
}

bool chance_one_in(struct chance *chance, unsigned int times)
{
	return !chance_below(chance, times);
}
