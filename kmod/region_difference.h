/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_REGION_DIFFERENCE_H
#define PODWALL_REGION_DIFFERENCE_H

#include <linux/types.h>

#include "region.h"

/**
 * struct podwall_stretch - addresses that follow one another
 * @first: the lowest
 * @last: the highest; in it
 */
struct podwall_stretch {
	struct podwall_position first;
	struct podwall_position last;
};

int podwall_regions_difference(const struct podwall_regions *old,
			       const struct podwall_regions *new, u8 family,
			       struct podwall_array *stretches);
bool podwall_stretches_hold(const struct podwall_array *stretches,
			    const struct podwall_position *position);
u64 podwall_stretches_size(const struct podwall_array *stretches);

#endif
