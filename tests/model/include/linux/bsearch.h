/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_BSEARCH_H
#define PODWALL_MODEL_LINUX_BSEARCH_H

#include <stdlib.h>

#include <linux/types.h>

void *kernel_bsearch(const void *key, const void *base, size_t count,
		     size_t size,
		     int (*compare)(const void *key, const void *element));

#define bsearch(...) kernel_bsearch(__VA_ARGS__)

#endif
