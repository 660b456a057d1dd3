// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "array.h"
#include "membership.h"
#include "peer_set.h"
#include "port_map.h"
#include "region_holder.h"
#include "row_masks.h"

/**
 * DOC: Rules as bits
 *
 * Up to PODWALL_RULE_SET_MASK_MAX rules have a bit each, in the order in which they
 * are judged; isolation has one behind the policy tier, and one at the end
 * stands for what nothing decided. Which rules match a peer is one word, which
 * rules match a port another; the lowest bit that is in both decides. A rule
 * that passes takes the bits of its tier away, and the next lowest decides.
 *
 * For example, the rules
 *
 *	bit 0	admin    pass    peers {monitoring}	any port
 *	bit 1	admin    deny    any peer		TCP 22
 *	bit 2	policy   accept  peers {frontend}	TCP 80
 *	bit 3	isolation
 *	bit 4	nothing decided
 *
 * A peer in monitoring has 11011, TCP 22 has 11011: bit 0 passes, what is left
 * of 11011 without the admin tier is 11000, and isolation denies.
 */

/* The cells to spare: one for so many, and of regions no more than are likely. */
#define SPARE_SHARE		16
#define SPARE_REGIONS_MAX	64

static u32 bit_of(const struct podwall_rule_set *set, u32 rule)
{
	return 1U << podwall_rule_set_rule_count(set, rule);
}

static u32 isolation_bit(const struct podwall_rule_set *set)
{
	return (u32)set->isolated << podwall_rule_set_isolation_count(set);
}

static u32 endings(const struct podwall_rule_set *set)
{
	return isolation_bit(set) | 1U << podwall_rule_set_default_count(set);
}

static u32 any_peer(const struct podwall_rule_set *set)
{
	u32 i, mask = endings(set);

	for (i = 0; i < set->rules.count; i++)
		if (podwall_rule_set_rule(set, i)->any_peer)
			mask |= bit_of(set, i);
	return mask;
}

static void fill_rules(struct podwall_row *row)
{
	const struct podwall_rule_set *set = row->set;
	u32 i;

	row->denies = isolation_bit(set);
	row->tiers[PODWALL_TIER_POLICY] = isolation_bit(set);
	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		row->tiers[rule->tier] |= bit_of(set, i);
		if (rule->action == PODWALL_ACTION_PASS)
			row->passes |= bit_of(set, i);
		else if (rule->action == PODWALL_ACTION_DENY)
			row->denies |= bit_of(set, i);
	}
	row->stops = row->passes | row->denies;
}

/* Ranges of one rule may overlap: how many hold each class is counted. */
static void fill_rule(struct podwall_row *row,
		      const struct podwall_port_map *map, u32 index,
		      s32 *changes)
{
	const struct podwall_rule *rule = podwall_rule_set_rule(row->set, index);
	const struct podwall_port_range *range =
		row->set->port_ranges.elements;
	u32 i, slot, bit = bit_of(row->set, index);
	s32 depth = 0;

	range += rule->first_port_range;
	memset(changes, 0, (row->port_count + 1) * sizeof(*changes));
	for (i = 0; i < rule->port_range_count; i++, range++) {
		slot = podwall_port_slot(range->protocol);
		changes[podwall_port_map_find_port(map, slot, range->first)]++;
		changes[podwall_port_map_find_port(map, slot, range->last) + 1]--;
		/* A later fragment may be of any port: of one denied. */
		if (rule->action == PODWALL_ACTION_DENY)
			row->ports[slot] |= bit;
	}
	for (i = 0; i < row->port_count; i++) {
		depth += changes[i];
		if (depth || rule->any_port)
			row->ports[i] |= bit;
	}
	cond_resched();
}

static int fill_ports(struct podwall_row *row,
		      const struct podwall_port_map *map)
{
	u32 i, always = endings(row->set);
	s32 *changes;

	changes = kvmalloc_array(row->port_count + 1, sizeof(*changes),
				 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!changes)
		return -ENOMEM;
	for (i = 0; i < row->port_count; i++)
		row->ports[i] = always;
	for (i = 0; i < row->set->rules.count; i++)
		fill_rule(row, map, i, changes);
	kvfree(changes);
	return 0;
}

/* Owns the cells; ports as in a row by the same map, or made. */
static struct podwall_row *create(const struct podwall_rule_set *set,
				  struct podwall_cells *cells,
				  const struct podwall_port_map *ports,
				  const struct podwall_row *same_ports)
{
	struct podwall_row *row = podwall_row_create(set, cells, ports->count);

	if (!row)
		return ERR_PTR(-ENOMEM);
	fill_rules(row);
	if (same_ports) {
		memcpy(row->ports, same_ports->ports,
		       row->port_count * sizeof(*row->ports));
	} else if (fill_ports(row, ports)) {
		podwall_row_put(row);
		return ERR_PTR(-ENOMEM);
	}
	return row;
}

/*
 * So that few more of either need no new cells; none where cells are few. As they
 * were, if there are any.
 */
static struct podwall_cells *
create_cells(const struct podwall_rule_set *set,
	     const struct podwall_membership *membership,
	     struct podwall_cells *old)
{
	u32 regions = membership->regions->regions.count;
	u32 identities = membership->identities->count;
	u32 spare = max(regions, identities) / SPARE_SHARE;

