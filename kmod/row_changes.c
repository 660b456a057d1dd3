// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bsearch.h>
#include <linux/err.h>
#include <linux/sched.h>

#include "error.h"
#include "membership.h"
#include "policy.h"
#include "row_changes.h"
#include "row_masks.h"
#include "row_programs.h"

/**
 * DOC: Which rows change
 *
 * The row of a rule set that the commit does not touch changes where an identity
 * or a region is new, and where a peer set that its rules name holds an identity
 * otherwise than before, or where ports are told apart that were not. Where that
 * is nowhere the row is shared, where it is in a few cells a copy gets those
 * anew, and else the row is built again. A row of masks has cells to spare, so that
 * it is shared as well when an identity or a region is new that none of its rules
 * names.
 *
 * Blocks move addresses from region to region and change no cell by themselves:
 * a region is known by the peer sets that hold it.
 */

/* Beyond this it is less work to build the row again. */
#define DIRTY_MAX	128

/**
 * struct set_change - a peer set whose identities changed
 * @id: of the peer set
 * @first: index of the first cell that this concerns
 * @count: how many follow
 * @seen_by: the rule set that last named it, as far as that is known
 */
struct set_change {
	u32 id;
	u32 first;
	u32 count;
	const struct podwall_rule_set *seen_by;
};

/**
 * struct changes - what commits do to the cells of rows
 * @renumbered: no row of before is of any use
 * @membership: after the commit
 * @memory: what the limit leaves for the next row, in bytes
 * @ports: after the commit
 * @same_ports: the commit does not change them
 * @set_changes: of struct set_change; by id
 * @set_cells: of u32; a run for each of them
 * @new_cells: of u32
 * @dirty: of u32; the cells of the row in hand
 */
struct changes {
	bool renumbered;
	struct podwall_membership membership;
	u64 memory;
	const struct podwall_port_map *ports;
	bool same_ports;
	struct podwall_array set_changes;
	struct podwall_array set_cells;
	struct podwall_array new_cells;
	struct podwall_array dirty;
};

static int append(struct podwall_array *array, u32 value)
{
	u32 *element = podwall_array_append(array, sizeof(*element));

	if (!element)
		return -ENOMEM;
	*element = value;
	return 0;
}

static bool is_new_identity(const struct podwall_identities *old,
			    const struct podwall_identity *identity, u32 number)
{
	return identity->users &&
	       (number >= old->count || !old->entries[number].users ||
		old->entries[number].id != identity->id);
}

static bool is_new_region(const struct podwall_regions *old,
			  const struct podwall_region *region, u32 number)
{
	return region->ranges && (number >= old->regions.count ||
				  !podwall_regions_region(old, number)->ranges);
}

static int find_new_cells(struct changes *changes,
			  const struct podwall_classifier *old)
{
	const struct podwall_membership *new = &changes->membership;
	u32 i, regions = new->regions->regions.count;
	u32 identities = new->identities->count;
	int err = 0;

	/* What is shared has nothing new. */
	if (new->regions == old->regions)
		regions = 0;
	if (new->identities == old->identities)
		identities = 0;
	for (i = 1; !err && i < regions; i++)
		if (is_new_region(old->regions,
				  podwall_regions_region(new->regions, i), i))
			err = append(&changes->new_cells, i);
	for (i = 1; !err && i < identities; i++)
		if (is_new_identity(old->identities,
				    &new->identities->entries[i], i))
			err = append(&changes->new_cells,
				     new->regions->regions.count + i);
	return err;
}

static int add_identity(struct changes *changes, struct set_change *change,
			u32 identity)
{
	u32 first = changes->membership.regions->regions.count;
	u32 number = podwall_identities_find(changes->membership.identities,
					     identity);

	change->count += !!number;
	return number ? append(&changes->set_cells, first + number) : 0;
}

/* The identities that one of two peer sets holds, each in ascending order. */
static int compare_sets(struct changes *changes,
			const struct podwall_peer_set *old,
			const struct podwall_peer_set *new)
{
	const u32 *from = old->identities.elements;
	const u32 *to = new->identities.elements;
	u32 i = 0, j = 0, from_count = old->identities.count;
	u32 to_count = new->identities.count;
	struct set_change change = {
		.id = new->id,
		.first = changes->set_cells.count,
	}, *element;
	int err = 0;

	while (!err && (i < from_count || j < to_count)) {
		if (i < from_count && j < to_count && from[i] == to[j]) {
			i++;
			j++;
		} else if (j == to_count ||
			   (i < from_count && from[i] < to[j])) {
			err = add_identity(changes, &change, from[i++]);
		} else {
			err = add_identity(changes, &change, to[j++]);
		}
	}
	if (err || !change.count)
		return err;
	element = podwall_array_append(&changes->set_changes, sizeof(*element));
	if (!element)
		return -ENOMEM;
	*element = change;
	return 0;
}

static int find_set_changes(struct changes *changes,
			    const struct podwall_array *old,
			    const struct podwall_array *new)
{
	struct podwall_peer_set *const *from = old->elements;
	struct podwall_peer_set *const *to = new->elements;
	u32 i = 0, j = 0;
	int err;

	while (i < old->count && j < new->count) {
		if (from[i]->id < to[j]->id) {
			i++;
		} else if (from[i]->id > to[j]->id) {
			j++;
		} else {
			if (from[i] != to[j]) {
				err = compare_sets(changes, from[i], to[j]);
				if (err)
					return err;
			}
			i++;
			j++;
		}
		cond_resched();
	}
	return 0;
}

