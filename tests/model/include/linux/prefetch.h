/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_PREFETCH_H
#define PODWALL_MODEL_LINUX_PREFETCH_H

#define prefetch(address) __builtin_prefetch(address)
#define prefetchw(address) __builtin_prefetch(address, 1)

#endif
