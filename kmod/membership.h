/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MEMBERSHIP_H
#define PODWALL_MEMBERSHIP_H

#include <linux/types.h>

#include "array.h"
#include "identity.h"
#include "region.h"

/**
 * struct podwall_membership - which peer sets hold which identities and regions
 * @peer_sets: of struct podwall_peer_set pointers, by id; borrowed
 * @identities: borrowed
 * @regions: borrowed
 */
struct podwall_membership {
	const struct podwall_array *peer_sets;
	const struct podwall_identities *identities;
	const struct podwall_regions *regions;
};

bool podwall_membership_holds(const struct podwall_membership *membership,
			      u32 set, u32 cell);

#endif
