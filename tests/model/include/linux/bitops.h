/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_BITOPS_H
#define PODWALL_MODEL_LINUX_BITOPS_H

#include <strings.h>

#include <linux/bits.h>
#include <linux/math.h>
#include <linux/types.h>

#define BITS_TO_LONGS(bits) DIV_ROUND_UP(bits, BITS_PER_LONG)

#define hweight8(word) ((unsigned int)__builtin_popcount((u8)(word)))
#define hweight16(word) ((unsigned int)__builtin_popcount((u16)(word)))
#define hweight32(word) ((unsigned int)__builtin_popcount(word))
#define hweight64(word) ((unsigned long)__builtin_popcountll(word))
#define hweight_long(word) hweight64(word)

/* From 1; 0 when no bit is set. */
static inline int fls(unsigned int word)
{
	return word ? 32 - __builtin_clz(word) : 0;
}

static inline int fls64(u64 word)
{
	return word ? 64 - __builtin_clzll(word) : 0;
}

/* From 0; undefined when no bit is set. */
static inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

static inline unsigned long __ffs64(u64 word)
{
	return __builtin_ctzll(word);
}

static inline unsigned long __fls(unsigned long word)
{
	return 63 - __builtin_clzl(word);
}

static inline unsigned long ffz(unsigned long word)
{
	return __ffs(~word);
}

static inline u32 rol32(u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> (-shift & 31));
}

static inline u32 ror32(u32 word, unsigned int shift)
{
	return rol32(word, -shift);
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> (-shift & 63));
}

static inline bool test_bit(unsigned long bit, const unsigned long *words)
{
	return words[BIT_WORD(bit)] & BIT_MASK(bit);
}

static inline void __set_bit(unsigned long bit, unsigned long *words)
{
	words[BIT_WORD(bit)] |= BIT_MASK(bit);
}

static inline void __clear_bit(unsigned long bit, unsigned long *words)
{
	words[BIT_WORD(bit)] &= ~BIT_MASK(bit);
}

static inline bool __test_and_set_bit(unsigned long bit, unsigned long *words)
{
	bool was = test_bit(bit, words);

	__set_bit(bit, words);
	return was;
}

static inline bool __test_and_clear_bit(unsigned long bit, unsigned long *words)
{
	bool was = test_bit(bit, words);

	__clear_bit(bit, words);
	return was;
}

#define set_bit(bit, words) __set_bit(bit, words)
#define clear_bit(bit, words) __clear_bit(bit, words)

#endif
