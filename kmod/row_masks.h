/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ROW_MASKS_H
#define PODWALL_ROW_MASKS_H

#include "row.h"

struct podwall_array;
struct podwall_membership;
struct podwall_port_map;

struct podwall_row *
podwall_row_masks_build(const struct podwall_rule_set *set,
			const struct podwall_membership *membership,
			const struct podwall_port_map *ports);
struct podwall_row *
podwall_row_masks_update(struct podwall_row *old,
			 const struct podwall_membership *membership,
			 const struct podwall_port_map *ports, bool same_ports,
			 const struct podwall_array *dirty);

#endif
