// SPDX-License-Identifier: GPL-2.0-only

#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "row.h"
#include "rule_set.h"

/**
 * podwall_row_create - begin a row whose cells are all of kind 0
 * @set: whose row it is; outlives it
 * @identity_count: cells for numbers of identities
 * @region_count: cells for regions
 *
 * Context: Process context; may sleep.
 * Return: the row with one reference, the caller's, or NULL without memory.
 */
struct podwall_row *podwall_row_create(const struct podwall_rule_set *set,
				       u32 identity_count, u32 region_count)
{
	size_t count = (size_t)identity_count + region_count;
	struct podwall_row *row;

	row = kvzalloc(struct_size(row, cells, count),
		       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!row)
		return NULL;
	refcount_set(&row->references, 1);
	row->set = set;
	row->ports = set->ports;
	row->counts = set->counters->chunks[0];
	row->identity_count = identity_count;
	row->region_count = region_count;
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
	kvfree(row->masks);
	kvfree(row->starts);
	kvfree(row->code);
	kvfree(row);
}

/**
 * podwall_row_size - the memory that a row holds, in bytes
 * @row: any
 *
 * Context: Any.
 */
size_t podwall_row_size(const struct podwall_row *row)
{
	size_t count = (size_t)row->identity_count + row->region_count;

	return struct_size(row, cells, count) +
	       (row->masks ? row->kind_count * sizeof(*row->masks) : 0) +
	       (row->starts ? row->kind_count * sizeof(*row->starts) : 0) +
	       row->code_count * sizeof(*row->code);
}

static const struct podwall_program *program_of(const struct podwall_row *row,
						u32 kind)
{
	return (const void *)(row->code + row->starts[kind]);
}

/**
 * podwall_row_run - find what decides by the programs of two kinds
 * @row: of programs; under RCU, or referenced
 * @identity_kind: the kind of the peer's identity
 * @region_kind: the kind of its region
 * @key: protocol and port of the server
 * @has_port: the protocol has ports and the packet carries them
 * @skip_policy_tier: the policy tier does not concern the connection
 *
 * Context: Any.
 * Return: the result.
 */
u32 podwall_row_run(const struct podwall_row *row, u32 identity_kind,
		    u32 region_kind, u32 key, bool has_port,
		    bool skip_policy_tier)
{
	return podwall_program_decide(row->set,
				      podwall_program_find(program_of(row, identity_kind),
							   key, has_port),
				      podwall_program_find(program_of(row, region_kind),
							   key, has_port),
				      skip_policy_tier);
}
