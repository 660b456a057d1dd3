// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "error.h"
#include "membership.h"
#include "peer_set.h"
#include "row.h"
#include "row_build.h"
#include "rule_set.h"

/**
 * DOC: From a rule set to its row
 *
 * At first all identities and all regions are in one state: no rule that names
 * peers matches them. Rules are gone through in order. A rule moves each
 * identity and each region that it matches from the state it is in to the next
 * one, which stands for the rules so far and this one too; what comes from one
 * state goes to one state. So at the end a state is a list of rules, told by
 * following it back, and all that remains to do is to note the states. The cost
 * is that of naming each rule's peers once; what differs between peers is found
 * without comparing any.
 *
 * For example, rule 0 matches identities 1 and 2, rule 1 identity 2 and region 3:
 *
 *	all in state 0, {}
 *	rule 0:	1 and 2 to state 1, {0}
 *	rule 1:	2 to state 2, {0, 1}; region 3 to state 3, {1}
 *
 * Rules that match every peer are in all states, and are left out until then.
 */

#define NO_RULE	U32_MAX

/**
 * struct state - identities and regions that the same rules match
 * @parent: the state without the last rule
 * @rule: the last rule
 * @left_by: the rule that last moved any away, one up
 * @next: to where
 * @kind: one up; 0 while none has shown to be in it
 */
struct state {
	u32 parent;
	u32 rule;
	u32 left_by;
	u32 next;
	u32 kind;
};

/**
 * struct builder - the building of a row
 * @set: the rule set
 * @membership: as it is now
 * @error: receives the text of a refusal
 * @states: of struct state
 * @places: the state of each region and, behind those, of each identity
 * @rules: of u32; those of the state in hand
 * @kinds: of u32; the state of each kind
 */
struct builder {
	const struct podwall_rule_set *set;
	const struct podwall_membership *membership;
	struct podwall_error *error;
	struct podwall_array states;
	u32 *places;
	struct podwall_array rules;
	struct podwall_array kinds;
};

static struct state *state_at(const struct builder *builder, u32 state)
{
	return (struct state *)builder->states.elements + state;
}

static int add_state(struct builder *builder, u32 parent, u32 rule)
{
	struct state *state = podwall_array_append(&builder->states,
						   sizeof(*state));

	if (!state)
		return -ENOMEM;
	state->parent = parent;
	state->rule = rule;
	return 0;
}

static int move(struct builder *builder, u32 cell, u32 rule)
{
	u32 place = builder->places[cell];
	struct state *state = state_at(builder, place);
	int err;

	/* Another peer set of the rule holds it too. */
	if (state->rule == rule)
		return 0;
	if (state->left_by != rule + 1) {
		err = add_state(builder, place, rule);
		if (err)
			return err;
		state = state_at(builder, place);
		state->left_by = rule + 1;
		state->next = builder->states.count - 1;
	}
	builder->places[cell] = state->next;
	return 0;
}

static int move_peer_set(struct builder *builder, u32 set, u32 rule)
{
	const struct podwall_membership *membership = builder->membership;
	u32 first = membership->regions->regions.count;
	const struct podwall_peer_set *peers =
		podwall_membership_peer_set(membership, set);
	const u32 *ids = peers->identities.elements, *regions;
	u32 i, number, count;
	int err = 0;

	for (i = 0; !err && i < peers->identities.count; i++) {
		number = podwall_identities_find(membership->identities, ids[i]);
		if (number)
			err = move(builder, first + number, rule);
	}
	regions = podwall_regions_held(membership->regions, set, &count);
	for (i = 0; !err && i < count; i++)
		err = move(builder, regions[i], rule);
	cond_resched();
	return err;
}

static int find_states(struct builder *builder)
{
	const struct podwall_membership *membership = builder->membership;
	const u32 *sets = builder->set->peer_sets.elements;
	size_t count = (size_t)membership->identities->count +
		       membership->regions->regions.count;
	u32 i, j;
	int err;

	builder->places = kvcalloc(count, sizeof(*builder->places),
				   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!builder->places)
		return -ENOMEM;
	err = add_state(builder, 0, NO_RULE);
	for (i = 0; !err && i < builder->set->rules.count; i++) {
		const struct podwall_rule *rule =
			podwall_rule_set_rule(builder->set, i);

		for (j = 0; !err && j < rule->peer_set_count; j++)
			err = move_peer_set(builder,
					    sets[rule->first_peer_set + j], i);
	}
	return err;
}

