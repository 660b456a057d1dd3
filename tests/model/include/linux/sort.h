/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_SORT_H
#define PODWALL_MODEL_LINUX_SORT_H

#include <linux/types.h>

typedef int (*cmp_func_t)(const void *a, const void *b);
typedef int (*cmp_r_func_t)(const void *a, const void *b, const void *private);
typedef void (*swap_func_t)(void *a, void *b, int size);

/* Equal elements end in any order, as in the kernel. */
void sort(void *base, size_t count, size_t size, cmp_func_t compare,
	  swap_func_t swap_elements);
void sort_r(void *base, size_t count, size_t size, cmp_r_func_t compare,
	    swap_func_t swap_elements, const void *private);

#endif
