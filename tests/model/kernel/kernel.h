/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_KERNEL_H
#define PODWALL_MODEL_KERNEL_H

#include <linux/types.h>

/*
 * What a test asks of the kernel under it. One thread and one CPU: what races
 * is not modelled, but whoever frees before a grace period is found out.
 */

void kernel_seed(u64 seed);
void kernel_weaken_hash(u32 values);
void kernel_weaken_random(u64 mask);

void kernel_fail_allocation(u64 number, bool onwards);
bool kernel_allocation_failed(void);
void kernel_poison(bool poison);
u64 kernel_live_allocations(void);
u64 kernel_live_bytes(void);

void kernel_grace_period(void);
void kernel_fatal_signal(u64 number);
bool kernel_signal_seen(void);

#endif
