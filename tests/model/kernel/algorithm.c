// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "kernel.h"

static u64 random_state;
static u32 hash_values;
static u64 random_mask = ~0ULL;

/* Start the row of random numbers. */
void kernel_seed(u64 seed)
{
	random_state = seed;
}

/* Let hash functions return so many different values, or all they can with 0. */
void kernel_weaken_hash(u32 values)
{
	hash_values = values;
}

/* Let random numbers have no other bits than these: keys of a hash, say. */
void kernel_weaken_random(u64 mask)
{
	random_mask = mask;
}

static u64 mix(u64 word)
{
	word ^= word >> 32;
	word *= 0xd6e8feb86659fd93ULL;
	word ^= word >> 32;
	word *= 0xd6e8feb86659fd93ULL;
	return word ^ word >> 32;
}

u64 get_random_u64(void)
{
	random_state += 0x9e3779b97f4a7c15ULL;
	return mix(random_state) & random_mask;
}

u64 kernel_hash(u64 value)
{
	u64 hash = mix(value + 0x9e3779b97f4a7c15ULL);

	return hash_values ? mix(hash % hash_values) : hash;
}

u32 jhash(const void *key, u32 length, u32 seed)
{
	const u8 *bytes = key;
	u64 hash = (u64)length << 32 | seed;

	while (length--)
		hash = mix(hash + *bytes++ + 1);
	return kernel_hash(hash);
}

u32 jhash2(const u32 *key, u32 length, u32 seed)
{
	u64 hash = (u64)length << 32 | seed;

	while (length--)
		hash = mix(hash + *key++ + 1);
	return kernel_hash(hash);
}

u32 jhash_3words(u32 a, u32 b, u32 c, u32 seed)
{
	const u32 words[] = { a, b, c };

	return jhash2(words, 3, seed);
}

static void exchange(char *a, char *b, size_t size)
{
	while (size--) {
		swap(*a, *b);
		a++;
		b++;
	}
}

/** struct sorting - elements being made a heap, the greatest on top */
struct sorting {
	char *base;
	size_t size;
	cmp_r_func_t compare;
	swap_func_t exchange;
	const void *private;
};

static void exchange_elements(const struct sorting *s, size_t a, size_t b)
{
	char *left = s->base + a * s->size, *right = s->base + b * s->size;

	if (s->exchange)
		s->exchange(left, right, s->size);
	else
		exchange(left, right, s->size);
}

static bool is_below(const struct sorting *s, size_t a, size_t b)
{
	return s->compare(s->base + a * s->size, s->base + b * s->size,
			  s->private) < 0;
}

static void sink(const struct sorting *s, size_t top, size_t count)
{
	for (;;) {
		size_t child = 2 * top + 1;

		if (child >= count)
			return;
		if (child + 1 < count && is_below(s, child, child + 1))
			child++;
		if (!is_below(s, top, child))
			return;
		exchange_elements(s, top, child);
		top = child;
	}
}

void sort_r(void *base, size_t count, size_t size, cmp_r_func_t compare,
	    swap_func_t swap_elements, const void *private)
{
	const struct sorting s = { base, size, compare, swap_elements,
				   private };
	size_t i;

	for (i = count / 2; i-- > 0;)
		sink(&s, i, count);
	for (i = count; i-- > 1;) {
		exchange_elements(&s, 0, i);
		sink(&s, 0, i);
	}
}

static int compare_plainly(const void *a, const void *b, const void *private)
{
	const cmp_func_t *compare = private;

	return (*compare)(a, b);
}

void sort(void *base, size_t count, size_t size, cmp_func_t compare,
	  swap_func_t swap_elements)
{
	sort_r(base, count, size, compare_plainly, swap_elements, &compare);
}

void *kernel_bsearch(const void *key, const void *base, size_t count,
		     size_t size,
		     int (*compare)(const void *key, const void *element))
{
	const char *low = base;

	while (count) {
		const char *middle = low + count / 2 * size;
		int order = compare(key, middle);

		if (!order)
			return (void *)middle;
		if (order > 0) {
			low = middle + size;
			count--;
		}
		count /= 2;
	}
	return NULL;
}