	regions += min_t(u32, spare, SPARE_REGIONS_MAX);
	identities += identities / SPARE_SHARE;
	return old ? podwall_cells_extend(old, regions, identities, set->id) :
		     podwall_cells_create(regions, identities, set->id);
}

/* A cell is told by region, or by number behind the regions that there are. */
static u32 *cell_at(struct podwall_cells *cells,
		    const struct podwall_membership *membership, u32 cell)
{
	u32 regions = membership->regions->regions.count;

	if (cell >= regions)
		cell += cells->region_count - regions;
	return podwall_cells_values(cells) + cell;
}

static void add_peer_set(struct podwall_cells *cells,
			 const struct podwall_membership *membership, u32 set,
			 u32 bit)
{
	const struct podwall_peer_set *peers =
		podwall_peer_set_find(membership->peer_sets, set);
	const u32 *ids = peers->identities.elements, *regions;
	u32 *values = podwall_cells_values(cells);
	u32 *identities = values + cells->region_count;
	u32 i, number, count;

	for (i = 0; i < peers->identities.count; i++) {
		number = podwall_identities_find(membership->identities, ids[i]);
		if (number)
			identities[number] |= bit;
	}
	regions = podwall_regions_held(membership->regions, set, &count);
	for (i = 0; i < count; i++)
		values[regions[i]] |= bit;
	cond_resched();
}

/**
 * podwall_row_masks_build - find out which rules match each peer and port
 * @set: frozen, with at most PODWALL_RULE_SET_MASK_MAX rules; outlives the row
 * @membership: as it is now
 * @ports: as it is now
 *
 * Context: Process context; may sleep.
 * Return: the row with one reference, the caller's, or -ENOMEM as an error
 * pointer.
 */
struct podwall_row *
podwall_row_masks_build(const struct podwall_rule_set *set,
			const struct podwall_membership *membership,
			const struct podwall_port_map *ports)
{
	struct podwall_cells *cells = create_cells(set, membership, NULL);
	const u32 *ids = set->peer_sets.elements;
	u32 i, j, base = any_peer(set), *values;

	if (!cells)
		return ERR_PTR(-ENOMEM);
	values = podwall_cells_values(cells);
	for (i = 0; i < cells->region_count; i++)
		values[i] = base;
	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		for (j = 0; j < rule->peer_set_count; j++)
			add_peer_set(cells, membership,
				     ids[rule->first_peer_set + j],
				     bit_of(set, i));
	}
	return create(set, cells, ports, NULL);
}

static u32 find_cell(const struct podwall_rule_set *set,
		     const struct podwall_membership *membership, u32 cell)
{
	bool is_region = cell < membership->regions->regions.count;
	const u32 *ids = set->peer_sets.elements;
	u32 i, j, mask = is_region ? any_peer(set) : 0;

	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		for (j = 0; j < rule->peer_set_count; j++)
			if (podwall_membership_holds(membership,
						     ids[rule->first_peer_set + j],
						     cell))
				break;
		if (j < rule->peer_set_count)
			mask |= bit_of(set, i);
	}
	return mask;
}

static bool has_changed(const struct podwall_row *old,
			const struct podwall_membership *membership,
			const struct podwall_array *dirty)
{
	const u32 *changed = dirty->elements;
	u32 i;

	for (i = 0; i < dirty->count; i++) {
		if (*cell_at(old->cells, membership, changed[i]) !=
		    find_cell(old->set, membership, changed[i]))
			return true;
		cond_resched();
	}
	return false;
}

static struct podwall_cells *
update_cells(const struct podwall_row *old,
	     const struct podwall_membership *membership,
	     const struct podwall_array *dirty)
{
	const u32 *changed = dirty->elements;
	struct podwall_cells *cells;
	u32 i, base, *values;

	if (podwall_cells_fit(old->cells, membership->regions->regions.count,
			      membership->identities->count) &&
	    !has_changed(old, membership, dirty))
		return podwall_cells_get(old->cells);
	cells = create_cells(old->set, membership, old->cells);
	if (!cells)
		return NULL;
	values = podwall_cells_values(cells);
	base = any_peer(old->set);
	for (i = old->cells->region_count; i < cells->region_count; i++)
		values[i] = base;
	for (i = 0; i < dirty->count; i++) {
		*cell_at(cells, membership, changed[i]) =
			find_cell(old->set, membership, changed[i]);
		cond_resched();
	}
	return cells;
}

/**
 * podwall_row_masks_update - find out what matches after a small change
 * @old: row of masks
 * @membership: as it is now
 * @ports: as it is now
 * @same_ports: and was when @old was built
 * @dirty: of u32; cells of identities and regions that are new or that peer
 *	sets hold otherwise than when @old was built
 *
 * Context: Process context; may sleep.
 * Return: the row with one reference, the caller's; @old where nothing changes for
 * it; or -ENOMEM as an error pointer.
 */
struct podwall_row *
podwall_row_masks_update(struct podwall_row *old,
			 const struct podwall_membership *membership,
			 const struct podwall_port_map *ports, bool same_ports,
			 const struct podwall_array *dirty)
{
	struct podwall_cells *cells = update_cells(old, membership, dirty);

	if (!cells)
		return ERR_PTR(-ENOMEM);
	if (cells == old->cells && same_ports) {
		podwall_cells_put(cells);
		return podwall_row_get(old);
	}
	return create(old->set, cells, ports, same_ports ? old : NULL);
}
