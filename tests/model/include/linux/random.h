/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_RANDOM_H
#define PODWALL_MODEL_LINUX_RANDOM_H

#include <linux/types.h>

u64 get_random_u64(void);

static inline u32 get_random_u32(void)
{
	return get_random_u64();
}

static inline u32 get_random_u32_below(u32 limit)
{
	return (u64)get_random_u32() * limit >> 32;
}

static inline void get_random_bytes(void *to, size_t size)
{
	u8 *bytes = to;

	while (size--)
		*bytes++ = get_random_u64();
}

#endif
