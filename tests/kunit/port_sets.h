/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_KUNIT_PORT_SETS_H
#define PODWALL_KUNIT_PORT_SETS_H

#include <kunit/test.h>
#include <linux/types.h>

struct podwall_array;
struct podwall_port_map;
struct podwall_port_range;
struct podwall_rule_set;

/* Arrays of rule sets for nothing but the ports that they name. */

struct podwall_rule_set *port_sets_make(struct kunit *test, u32 id);
void port_sets_add_range(struct kunit *test, struct podwall_rule_set *set,
			 const struct podwall_port_range *range);
void port_sets_append(struct kunit *test, struct podwall_array *sets,
		      struct podwall_rule_set *set);
void port_sets_add(struct kunit *test, struct podwall_array *sets,
		   const struct podwall_port_range *ranges, size_t count);
void port_sets_free(struct podwall_array *sets);
struct podwall_port_map *port_sets_build(struct kunit *test,
					 const struct podwall_array *sets);
bool port_sets_are_told(const struct podwall_port_map *map,
			const struct podwall_array *sets);

#endif