static int compare_set_change(const void *key, const void *element)
{
	u32 id = *(const u32 *)key;
	const struct set_change *change = element;

	return id < change->id ? -1 : id > change->id;
}

/* Stops when there are too many to be worth it. */
static int append_dirty(struct changes *changes, const u32 *cells, u32 count)
{
	u32 i;
	int err = 0;

	for (i = 0; !err && i < count; i++) {
		if (changes->dirty.count > DIRTY_MAX)
			break;
		err = append(&changes->dirty, cells[i]);
	}
	return err;
}

static int find_dirty(struct changes *changes,
		      const struct podwall_rule_set *set)
{
	const u32 *cells = changes->set_cells.elements;
	const u32 *ids = set->peer_sets.elements;
	struct set_change *change;
	u32 i;
	int err;

	changes->dirty.count = 0;
	err = append_dirty(changes, changes->new_cells.elements,
			   changes->new_cells.count);
	if (!changes->set_changes.count)
		return err;
	for (i = 0; !err && i < set->peer_sets.count; i++) {
		change = bsearch(&ids[i], changes->set_changes.elements,
				 changes->set_changes.count, sizeof(*change),
				 compare_set_change);
		if (change && change->seen_by != set) {
			change->seen_by = set;
			err = append_dirty(changes, cells + change->first,
					   change->count);
		}
		if (!(i & 1023))
			cond_resched();
	}
	return err;
}

static struct podwall_row *build_row(const struct changes *changes,
				     const struct podwall_rule_set *set,
				     struct podwall_error *error)
{
	if (podwall_rule_set_fits_mask(set))
		return podwall_row_masks_build(set, &changes->membership,
					       changes->ports);
	return podwall_row_programs_build(set, &changes->membership,
					  changes->memory, error);
}

static struct podwall_row *change_row(struct changes *changes,
				      struct podwall_row *old,
				      const struct podwall_rule_set *set,
				      struct podwall_error *error)
{
	const struct podwall_membership *membership = &changes->membership;
	bool has_masks = podwall_rule_set_fits_mask(set);
	int err;

	if (changes->renumbered)
		return build_row(changes, set, error);
	err = find_dirty(changes, set);
	if (err)
		return ERR_PTR(err);
	if (!changes->dirty.count &&
	    podwall_cells_fit(old->cells, membership->regions->regions.count,
			      membership->identities->count) &&
	    (changes->same_ports || !has_masks))
		return podwall_row_get(old);
	if (has_masks && changes->dirty.count <= DIRTY_MAX)
		return podwall_row_masks_update(old, membership, changes->ports,
						changes->same_ports,
						&changes->dirty);
	return build_row(changes, set, error);
}

static int check_memory(const struct podwall_policy *policy, u64 memory,
			struct podwall_error *error)
{
	u64 limit = policy->settings.limits.memory;

	if (memory <= limit)
		return 0;
	return podwall_error_set(error, -ENOSPC,
				 "the policy needs more than %llu bytes of memory, the limit is %llu (settings, limits, memory)",
				 memory, limit);
}

static int build_rows(struct changes *changes, struct podwall_policy *policy,
		      const struct podwall_policy *live,
		      struct podwall_error *error)
{
	struct podwall_rule_set *const *old = live->rule_sets.elements;
	struct podwall_rule_set *const *new = policy->rule_sets.elements;
	struct podwall_array *rows = &policy->classifier.rows;
	struct podwall_row **elements, *row;
	u64 memory = 0;
	u32 i, j = 0;
	int err;

	changes->memory = policy->settings.limits.memory;
	err = podwall_array_reserve(rows, policy->rule_sets.count,
				    sizeof(*elements));
	elements = rows->elements;
	for (i = 0; !err && i < policy->rule_sets.count; i++) {
		while (j < live->rule_sets.count && old[j]->id < new[i]->id)
			j++;
		if (j < live->rule_sets.count && old[j] == new[i])
			row = change_row(changes,
					 podwall_classifier_row(&live->classifier, j),
					 new[i], error);
		else
			row = build_row(changes, new[i], error);
		if (IS_ERR(row))
			return PTR_ERR(row);
		elements[rows->count++] = row;
		memory += podwall_row_size(row);
		err = check_memory(policy, memory, error);
		changes->memory = policy->settings.limits.memory - memory;
		cond_resched();
	}
	return err;
}

/**
 * podwall_row_changes_build - make the rows of the next policy
 * @policy: not published; all but its rows is there
 * @live: the policy before it; unchanged
 * @renumbered: identities and regions do not have the numbers that they had
 * @error: receives the text of a refusal
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 * Return: 0, -ENOMEM, -ENOSPC where rows take too much memory, or -EINTR when the
 * process is being killed.
 */
int podwall_row_changes_build(struct podwall_policy *policy,
			      const struct podwall_policy *live, bool renumbered,
			      struct podwall_error *error)
{
	struct changes changes = {
		.renumbered = renumbered,
		.membership = {
			.peer_sets = &policy->peer_sets,
			.identities = policy->classifier.identities,
			.regions = policy->classifier.regions,
		},
		.ports = policy->classifier.ports,
		.same_ports = policy->classifier.ports == live->classifier.ports,
	};
	int err = 0;

	if (!renumbered)
		err = find_new_cells(&changes, &live->classifier);
	if (!err && !renumbered)
		err = find_set_changes(&changes, &live->peer_sets,
				       &policy->peer_sets);
	if (!err)
		err = build_rows(&changes, policy, live, error);
	podwall_array_free(&changes.set_changes);
	podwall_array_free(&changes.set_cells);
	podwall_array_free(&changes.new_cells);
	podwall_array_free(&changes.dirty);
	return err;
}
