// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the place of tests/model/chance.c: the input decides.
 */
#include "chance.h"
#include "input.h"

void chance_seed(u64 seed, u64 round)
{
	(void)seed;
	(void)round;
}

u64 chance_u64(void)
{
	return input_u64();
}

u32 chance_below(u32 limit)
{
	return input_below(limit);
}

u32 chance_between(u32 least, u32 most)
{
	return least + chance_below(most - least + 1);
}

bool chance_percent(u32 percent)
{
	return chance_below(100) < percent;
}
