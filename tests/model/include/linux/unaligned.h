/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_UNALIGNED_H
#define PODWALL_MODEL_LINUX_UNALIGNED_H

#include <endian.h>
#include <string.h>

#include <linux/types.h>

static inline u32 get_unaligned_be32(const void *from)
{
	u32 word;

	memcpy(&word, from, sizeof(word));
	return be32toh(word);
}

static inline u64 get_unaligned_be64(const void *from)
{
	u64 word;

	memcpy(&word, from, sizeof(word));
	return be64toh(word);
}

#endif
