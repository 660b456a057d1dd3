/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_ATOMIC_H
#define PODWALL_MODEL_LINUX_ATOMIC_H

#include <linux/types.h>

typedef struct {
	s64 counter;
} atomic64_t;

static inline void atomic64_set(atomic64_t *count, s64 n)
{
	count->counter = n;
}

#endif
