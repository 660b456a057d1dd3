/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_REGION_EDGE_H
#define PODWALL_REGION_EDGE_H

#include <linux/types.h>

#include "region.h"

struct podwall_error;

/**
 * struct podwall_region_edge - where a block or an exception begins or has ended
 * @at: the first address that this concerns
 * @set: index of the peer set
 * @change: to the count of the peer set's blocks
 */
struct podwall_region_edge {
	struct podwall_position at;
	u32 set;
	s32 change;
};

int podwall_region_edges_collect(struct podwall_array *edges,
				 const struct podwall_array *peer_sets,
				 u8 family, struct podwall_error *error);

#endif
