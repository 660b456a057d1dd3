/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ROW_H
#define PODWALL_ROW_H

#include <linux/refcount.h>
#include <linux/types.h>

#include "counters.h"
#include "port_table.h"
#include "program.h"
#include "rule_set.h"

/* A cell holds a kind. */
#define PODWALL_ROW_KINDS_MAX	65536

/**
 * struct podwall_row - which rules of a rule set match each peer
 * @ports: of the rule set; NULL in a row of programs
 * @counts: of the rule set; its first ones, which are all in a row of masks
 * @masks: for each kind, the rules that match it; NULL in a row of programs
 * @starts: for each kind, where its program begins; else NULL
 * @code: all programs
 * @set: whose row it is, and which outlives it
 * @references: policies that hold it
 * @kind_count: kinds
 * @code_count: length of @code
 * @region_count: cells for regions
 * @identity_count: cells for numbers of identities, behind those
 * @cells: the kind of each; what the same rules match is one kind
 *
 * Immutable once published.
 */
struct podwall_row {
	const struct podwall_port_table *ports;
	struct podwall_count __percpu *counts;
	u64 *masks;
	u32 *starts;
	u32 *code;
	const struct podwall_rule_set *set;
	refcount_t references;
	u32 kind_count;
	u32 code_count;
	u32 region_count;
	u32 identity_count;
	u16 cells[];
};

struct podwall_row *podwall_row_create(const struct podwall_rule_set *set,
				       u32 identity_count, u32 region_count);
struct podwall_row *podwall_row_get(struct podwall_row *row);
void podwall_row_put(struct podwall_row *row);
size_t podwall_row_size(const struct podwall_row *row);
u32 podwall_row_run(const struct podwall_row *row, u32 identity_kind,
		    u32 region_kind, u32 key, bool has_port,
		    bool skip_policy_tier);

/**
 * podwall_row_find - find what decides about a peer and a port
 * @row: under RCU, or referenced
 * @identity: number of the peer's identity, by the same policy as @row; 0 for
 *	none
 * @region: of the peer's address, by the same policy as @row
 * @key: protocol and port of the server
 * @has_port: the protocol has ports and the packet carries them
 * @skip_policy_tier: the policy tier does not concern the connection
 *
 * A rule matches a peer that it matches by identity or by region.
 *
 * Context: Any.
 * Return: the result.
 */
static __always_inline u32 podwall_row_find(const struct podwall_row *row,
					    u32 identity, u32 region,
					    u32 key, bool has_port,
					    bool skip_policy_tier)
{
	u32 identity_kind = row->cells[row->region_count + identity];
	u32 region_kind = row->cells[region];

	if (unlikely(!row->ports))
		return podwall_row_run(row, identity_kind, region_kind,
				       key, has_port, skip_policy_tier);
	return podwall_port_table_find(row->ports,
				       row->masks[identity_kind] |
				       row->masks[region_kind],
				       key, has_port, skip_policy_tier);
}

/**
 * podwall_row_count - count a packet for the rule that decided
 * @row: under RCU, or referenced
 * @result: that podwall_row_find() returned
 * @bytes: the packet's length
 *
 * Context: Any; writes this CPU's counts only.
 */
static __always_inline void podwall_row_count(const struct podwall_row *row,
					      u32 result, u32 bytes)
{
	u32 index = result & PODWALL_RESULT_COUNT;

	if (likely(row->ports)) {
		this_cpu_inc(row->counts[index].packets);
		this_cpu_add(row->counts[index].bytes, (u64)bytes);
	} else {
		podwall_counters_add(row->set->counters, index, bytes);
	}
}

#endif
