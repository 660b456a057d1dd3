/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_REGION_ORDER_H
#define PODWALL_REGION_ORDER_H

#include <linux/types.h>

struct podwall_regions;

int podwall_regions_order(struct podwall_regions *regions,
			  const u32 *population);

#endif
