// SPDX-License-Identifier: GPL-2.0-only
#include "policy/number_order.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

/* To go through all byte by byte pays from about so many on. */
#define MANY 64
#define BYTE_VALUES 256

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

static uint8_t byte_of(uint32_t number, unsigned int byte)
{
	return number >> 8 * byte;
}

/* Order by one byte, and leave numbers with the same as they stand; false when
 * all have the same.
 */
static bool distribute(const uint32_t *from, uint32_t *to, size_t count,
		       unsigned int byte)
{
	size_t places[BYTE_VALUES] = {}, place = 0, i;

	for (i = 0; i < count; i++)
		places[byte_of(from[i], byte)]++;
	if (places[byte_of(from[0], byte)] == count)
		return false;
	for (i = 0; i < BYTE_VALUES; i++) {
		size_t with_value = places[i];

		places[i] = place;
		place += with_value;
	}
	for (i = 0; i < count; i++)
		to[places[byte_of(from[i], byte)]++] = from[i];
	return true;
}

void numbers_sort(uint32_t *numbers, size_t count)
{
	uint32_t *from = numbers, *spare, *to;
	unsigned int byte;

	if (count < MANY) {
		if (count > 1)
			qsort(numbers, count, sizeof(*numbers), compare);
		return;
	}
	spare = xcalloc(count, sizeof(*spare));
	to = spare;
	for (byte = 0; byte < sizeof(*numbers); byte++) {
		uint32_t *ordered = to;

		if (!distribute(from, to, count, byte))
			continue;
		to = from;
		from = ordered;
	}
	if (from != numbers)
		memcpy(numbers, from, count * sizeof(*numbers));
	free(spare);
}