static int fill_cells(struct builder *builder, struct podwall_row *row)
{
	u32 i;

	for (i = 0; i < row->identity_count + row->region_count; i++) {
		struct state *state = state_at(builder, builder->places[i]);
		u32 *kind;

		if (!state->kind) {
			if (builder->kinds.count == PODWALL_ROW_KINDS_MAX)
				return podwall_error_set(builder->error, -ENOSPC,
							 "rule set %u tells more than %u kinds of peer apart",
							 builder->set->id,
							 PODWALL_ROW_KINDS_MAX);
			kind = podwall_array_append(&builder->kinds,
						    sizeof(*kind));
			if (!kind)
				return -ENOMEM;
			*kind = builder->places[i];
			state->kind = builder->kinds.count;
		}
		row->cells[i] = state->kind - 1;
	}
	row->kind_count = builder->kinds.count;
	cond_resched();
	return 0;
}

static int fill_masks(struct builder *builder, struct podwall_row *row)
{
	const struct podwall_port_table *ports = builder->set->ports;
	const u32 *kinds = builder->kinds.elements;
	const struct state *state;
	u32 i;

	row->masks = kvmalloc_array(row->kind_count, sizeof(*row->masks),
				    GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!row->masks)
		return -ENOMEM;
	for (i = 0; i < row->kind_count; i++) {
		row->masks[i] = ports->any_peer;
		for (state = state_at(builder, kinds[i]);
		     state->rule != NO_RULE;
		     state = state_at(builder, state->parent))
			row->masks[i] |= 1ULL <<
				podwall_port_table_bit(builder->set,
						       state->rule);
	}
	return 0;
}

/* The rules of a state in order, and among them those that match every peer. */
static int list_rules(struct builder *builder, u32 place,
		      const struct podwall_array *any_peer)
{
	const struct state *state = state_at(builder, place);
	const u32 *any = any_peer->elements;
	u32 left = any_peer->count, count = left, *rules;
	int err;

	for (; state->rule != NO_RULE; state = state_at(builder, state->parent))
		count++;
	builder->rules.count = 0;
	err = podwall_array_reserve(&builder->rules, count, sizeof(*rules));
	if (err)
		return err;
	builder->rules.count = count;
	rules = builder->rules.elements;
	for (state = state_at(builder, place); state->rule != NO_RULE;
	     state = state_at(builder, state->parent)) {
		while (left && any[left - 1] > state->rule)
			rules[--count] = any[--left];
		rules[--count] = state->rule;
	}
	while (left)
		rules[--count] = any[--left];
	return 0;
}

static int write_programs(struct builder *builder, struct podwall_row *row,
			  struct podwall_programs *programs,
			  struct podwall_array *any_peer)
{
	const u32 *kinds = builder->kinds.elements;
	u32 i;
	int err;

	for (i = 0; i < builder->set->rules.count; i++) {
		u32 *rule;

		if (!podwall_rule_set_rule(builder->set, i)->any_peer)
			continue;
		rule = podwall_array_append(any_peer, sizeof(*rule));
		if (!rule)
			return -ENOMEM;
		*rule = i;
	}
	for (i = 0; i < row->kind_count; i++) {
		err = list_rules(builder, kinds[i], any_peer);
		if (!err)
			err = podwall_programs_add(programs,
						   builder->rules.elements,
						   builder->rules.count,
						   &row->starts[i]);
		if (err == -ENOSPC)
			podwall_error_set(builder->error, err,
					  "rule set %u: its port ranges for all kinds of peer are too many",
					  builder->set->id);
		if (err)
			return err;
	}
	row->code_count = programs->code.count;
	row->code = kvmalloc_array(row->code_count, sizeof(*row->code),
				   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!row->code)
		return -ENOMEM;
	memcpy(row->code, programs->code.elements,
	       row->code_count * sizeof(*row->code));
	return 0;
}

static int fill_programs(struct builder *builder, struct podwall_row *row)
{
	struct podwall_array any_peer = {};
	struct podwall_programs programs;
	int err;

	row->starts = kvmalloc_array(row->kind_count, sizeof(*row->starts),
				     GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!row->starts)
		return -ENOMEM;
	err = podwall_programs_begin(&programs, builder->set);
	if (!err)
		err = write_programs(builder, row, &programs, &any_peer);
	podwall_programs_free(&programs);
	podwall_array_free(&any_peer);
	return err;
}

