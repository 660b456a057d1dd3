// SPDX-License-Identifier: GPL-2.0-only

#include "chance.h"

static u64 state;

u64 chance_u64(void)
{
	u64 word;

	state += 0x9e3779b97f4a7c15ULL;
	word = (state ^ state >> 30) * 0xbf58476d1ce4e5b9ULL;
	word = (word ^ word >> 27) * 0x94d049bb133111ebULL;
	return word ^ word >> 31;
}

/* Begin the row of a round. */
void chance_seed(u64 seed, u64 round)
{
	state = seed;
	state = chance_u64() + round;
	state = chance_u64();
}

u32 chance_below(u32 limit)
{
	return (chance_u64() >> 32) * limit >> 32;
}

u32 chance_between(u32 least, u32 most)
{
	return least + chance_below(most - least + 1);
}

bool chance_percent(u32 percent)
{
	return chance_below(100) < percent;
}
