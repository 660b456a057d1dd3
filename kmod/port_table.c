// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "array.h"
#include "port_table.h"
#include "rule_set.h"

/**
 * DOC: Rules as bits
 *
 * Up to PODWALL_PORT_TABLE_RULES_MAX rules have a bit each, in the order in
 * which they are judged; isolation has one behind the policy tier, and one at
 * the end stands for what nothing decided. Which rules match a peer is one
 * word, which rules match a port another; the lowest bit that is in both
 * decides. A rule that passes takes the bits of its tier away, and the next
 * lowest decides.
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

#define MASKS_PORTS	65536

/* So many intervals of one root are looked through one by one. */
#define INTERVALS_FEW	16

static struct podwall_port_range *ranges_of(const struct podwall_rule_set *set,
					    const struct podwall_rule *rule)
{
	return (struct podwall_port_range *)set->port_ranges.elements +
	       rule->first_port_range;
}

/**
 * podwall_port_table_bit - find a rule's bit
 * @set: with at most PODWALL_PORT_TABLE_RULES_MAX rules
 * @rule: index of the rule
 *
 * Context: Any.
 */
u32 podwall_port_table_bit(const struct podwall_rule_set *set, u32 rule)
{
	return rule + (podwall_rule_set_rule(set, rule)->tier >
		       PODWALL_TIER_POLICY);
}

static u32 isolation_bit(const struct podwall_rule_set *set)
{
	u32 i;

	for (i = 0; i < set->rules.count; i++)
		if (podwall_rule_set_rule(set, i)->tier > PODWALL_TIER_POLICY)
			break;
	return i;
}

static int compare_cuts(const void *a, const void *b)
{
	u32 left = *(const u32 *)a, right = *(const u32 *)b;

	return left < right ? -1 : left > right;
}

/* Where intervals of a protocol begin, ascending from 0. */
static int find_cuts(const struct podwall_rule_set *set, u32 slot,
		     struct podwall_array *cuts)
{
	const struct podwall_port_range *ranges = set->port_ranges.elements;
	u32 i, kept = 0;
	u32 *cut;
	int err;

	cuts->count = 0;
	err = podwall_array_reserve(cuts, 2 * set->port_ranges.count + 1,
				    sizeof(*cut));
	if (err)
		return err;
	cut = cuts->elements;
	cut[cuts->count++] = 0;
	for (i = 0; i < set->port_ranges.count; i++) {
		if (podwall_port_slot(ranges[i].protocol) != slot)
			continue;
		cut[cuts->count++] = ranges[i].first;
		if (ranges[i].last + 1 < MASKS_PORTS)
			cut[cuts->count++] = ranges[i].last + 1;
	}
	sort(cut, cuts->count, sizeof(*cut), compare_cuts, NULL);
	for (i = 0; i < cuts->count; i++)
		if (!kept || cut[i] != cut[kept - 1])
			cut[kept++] = cut[i];
	cuts->count = kept;
	return 0;
}

static u32 interval_of(const struct podwall_array *cuts, u32 port)
{
	const u32 *cut = cuts->elements;
	u32 low = 0, high = cuts->count - 1, middle;

	while (low < high) {
		middle = (low + high + 1) / 2;
		if (cut[middle] <= port)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* Ranges of one rule may overlap: how many hold each interval is counted. */
static void mark_rule(const struct podwall_rule_set *set, u32 index, u32 slot,
		      const struct podwall_array *cuts, s32 *changes,
		      u64 *masks)
{
	const struct podwall_rule *rule = podwall_rule_set_rule(set, index);
	const struct podwall_port_range *ranges = ranges_of(set, rule);
	u64 bit = 1ULL << podwall_port_table_bit(set, index);
	s32 depth = 0;
	u32 i;

	memset(changes, 0, (cuts->count + 1) * sizeof(*changes));
	for (i = 0; i < rule->port_range_count; i++) {
		if (podwall_port_slot(ranges[i].protocol) != slot)
			continue;
		changes[interval_of(cuts, ranges[i].first)]++;
		changes[interval_of(cuts, ranges[i].last) + 1]--;
	}
	for (i = 0; i < cuts->count; i++) {
		depth += changes[i];
		if (depth || rule->any_port)
			masks[i] |= bit;
	}
	cond_resched();
}

static int build_protocol(const struct podwall_rule_set *set, u32 slot,
			  struct podwall_array *cuts,
			  struct podwall_array *masks,
			  struct podwall_array *lasts)
{
	u32 i, from = masks->count;
	u64 endings, *mask;
	s32 *changes;
	u16 *last;
	int err;

	err = find_cuts(set, slot, cuts);
	if (!err)
		err = podwall_array_reserve(masks, cuts->count, sizeof(*mask));
	if (!err)
		err = podwall_array_reserve(lasts, cuts->count, sizeof(*last));
	if (err)
		return err;
	changes = kvmalloc_array(cuts->count + 1, sizeof(*changes),
				 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!changes)
		return -ENOMEM;
	endings = 1ULL << (set->rules.count + 1) |
		  (u64)set->isolated << isolation_bit(set);
	mask = (u64 *)masks->elements + from;
	last = (u16 *)lasts->elements + from;
	for (i = 0; i < cuts->count; i++) {
		mask[i] = endings;
		last[i] = i + 1 < cuts->count ?
			  ((u32 *)cuts->elements)[i + 1] - 1 : U16_MAX;
	}
	for (i = 0; i < set->rules.count; i++)
		mark_rule(set, i, slot, cuts, changes, mask);
	kvfree(changes);
	masks->count += cuts->count;
	lasts->count += cuts->count;
	return 0;
}

static u32 rule_result(const struct podwall_rule *rule, u32 index)
{
	switch (rule->action) {
	case PODWALL_ACTION_ACCEPT:
		return index;
	case PODWALL_ACTION_PASS:
		return PODWALL_RESULT_PASS | rule->tier;
	default:
		return PODWALL_RESULT_DENY | index;
	}
}

static void fill_table(struct podwall_port_table *table,
		       const struct podwall_rule_set *set)
{
	u32 i, j, isolation = isolation_bit(set), end = set->rules.count + 1;
	u64 endings = 1ULL << end | (u64)set->isolated << isolation;

	table->any_peer = endings;
	table->other = endings;
	for (i = 0; i < PODWALL_PORT_PROTOCOLS; i++)
		table->portless[i] = endings;
	table->tiers[PODWALL_TIER_POLICY] = 1ULL << isolation;
	table->results[isolation] = PODWALL_RESULT_DENY |
				    podwall_rule_set_isolation_count(set);
	table->results[end] = podwall_rule_set_default_count(set);
	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);
		const struct podwall_port_range *ranges = ranges_of(set, rule);
		u32 bit = podwall_port_table_bit(set, i);
		u64 mask = 1ULL << bit;

		table->results[bit] = rule_result(rule, i);
		table->tiers[rule->tier] |= mask;
		if (rule->any_peer)
			table->any_peer |= mask;
		if (rule->any_port) {
			table->other |= mask;
			for (j = 0; j < PODWALL_PORT_PROTOCOLS; j++)
				table->portless[j] |= mask;
			continue;
		}
		/* A later fragment may be of any port: of one denied. */
		for (j = 0; j < rule->port_range_count; j++)
			if (rule->action == PODWALL_ACTION_DENY)
				table->portless[podwall_port_slot(ranges[j].protocol)] |=
					mask;
	}
}

