// SPDX-License-Identifier: GPL-2.0-only
#include "policy/numbers.h"

#include <stdlib.h>
#include <uthash.h>
#include "policy/memory.h"

struct taken_number {
	uint32_t number;
	UT_hash_handle hh;
};

bool numbers_take(struct numbers *numbers, uint32_t number)
{
	struct taken_number *taken;

	if (!number)
		return false;
	HASH_FIND(hh, numbers->taken, &number, sizeof(number), taken);
	if (taken)
		return false;
	taken = xcalloc(1, sizeof(*taken));
	taken->number = number;
	HASH_ADD(hh, numbers->taken, number, sizeof(number), taken);
	return true;
}

uint32_t numbers_allot(struct numbers *numbers)
{
	do
		numbers->next++;
	while (!numbers_take(numbers, numbers->next));
	return numbers->next;
}

void numbers_clear(struct numbers *numbers)
{
	struct taken_number *taken, *next;

	HASH_ITER(hh, numbers->taken, taken, next) {
		HASH_DEL(numbers->taken, taken);
		free(taken);
	}
	*numbers = (struct numbers){};
}
