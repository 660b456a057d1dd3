// SPDX-License-Identifier: GPL-2.0-only
#include "policy/numbers.h"

#include <stdlib.h>
#include <uthash.h>
#include "policy/memory.h"

struct taken_number {
	uint32_t number;
	UT_hash_handle hh;
};

static struct taken_number *find(const struct numbers *numbers, uint32_t number)
{
	struct taken_number *taken;

	HASH_FIND(hh, numbers->taken, &number, sizeof(number), taken);
	return taken;
}

bool numbers_take(struct numbers *numbers, uint32_t number)
{
	struct taken_number *taken;

	if (!number || find(numbers, number))
		return false;
	taken = xcalloc(1, sizeof(*taken));
	taken->number = number;
	HASH_ADD(hh, numbers->taken, number, sizeof(number), taken);
	return true;
}

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t kept = *a;

	*a = *b;
	*b = kept;
}

static void push(struct numbers *numbers, uint32_t number)
{
	size_t i = numbers->released_count;

	*array_add(numbers->released, numbers->released_count) = number;
	for (; i && numbers->released[(i - 1) / 2] > number; i = (i - 1) / 2)
		swap(&numbers->released[i], &numbers->released[(i - 1) / 2]);
}

static uint32_t pop(struct numbers *numbers)
{
	uint32_t *heap = numbers->released, lowest = heap[0];
	size_t count = --numbers->released_count, i = 0, child;

	heap[0] = heap[count];
	while ((child = 2 * i + 1) < count) {
		if (child + 1 < count && heap[child + 1] < heap[child])
			child++;
		if (heap[i] <= heap[child])
			break;
		swap(&heap[i], &heap[child]);
		i = child;
	}
	return lowest;
}

uint32_t numbers_allot(struct numbers *numbers)
{
	while (numbers->released_count) {
		uint32_t number = pop(numbers);

		if (numbers_take(numbers, number))
			return number;
	}
	do
		numbers->next++;
	while (!numbers_take(numbers, numbers->next));
	return numbers->next;
}

void numbers_release(struct numbers *numbers, uint32_t number)
{
	struct taken_number *taken = find(numbers, number);

	if (!taken)
		return;
	HASH_DEL(numbers->taken, taken);
	free(taken);
	if (number <= numbers->next)
		push(numbers, number);
}

size_t numbers_count(const struct numbers *numbers)
{
	return HASH_COUNT(numbers->taken);
}

void numbers_clear(struct numbers *numbers)
{
	struct taken_number *taken, *next;

	HASH_ITER(hh, numbers->taken, taken, next) {
		HASH_DEL(numbers->taken, taken);
		free(taken);
	}
	free(numbers->released);
	*numbers = (struct numbers){};
}
