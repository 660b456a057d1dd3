/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_JHASH_H
#define PODWALL_MODEL_LINUX_JHASH_H

#include <linux/types.h>

/* Other values than the kernel's, and as bad as kernel_weaken_hash() says. */
u32 jhash(const void *key, u32 length, u32 seed);
u32 jhash2(const u32 *key, u32 length, u32 seed);
u32 jhash_3words(u32 a, u32 b, u32 c, u32 seed);

static inline u32 jhash_2words(u32 a, u32 b, u32 seed)
{
	return jhash_3words(a, b, 0, seed);
}

static inline u32 jhash_1word(u32 a, u32 seed)
{
	return jhash_3words(a, 0, 0, seed);
}

#endif
