/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_HASH_H
#define PODWALL_MODEL_LINUX_HASH_H

#include <linux/types.h>

/* Other values than the kernel's, and as bad as kernel_weaken_hash() says. */
u64 kernel_hash(u64 value);

static inline u32 hash_32(u32 value, unsigned int bits)
{
	return kernel_hash(value) >> (64 - bits);
}

static inline u32 hash_64(u64 value, unsigned int bits)
{
	return kernel_hash(value) >> (64 - bits);
}

#define hash_long(value, bits) hash_64(value, bits)
#define hash_ptr(pointer, bits) hash_64((unsigned long)(pointer), bits)

#endif
