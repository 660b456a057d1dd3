/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_PERCPU_H
#define PODWALL_MODEL_LINUX_PERCPU_H

#include <linux/cpumask.h>
#include <linux/slab.h>
#include <linux/types.h>

#define PCPU_MIN_UNIT_SIZE 32768

void *__alloc_percpu_gfp(size_t size, size_t align, gfp_t flags);
void free_percpu(void *block);

#define __alloc_percpu(size, align) __alloc_percpu_gfp(size, align, GFP_KERNEL)
#define alloc_percpu_gfp(type, flags) \
	((type *)__alloc_percpu_gfp(sizeof(type), __alignof__(type), flags))
#define alloc_percpu(type) alloc_percpu_gfp(type, GFP_KERNEL)

/* One CPU. */
#define per_cpu_ptr(pointer, cpu) ((void)(cpu), (pointer))
#define this_cpu_ptr(pointer) (pointer)
#define raw_cpu_ptr(pointer) (pointer)
#define this_cpu_read(variable) READ_ONCE(variable)
#define this_cpu_write(variable, value) WRITE_ONCE(variable, value)
#define this_cpu_add(variable, value) ((void)((variable) += (value)))
#define this_cpu_inc(variable) this_cpu_add(variable, 1)
#define this_cpu_dec(variable) this_cpu_add(variable, -1)

#endif