/* Returns false where intervals are too crowded to be looked through. */
static bool fill_roots(struct podwall_port_table *table, const u32 *first)
{
	u32 slot, i, before, interval;

	for (slot = 0; slot < PODWALL_PORT_PROTOCOLS; slot++) {
		interval = first[slot];
		for (i = 0; i < PODWALL_PORT_ROOTS; i++) {
			before = interval;
			while (table->lasts[interval] <
			       i << PODWALL_PORT_ROOT_BITS)
				interval++;
			table->roots[slot * PODWALL_PORT_ROOTS + i] = interval;
			if (interval - before > INTERVALS_FEW)
				return false;
		}
		if (first[slot + 1] - interval > INTERVALS_FEW)
			return false;
	}
	return true;
}

/* Returns NULL without memory. */
static struct podwall_port_table *
assemble(const struct podwall_rule_set *set, const struct podwall_array *masks,
	 const struct podwall_array *lasts)
{
	struct podwall_port_table *table;
	size_t size = struct_size(table, masks, masks->count);
	u16 *copy;

	table = kvzalloc(size + lasts->count * sizeof(*copy),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!table)
		return NULL;
	copy = (void *)table + size;
	memcpy(table->masks, masks->elements, masks->count * sizeof(u64));
	memcpy(copy, lasts->elements, lasts->count * sizeof(*copy));
	table->count = masks->count;
	table->lasts = copy;
	fill_table(table, set);
	return table;
}

/**
 * podwall_port_table_build - find out which rules match each port
 * @set: with all its rules
 * @table: receives the table, the caller's; NULL when the rules are too many, or
 *	their port ranges too crowded
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_port_table_build(const struct podwall_rule_set *set,
			     struct podwall_port_table **table)
{
	struct podwall_array cuts = {}, masks = {}, lasts = {};
	u32 i, first[PODWALL_PORT_PROTOCOLS + 1];
	int err = 0;

	*table = NULL;
	if (set->rules.count > PODWALL_PORT_TABLE_RULES_MAX)
		return 0;
	for (i = 0; !err && i < PODWALL_PORT_PROTOCOLS; i++) {
		first[i] = masks.count;
		err = build_protocol(set, i, &cuts, &masks, &lasts);
	}
	first[i] = masks.count;
	/* More than roots can point to are crowded for certain. */
	if (!err && masks.count <= U16_MAX) {
		*table = assemble(set, &masks, &lasts);
		if (!*table) {
			err = -ENOMEM;
		} else if (!fill_roots(*table, first)) {
			podwall_port_table_free(*table);
			*table = NULL;
		}
	}
	podwall_array_free(&cuts);
	podwall_array_free(&masks);
	podwall_array_free(&lasts);
	return err;
}

/**
 * podwall_port_table_free - free a table
 * @table: or NULL
 *
 * Context: Process context; may sleep.
 */
void podwall_port_table_free(struct podwall_port_table *table)
{
	kvfree(table);
}

/**
 * podwall_port_table_size - the memory that a table holds, in bytes
 * @table: any
 *
 * Context: Any.
 */
size_t podwall_port_table_size(const struct podwall_port_table *table)
{
	return struct_size(table, masks, table->count) +
	       table->count * sizeof(*table->lasts);
}
