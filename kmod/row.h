/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ROW_H
#define PODWALL_ROW_H

#include <asm/byteorder.h>
#include <linux/bitops.h>
#include <linux/cache.h>
#include <linux/kconfig.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "cells.h"
#include "counters.h"
#include "port_map.h"
#include "result.h"
#include "rule_set.h"

/**
 * struct podwall_row - which rules of a rule set match each peer and port
 * @identities: the cell of each number of an identity, in @cells
 * @regions: the cell of each region, in @cells
 * @counts: of the rule set; its first ones, which are all in a row of masks
 * @default_count: the one of them for what nothing decided
 * @code: all programs; NULL in a row of masks
 * @stops: the rules that do not accept, and isolation
 * @passes: the rules that pass
 * @denies: the rules that deny, and isolation
 * @tiers: the rules of each tier; isolation is of the policy tier
 * @references: policies that hold it
 * @set: whose row it is, and which outlives it
 * @cells: owned reference. In a row of masks a cell is the rules that match; a
 *	region's has those that match every peer too, and the endings. In a row
 *	of programs a cell is where a program begins
 * @code_count: length of @code
 * @port_count: length of @ports
 * @base: in a row of programs, that of the rules that match every peer
 * @reserved: moves @ports to where they share the fewest cache lines
 * @ports: for each class of ports, the rules that match it, and the endings;
 *	none in a row of programs
 *
 * Rules as a mask are a bit each, which is their count's index, so bits stand
 * in the order in which rules are judged. Immutable once published.
 */
struct podwall_row {
	const u32 *identities;
	const u32 *regions;
	struct podwall_count __percpu *counts;
	struct podwall_count __percpu *default_count;
	u32 *code;
	u32 stops;
	u32 passes;
	u32 denies;
	u32 tiers[PODWALL_TIERS];
	refcount_t references;
	const struct podwall_rule_set *set;
	struct podwall_cells *cells;
	u32 code_count;
	u32 port_count;
	u32 base;
	u32 reserved[3];
	u32 ports[];
};

/* The first class of ports that a rule names begins a cache line. */
static_assert(!IS_ENABLED(CONFIG_X86_64) ||
	      (offsetof(struct podwall_row, ports) +
	       (PODWALL_PORT_CLASS_UNNAMED + 1) * sizeof(u32)) %
	      L1_CACHE_BYTES == 0);

struct podwall_row *podwall_row_create(const struct podwall_rule_set *set,
				       struct podwall_cells *cells,
				       u32 port_count);
struct podwall_row *podwall_row_get(struct podwall_row *row);
void podwall_row_put(struct podwall_row *row);
size_t podwall_row_size(const struct podwall_row *row);
u32 podwall_row_pass(const struct podwall_row *row, u32 mask);
struct podwall_count __percpu *
podwall_row_accepts_by_programs(const struct podwall_row *row,
				u32 identity_cell, u32 region_cell,
				u8 protocol, u16 port);
struct podwall_count __percpu *
podwall_row_accepts_closely(const struct podwall_row *row, u32 mask);
u32 podwall_row_run(const struct podwall_row *row, u32 identity_cell,
		    u32 region_cell, u32 key, bool skip_policy_tier);

/**
 * podwall_row_decide - find what decides, of the rules that match
 * @row: of masks; under RCU, or referenced
 * @mask: the rules, and at least one ending
 *
 * Context: Any.
 * Return: the result.
 */
static __always_inline u32 podwall_row_decide(const struct podwall_row *row,
					      u32 mask)
{
	u32 bit = __ffs(mask);

	if (unlikely(row->passes >> bit & 1))
		return podwall_row_pass(row, mask);
	return (row->denies >> bit) << 31 | bit;
}

/**
 * podwall_row_find - find what decides about a peer and a port
 * @row: under RCU, or referenced
 * @identity: number of the peer's identity, by the same policy as @row; 0 for
 *	none
 * @region: of the peer's address, by the same policy as @row
 * @key: protocol and port of the server
 * @port: the class of @key, by the same policy as @row
 * @skip_policy_tier: the policy tier does not concern the connection
 *
 * A rule matches a peer that it matches by identity or by region.
 *
 * Context: Any.
 * Return: the result.
 */
static __always_inline u32 podwall_row_find(const struct podwall_row *row,
					    u32 identity, u32 region, u32 key,
					    u32 port, bool skip_policy_tier)
{
	u32 identity_cell = row->identities[identity];
	u32 region_cell = row->regions[region];
	u32 mask;

	if (unlikely(row->code))
		return podwall_row_run(row, identity_cell, region_cell, key,
				       skip_policy_tier);
	mask = (identity_cell | region_cell) & row->ports[port];
	if (skip_policy_tier)
		mask &= ~row->tiers[PODWALL_TIER_POLICY];
	return podwall_row_decide(row, mask);
}

/**
 * podwall_row_accepts - whether a peer and a port are accepted
 * @row: under RCU, or referenced
 * @identity: number of the peer's identity, by the same policy as @row; 0 for
 *	none
 * @region: of the peer's address, by the same policy as @row
 * @protocol: IP protocol number, of a protocol with ports; few rows need it
 * @port: of the server, in network byte order; likewise
 * @port_class: theirs, by the same policy as @row
 * @count: receives where to count a packet that is accepted
 *
 * Context: Any.
 */
static __always_inline bool
podwall_row_accepts(const struct podwall_row *row, u32 identity, u32 region,
		    const u8 *protocol, const __be16 *port, u32 port_class,
		    struct podwall_count __percpu **count)
{
	u32 identity_cell = row->identities[identity];
	u32 region_cell = row->regions[region];
	u32 mask, bit;

	if (unlikely(row->code)) {
		*count = podwall_row_accepts_by_programs(row, identity_cell,
							 region_cell, *protocol,
							 ntohs(*port));
		return *count;
	}
	mask = (identity_cell | region_cell) & row->ports[port_class];
	bit = __ffs(mask);
	if (unlikely(row->stops >> bit & 1)) {
		*count = podwall_row_accepts_closely(row, mask);
		return *count;
	}
	*count = row->counts + bit;
	return true;
}

#endif
