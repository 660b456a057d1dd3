// SPDX-License-Identifier: GPL-2.0-only
#include "input.h"

static const uint8_t *at, *end;
static uint64_t state;

void input_begin(const uint8_t *data, size_t size)
{
	at = data;
	end = data + size;
	state = 0;
}

/* The row that follows the bytes, by SplitMix64. */
static uint64_t next_of_row(void)
{
	uint64_t word;

	state += 0x9e3779b97f4a7c15;
	word = (state ^ state >> 30) * 0xbf58476d1ce4e5b9;
	word = (word ^ word >> 27) * 0x94d049bb133111eb;
	return word ^ word >> 31;
}

static uint64_t draw(unsigned int bytes)
{
	uint64_t number = 0;

	if (at == end)
		return next_of_row();
	while (bytes-- && at < end)
		number = number << 8 | *at++;
	return number;
}

uint32_t input_below(uint32_t bound)
{
	if (bound <= 1)
		return 0;
	return draw(bound <= 1 << 8 ? 1 : bound <= 1 << 16 ? 2 : 4) % bound;
}

uint64_t input_u64(void)
{
	return draw(8);
}
