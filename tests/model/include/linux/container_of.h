/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_CONTAINER_OF_H
#define PODWALL_MODEL_LINUX_CONTAINER_OF_H

#include <linux/stddef.h>

#define container_of(pointer, type, member)                                \
	({                                                                 \
		const __typeof__(((type *)0)->member) *inner_ = (pointer); \
		(type *)((char *)inner_ - offsetof(type, member));         \
	})

#endif
