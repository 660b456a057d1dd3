/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_PORT_MAP_H
#define PODWALL_PORT_MAP_H

#include <linux/bits.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "result.h"

struct podwall_array;
struct podwall_error;
struct podwall_rule_set;

/*
 * Before the classes of ports that some rule names stand those of later
 * fragments, one for each protocol, and the class of what no rule names: of
 * other ports, and of other protocols.
 */
#define PODWALL_PORT_CLASS_UNNAMED	PODWALL_PORT_PROTOCOLS

/* Ports that have a root in common, as a power of two, and roots. */
#define PODWALL_PORT_ROOT_BITS		8
#define PODWALL_PORT_ROOT_PORTS		BIT(PODWALL_PORT_ROOT_BITS)
#define PODWALL_PORT_SLOT_ROOTS		(65536 >> PODWALL_PORT_ROOT_BITS)
#define PODWALL_PORT_ROOTS		(PODWALL_PORT_KEYS >> PODWALL_PORT_ROOT_BITS)

/* Of a root whose ports are of several classes: the rest is its number. */
#define PODWALL_PORT_ROOT_DIVIDED	0x8000

/* What a root without that bit can tell apart. */
#define PODWALL_PORT_CLASSES_MAX	0x8000

/**
 * struct podwall_port_map - ports that no rule tells apart, as classes
 * @references: policies that hold it
 * @count: classes
 * @range_count: port ranges that it was made for
 * @divided_count: roots that are divided
 * @before: for each class, and for one more, how many ports are of a class with
 *	a lower number, other than those that no rule names
 * @roots: by key without the lower bits of the port: the class of all its ports,
 *	or PODWALL_PORT_ROOT_DIVIDED and an index of @divided
 * @divided: the class of each port of a root that is divided
 *
 * Immutable once published.
 */
struct podwall_port_map {
	refcount_t references;
	u32 count;
	u64 range_count;
	u32 divided_count;
	u32 *before;
	u16 roots[PODWALL_PORT_ROOTS];
	u16 divided[][PODWALL_PORT_ROOT_PORTS];
};

struct podwall_port_map *
podwall_port_map_build(const struct podwall_array *rule_sets,
		       struct podwall_error *error);
struct podwall_port_map *podwall_port_map_get(struct podwall_port_map *map);
void podwall_port_map_put(struct podwall_port_map *map);
size_t podwall_port_map_size(const struct podwall_port_map *map);
u64 podwall_port_map_count_ranges(const struct podwall_array *rule_sets);
bool podwall_port_map_tells(const struct podwall_port_map *map,
			    const struct podwall_rule_set *set);

/**
 * podwall_port_map_find_port - find the class of a port
 * @map: under RCU, or referenced
 * @slot: of the protocol, which has ports
 * @port: in host byte order
 *
 * Context: Any.
 */
static __always_inline u32
podwall_port_map_find_port(const struct podwall_port_map *map, u32 slot,
			   u16 port)
{
	u32 root = slot * PODWALL_PORT_SLOT_ROOTS +
		   (port >> PODWALL_PORT_ROOT_BITS);
	u32 class = map->roots[root];

	if (class & PODWALL_PORT_ROOT_DIVIDED)
		class = map->divided[class & ~PODWALL_PORT_ROOT_DIVIDED]
				    [port % PODWALL_PORT_ROOT_PORTS];
	return class;
}

/**
 * podwall_port_map_find - find the class of what may have no port
 * @map: under RCU, or referenced
 * @key: by podwall_port_key()
 *
 * Context: Any.
 */
static inline u32 podwall_port_map_find(const struct podwall_port_map *map,
					u32 key)
{
	u32 slot = podwall_port_key_slot(key);

	if (slot >= PODWALL_PORT_PROTOCOLS)
		return slot - PODWALL_PORT_PROTOCOLS;
	return podwall_port_map_find_port(map, slot, key);
}

#endif
