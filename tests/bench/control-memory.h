/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel holds, the same for all contenders.
 */
#ifndef CONTROL_MEMORY_H
#define CONTROL_MEMORY_H

#include <stdint.h>

/**
 * struct holding - bytes
 * @used: what is not free, without what programs have of their own
 * @held: slab, vmalloc and per-processor memory
 * @charged: what the kernel charged to the caller's memory cgroup for itself
 */
struct holding {
	int64_t used;
	int64_t held;
	int64_t charged;
};

/* Drop caches, wait until nothing is being freed, and read. */
struct holding holding_read(void);

#endif
