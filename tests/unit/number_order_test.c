// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers in order: random ones of all sizes, and the C library beside.
 * PODWALL_SEED sets the seed.
 */
#include "support.h"

#include <stdlib.h>
#include "generator/chance.h"
#include "policy/memory.h"
#include "policy/number_order.h"
#include "random_run.h"

#define RUNS 2000
#define SECONDS 5
#define MOST 1000

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

/* Some bytes are the same in all, and any of the others. */
static uint32_t make_number(struct chance *chance, uint32_t mask)
{
	uint32_t number = chance_below(chance, 1u << 16) << 16 |
			  chance_below(chance, 1u << 16);

	if (chance_one_in(chance, 50))
		number = chance_one_in(chance, 2) ? 0 : UINT32_MAX;
	return (number & mask) | (0x01fe00ff & ~mask);
}

static size_t test_seed(uint64_t seed)
{
	static const uint32_t masks[] = { UINT32_MAX, 0xffff, 0xff0000,
					  0xff0000ff, 0x1,    0 };
	struct chance chance = chance_begin(seed);
	size_t count =
		chance_below(&chance, chance_one_in(&chance, 2) ? 80 : MOST);
	uint32_t mask = chance_of(&chance, masks);
	uint32_t *numbers = xcalloc(count, sizeof(*numbers)), *expected;
	size_t i;

	for (i = 0; i < count; i++)
		numbers[i] = make_number(&chance, mask);
	expected = xmemdup(numbers, count * sizeof(*numbers));
	if (count > 1)
		qsort(expected, count, sizeof(*expected), compare);
	numbers_sort(numbers, count);
	for (i = 0; i < count; i++)
		assert_int_equal(numbers[i], expected[i]);
	free(expected);
	free(numbers);
	return count;
}

/* Nothing may be no array at all. */
static void test_nothing(void)
{
	numbers_sort(NULL, 0);
}

int main(void)
{
	struct random_run run = { .test = test_seed,
				  .most = RUNS,
				  .seconds = SECONDS,
				  .cases = "lists",
				  .parts = "numbers" };

	test_nothing();
	return random_run_all("numbers in order", &run);
}
