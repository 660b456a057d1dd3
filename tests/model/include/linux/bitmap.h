/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_BITMAP_H
#define PODWALL_MODEL_LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/slab.h>
#include <linux/string.h>

static inline unsigned long kernel_next_bit(const unsigned long *words,
					    unsigned long size,
					    unsigned long from, bool set)
{
	while (from < size && test_bit(from, words) != set)
		from++;
	return from < size ? from : size;
}

#define find_next_bit(words, size, from) \
	kernel_next_bit(words, size, from, true)
#define find_next_zero_bit(words, size, from) \
	kernel_next_bit(words, size, from, false)
#define find_first_bit(words, size) find_next_bit(words, size, 0)
#define find_first_zero_bit(words, size) find_next_zero_bit(words, size, 0)
#define for_each_set_bit(bit, words, size)                        \
	for ((bit) = find_first_bit(words, size); (bit) < (size); \
	     (bit) = find_next_bit(words, size, (bit) + 1))

#define bitmap_size(bits) (BITS_TO_LONGS(bits) * sizeof(unsigned long))

static inline unsigned long *bitmap_alloc(unsigned int bits, gfp_t flags)
{
	return kmalloc(bitmap_size(bits), flags);
}

static inline unsigned long *bitmap_zalloc(unsigned int bits, gfp_t flags)
{
	return kzalloc(bitmap_size(bits), flags);
}

static inline void bitmap_free(const unsigned long *words)
{
	kfree(words);
}

static inline void bitmap_zero(unsigned long *words, unsigned int bits)
{
	memset(words, 0, bitmap_size(bits));
}

static inline void bitmap_copy(unsigned long *to, const unsigned long *from,
			       unsigned int bits)
{
	memcpy(to, from, bitmap_size(bits));
}

static inline void bitmap_or(unsigned long *to, const unsigned long *a,
			     const unsigned long *b, unsigned int bits)
{
	size_t i;

	for (i = 0; i < BITS_TO_LONGS(bits); i++)
		to[i] = a[i] | b[i];
}

/* What lies beyond the last bit is not looked at. */
static inline unsigned int bitmap_weight(const unsigned long *words,
					 unsigned int bits)
{
	unsigned int i, weight = 0;

	for (i = 0; i < bits; i++)
		weight += test_bit(i, words);
	return weight;
}

static inline bool bitmap_equal(const unsigned long *a, const unsigned long *b,
				unsigned int bits)
{
	unsigned int i;

	for (i = 0; i < bits; i++)
		if (test_bit(i, a) != test_bit(i, b))
			return false;
	return true;
}

static inline bool bitmap_empty(const unsigned long *words, unsigned int bits)
{
	return find_first_bit(words, bits) == bits;
}

#endif
