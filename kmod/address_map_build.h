/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ADDRESS_MAP_BUILD_H
#define PODWALL_ADDRESS_MAP_BUILD_H

#include <linux/types.h>

#include "address_map.h"

struct podwall_address_map *podwall_address_map_create(u8 family, u32 count);
struct podwall_address_map *
podwall_address_map_clone(const struct podwall_address_map *map, u32 more);

void podwall_address_map_prefetch(const struct podwall_address_map *map,
				  const struct podwall_ip *ip);
int podwall_address_map_set(struct podwall_address_map **map,
			    const struct podwall_ip *ip, u32 value);
bool podwall_address_map_store(struct podwall_address_map *map,
			       const struct podwall_ip *ip, u32 value);

#endif