static int build(struct builder *builder, struct podwall_row *row)
{
	int err;

	err = find_states(builder);
	if (!err)
		err = fill_cells(builder, row);
	if (err)
		return err;
	return builder->set->ports ? fill_masks(builder, row) :
				     fill_programs(builder, row);
}

/**
 * podwall_row_build - find out which rules match each identity and region
 * @set: frozen; outlives the row
 * @membership: as it is now
 * @error: receives the text of a refusal
 *
 * Context: Process context; may sleep.
 * Return: the row with one reference, the caller's, or an error pointer:
 * -ENOSPC when the set tells too many kinds of peer apart, -ENOMEM.
 */
struct podwall_row *
podwall_row_build(const struct podwall_rule_set *set,
		  const struct podwall_membership *membership,
		  struct podwall_error *error)
{
	struct builder builder = {
		.set = set,
		.membership = membership,
		.error = error,
	};
	struct podwall_row *row;
	int err;

	row = podwall_row_create(set, membership->identities->count,
				 membership->regions->regions.count);
	if (!row)
		return ERR_PTR(-ENOMEM);
	err = build(&builder, row);
	podwall_array_free(&builder.states);
	kvfree(builder.places);
	podwall_array_free(&builder.rules);
	podwall_array_free(&builder.kinds);
	if (err) {
		podwall_row_put(row);
		return ERR_PTR(err);
	}
	return row;
}

static u64 find_mask(const struct podwall_rule_set *set,
		     const struct podwall_membership *membership, u32 cell)
{
	const u32 *sets = set->peer_sets.elements;
	u64 mask = set->ports->any_peer;
	u32 i, j;

	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		for (j = 0; j < rule->peer_set_count; j++) {
			if (!podwall_membership_holds(membership,
						      sets[rule->first_peer_set + j],
						      cell))
				continue;
			mask |= 1ULL << podwall_port_table_bit(set, i);
			break;
		}
	}
	return mask;
}

static u32 find_kind(const struct podwall_row *row, u64 mask)
{
	u32 i;

	for (i = 0; i < row->kind_count; i++)
		if (row->masks[i] == mask)
			break;
	return i;
}

static void copy_row(struct podwall_row *to, const struct podwall_row *from)
{
	memcpy(to->cells, from->cells,
	       from->region_count * sizeof(*to->cells));
	memcpy(to->cells + to->region_count, from->cells + from->region_count,
	       from->identity_count * sizeof(*to->cells));
	memcpy(to->masks, from->masks, from->kind_count * sizeof(*to->masks));
	to->kind_count = from->kind_count;
}

/**
 * podwall_row_update - find out which rules match a few identities and regions
 * @old: row of masks; unchanged
 * @membership: as it is now
 * @dirty: of u32; cells of identities and regions that are new or that peer
 *	sets hold otherwise than when @old was built
 *
 * Context: Process context; may sleep.
 * Return: the row with one reference, the caller's, or an error pointer:
 * -ENOSPC when that makes too many kinds, where building it may not, -ENOMEM.
 */
struct podwall_row *
podwall_row_update(const struct podwall_row *old,
		   const struct podwall_membership *membership,
		   const struct podwall_array *dirty)
{
	const u32 *cells = dirty->elements;
	struct podwall_row *row;
	u32 i, kind;
	u64 mask;

	row = podwall_row_create(old->set, membership->identities->count,
				 membership->regions->regions.count);
	if (!row)
		return ERR_PTR(-ENOMEM);
	row->masks = kvmalloc_array(old->kind_count + dirty->count,
				    sizeof(*row->masks),
				    GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!row->masks) {
		podwall_row_put(row);
		return ERR_PTR(-ENOMEM);
	}
	copy_row(row, old);
	for (i = 0; i < dirty->count; i++) {
		mask = find_mask(row->set, membership, cells[i]);
		kind = find_kind(row, mask);
		if (kind == PODWALL_ROW_KINDS_MAX) {
			podwall_row_put(row);
			return ERR_PTR(-ENOSPC);
		}
		if (kind == row->kind_count)
			row->masks[row->kind_count++] = mask;
		row->cells[cells[i]] = kind;
	}
	cond_resched();
	return row;
}
