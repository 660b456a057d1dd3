// SPDX-License-Identifier: GPL-2.0-only

#include <linux/kernel.h>
#include <linux/cache.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <asm/byteorder.h>

#include "ledger.h"
#include "program.h"
#include "row.h"
#include "rule_set.h"

/* The allocator keeps whole cache lines apart. */
static size_t size_of(u32 port_count)
{
	const struct podwall_row *row;

	return ALIGN(struct_size(row, ports, port_count), L1_CACHE_BYTES);
}

/**
 * podwall_row_create - begin a row
 * @set: whose row it is; outlives it
 * @cells: owned by the row from now on, also without memory
 * @port_count: classes of ports; 0 for a row of programs
 *
 * Context: Process context; may sleep.
 * Return: the row with one reference, the caller's, or NULL without memory.
 */
struct podwall_row *podwall_row_create(const struct podwall_rule_set *set,
				       struct podwall_cells *cells,
				       u32 port_count)
{
	struct podwall_row *row;

	row = kvzalloc(size_of(port_count), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!row) {
		podwall_cells_put(cells);
		return NULL;
	}
	podwall_ledger_made(PODWALL_LEDGER_ROW);
	refcount_set(&row->references, 1);
	row->set = set;
	row->counts = set->counters->chunks[0];
	row->default_count =
		podwall_counters_at(set->counters,
				    podwall_rule_set_default_count(set));
	row->cells = cells;
	row->regions = podwall_cells_values(cells);
	row->identities = row->regions + cells->region_count;
	row->port_count = port_count;
	return row;
}

/**
 * podwall_row_get - take a reference
 * @row: one that the caller may reach
 *
 * Context: Any.
 * Return: @row.
 */
struct podwall_row *podwall_row_get(struct podwall_row *row)
{
	refcount_inc(&row->references);
	return row;
}

/**
 * podwall_row_put - drop a reference, and the row with the last one
 * @row: no packet may reach it through the caller's reference any more; or
 *	NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_row_put(struct podwall_row *row)
{
	if (!row || !refcount_dec_and_test(&row->references))
		return;
	podwall_cells_put(row->cells);
	kvfree(row->code);
	kvfree(row);
	podwall_ledger_freed(PODWALL_LEDGER_ROW);
}

/**
 * podwall_row_size - the memory that a row holds, in bytes
 * @row: any
 *
 * Context: Any.
 */
size_t podwall_row_size(const struct podwall_row *row)
{
	return size_of(row->port_count) +
	       podwall_cells_size(row->cells) +
	       row->code_count * sizeof(*row->code);
}

/**
 * podwall_row_pass - find what decides behind a rule that passes
 * @row: of masks; under RCU, or referenced
 * @mask: the rules that match, and an ending; the first one of them passes
 *
 * Context: Any.
 * Return: the result.
 */
u32 podwall_row_pass(const struct podwall_row *row, u32 mask)
{
	u8 tier;

	for (tier = PODWALL_TIER_ADMIN; tier < PODWALL_TIERS; tier++)
		if (row->tiers[tier] & row->passes & mask & -mask)
			mask &= ~row->tiers[tier];
	/* Tiers stand in the order of their bits: what is first passes no more. */
	return podwall_row_decide(row, mask);
}

static const struct podwall_program *program_at(const struct podwall_row *row,
						u32 cell)
{
	return (const void *)(row->code + cell);
}

/**
 * podwall_row_run - find what decides by the programs of two cells
 * @row: of programs; under RCU, or referenced
 * @identity_cell: of the peer's identity
 * @region_cell: of the region of its address
 * @key: protocol and port of the server
 * @skip_policy_tier: the policy tier does not concern the connection
 *
 * Context: Any.
 * Return: the result.
 */
u32 podwall_row_run(const struct podwall_row *row, u32 identity_cell,
		    u32 region_cell, u32 key, bool skip_policy_tier)
{
	return podwall_program_decide(row->set,
				      podwall_program_find(program_at(row, identity_cell),
							   key),
				      podwall_program_find(program_at(row, region_cell),
							   key),
				      skip_policy_tier);
}

/**
 * podwall_row_accepts_by_programs - podwall_row_accepts() for a row of programs
 * @row: under RCU, or referenced
 * @identity_cell: of the peer's identity
 * @region_cell: of the region of its address
 * @protocol: IP protocol number, of a protocol with ports
 * @port: of the server, in host byte order
 *
 * The rules that match every peer are in each program. So where one of the two
 * has no other, the other one alone decides, as was found out in advance.
 *
 * Context: Any.
 * Return: where to count the packet, or NULL when it is denied.
 */
struct podwall_count __percpu *
podwall_row_accepts_by_programs(const struct podwall_row *row,
				u32 identity_cell, u32 region_cell,
				u8 protocol, u16 port)
{
	u32 base = row->base, result;

	if (unlikely(region_cell != base && identity_cell != base))
		result = podwall_row_run(row, identity_cell, region_cell,
					 podwall_port_key(protocol, port, true),
					 false);
	else
		result = podwall_program_find_port(program_at(row,
							      region_cell == base ?
							      identity_cell :
							      region_cell),
						   podwall_port_slot(protocol),
						   port)->result;
	if (likely(result < PODWALL_COUNTERS_CHUNK))
		return row->counts + result;
	return result & PODWALL_RESULT_DENY ?
	       NULL : podwall_counters_at(row->set->counters, result);
}

/**
 * podwall_row_accepts_closely - podwall_row_accepts() where the first rule stops
 * @row: of masks; under RCU, or referenced
 * @mask: the rules that match, and an ending
 *
 * Context: Any.
 * Return: where to count the packet, or NULL when it is denied.
 */
struct podwall_count __percpu *
podwall_row_accepts_closely(const struct podwall_row *row, u32 mask)
{
	u32 result = podwall_row_decide(row, mask);

	return result & PODWALL_RESULT_DENY ? NULL : row->counts + result;
}
