/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_REGION_HOLDER_H
#define PODWALL_REGION_HOLDER_H

#include <linux/types.h>

#include "region.h"

int podwall_regions_list_holders(struct podwall_regions *regions,
				 const struct podwall_array *peer_sets);
const u32 *podwall_regions_held(const struct podwall_regions *regions, u32 set,
				u32 *count);
bool podwall_regions_holds(const struct podwall_regions *regions, u32 region,
			   u32 set);

struct podwall_holder *
podwall_regions_holder(const struct podwall_regions *regions, u32 set);

#endif
