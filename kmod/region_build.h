/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_REGION_BUILD_H
#define PODWALL_REGION_BUILD_H

struct podwall_array;
struct podwall_error;
struct podwall_regions;

struct podwall_regions *
podwall_regions_build(const struct podwall_array *peer_sets,
		      const struct podwall_regions *old,
		      struct podwall_error *error);

#endif
