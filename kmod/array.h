/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ARRAY_H
#define PODWALL_ARRAY_H

#include <linux/types.h>

/**
 * struct podwall_array - elements of one size that grow at the end
 * @elements: owned; NULL while empty
 * @count: elements in use
 * @room: elements that fit
 *
 * For building only: what readers see never grows.
 */
struct podwall_array {
	void *elements;
	u32 count;
	u32 room;
};

int podwall_array_reserve(struct podwall_array *array, u32 more, size_t size);
void *podwall_array_append(struct podwall_array *array, size_t size);
void podwall_array_trim(struct podwall_array *array, size_t size);
void podwall_array_free(struct podwall_array *array);

/* For bsearch() and sort(): ascending u32. */
static inline int podwall_compare_u32(const void *a, const void *b)
{
	u32 left = *(const u32 *)a, right = *(const u32 *)b;

	return left < right ? -1 : left > right;
}

#endif
