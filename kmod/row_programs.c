// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "error.h"
#include "membership.h"
#include "peer_set.h"
#include "program_build.h"
#include "region_holder.h"
#include "row_programs.h"
#include "rule_set.h"

/**
 * DOC: From a rule set to programs
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
 * @is_written: its program is
 * @start: where that begins
 */
struct state {
	u32 parent;
	u32 rule;
	u32 left_by;
	u32 next;
	bool is_written;
	u32 start;
};

/**
 * struct builder - the building of a row
 * @set: the rule set
 * @membership: as it is now
 * @memory: the most that states and programs may take each, in bytes
 * @error: receives the text of a refusal
 * @programs: as written so far
 * @cells: the state of each, and at last where its program begins
 * @states: of struct state
 * @any_peer: of u32; the rules that match every peer
 * @rules: of u32; those of the state in hand
 */
struct builder {
	const struct podwall_rule_set *set;
	const struct podwall_membership *membership;
	u64 memory;
	struct podwall_error *error;
	struct podwall_programs programs;
	struct podwall_cells *cells;
	struct podwall_array states;
	struct podwall_array any_peer;
	struct podwall_array rules;
};

static struct state *state_at(const struct builder *builder, u32 state)
{
	return (struct state *)builder->states.elements + state;
}

static int refuse_memory(const struct builder *builder)
{
	return podwall_error_set(builder->error, -ENOSPC,
				 "rule set %u tells so many kinds of peer apart that it takes more than %llu bytes of memory, the limit (settings, limits, memory)",
				 builder->set->id, builder->memory);
}

static int add_state(struct builder *builder, u32 parent, u32 rule)
{
	struct state *state;

	if ((u64)builder->states.count * sizeof(*state) >= builder->memory)
		return refuse_memory(builder);
	state = podwall_array_append(&builder->states, sizeof(*state));
	if (!state)
		return -ENOMEM;
	state->parent = parent;
	state->rule = rule;
	return 0;
}

static int move(struct builder *builder, u32 cell, u32 rule)
{
	u32 *cells = podwall_cells_values(builder->cells);
	struct state *state = state_at(builder, cells[cell]);
	int err;

	/* Another peer set of the rule holds it too. */
	if (state->rule == rule)
		return 0;
	if (state->left_by != rule + 1) {
		err = add_state(builder, cells[cell], rule);
		if (err)
			return err;
		state = state_at(builder, cells[cell]);
		state->left_by = rule + 1;
		state->next = builder->states.count - 1;
	}
	cells[cell] = state->next;
	return 0;
}

static int move_peer_set(struct builder *builder, u32 set, u32 rule)
{
	const struct podwall_membership *membership = builder->membership;
	u32 first = membership->regions->regions.count;
	const struct podwall_peer_set *peers =
		podwall_peer_set_find(membership->peer_sets, set);
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
	const u32 *sets = builder->set->peer_sets.elements;
	u32 i, j;
	int err;

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

/* In order, and among them those that match every peer. */
static int list_rules(struct builder *builder, const struct state *last)
{
	u32 left = builder->any_peer.count, count = left;
	const u32 *any = builder->any_peer.elements;
	const struct state *state;
	u32 *rules;
	int err;

	for (state = last; state->rule != NO_RULE;
	     state = state_at(builder, state->parent))
		count++;
	builder->rules.count = 0;
	err = podwall_array_reserve(&builder->rules, count, sizeof(*rules));
	if (err)
		return err;
	builder->rules.count = count;
	rules = builder->rules.elements;
	for (state = last; state->rule != NO_RULE;
	     state = state_at(builder, state->parent)) {
		while (left && any[left - 1] > state->rule)
			rules[--count] = any[--left];
		rules[--count] = state->rule;
	}
	while (left)
		rules[--count] = any[--left];
	return 0;
}

/* Where the program of a state begins, written when first asked for. */
static int write_program(struct builder *builder, struct state *state)
{
	int err;

	if (fatal_signal_pending(current))
		return -EINTR;
	err = list_rules(builder, state);
	if (!err)
		err = podwall_programs_add(&builder->programs,
					   builder->rules.elements,
					   builder->rules.count,
					   &state->start);
	if (!err &&
	    builder->programs.code.count * (u64)sizeof(u32) > builder->memory)
		err = -ENOSPC;
	state->is_written = !err;
	return err == -ENOSPC ? refuse_memory(builder) : err;
}

static int fill_cells(struct builder *builder)
{
	u32 *cells = podwall_cells_values(builder->cells);
	struct state *state;
	u32 i;
	int err;

	for (i = 0; i < podwall_cells_count(builder->cells); i++) {
		state = state_at(builder, cells[i]);
		if (!state->is_written) {
			err = write_program(builder, state);
			if (err)
				return err;
		}
		cells[i] = state->start;
		if (!(i & 1023))
			cond_resched();
	}
	return 0;
}

static int build(struct builder *builder)
{
	u32 i, *rule;
	int err;

	for (i = 0; i < builder->set->rules.count; i++) {
		if (!podwall_rule_set_rule(builder->set, i)->any_peer)
			continue;
		rule = podwall_array_append(&builder->any_peer, sizeof(*rule));
		if (!rule)
			return -ENOMEM;
		*rule = i;
	}
	err = find_states(builder);
	return err ?: fill_cells(builder);
}

static struct podwall_row *create(struct builder *builder)
{
	const struct podwall_array *code = &builder->programs.code;
	struct podwall_row *row = podwall_row_create(builder->set,
						     builder->cells, 0);

	builder->cells = NULL;
	if (!row)
		return NULL;
	row->code = kvmalloc_array(code->count, sizeof(*row->code),
				   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!row->code) {
		podwall_row_put(row);
		return NULL;
	}
	memcpy(row->code, code->elements, code->count * sizeof(*row->code));
	row->code_count = code->count;
	/* It is the state of the region and of the number that nobody names. */
	row->base = state_at(builder, 0)->start;
	return row;
}

/**
 * podwall_row_programs_build - find out what decides for each peer
 * @set: frozen; outlives the row
 * @membership: as it is now
 * @memory: the most that states on the way, and programs, may take each, in bytes
 * @error: receives the text of a refusal
 *
 * Context: Process context; may sleep.
 * Return: the row with one reference, the caller's, or an error pointer:
 * -ENOSPC when that takes too much memory, -EINTR when the process is being
 * killed, -ENOMEM.
 */
struct podwall_row *
podwall_row_programs_build(const struct podwall_rule_set *set,
			   const struct podwall_membership *membership,
			   u64 memory, struct podwall_error *error)
{
	struct builder builder = {
		.set = set,
		.membership = membership,
		.memory = memory,
		.error = error,
	};
	struct podwall_row *row = NULL;
	int err;

	builder.cells = podwall_cells_create(membership->regions->regions.count,
					     membership->identities->count,
					     set->id);
	err = podwall_programs_begin(&builder.programs, set);
	if (!err)
		err = builder.cells ? build(&builder) : -ENOMEM;
	if (!err)
		row = create(&builder);
	podwall_programs_free(&builder.programs);
	podwall_cells_put(builder.cells);
	podwall_array_free(&builder.states);
	podwall_array_free(&builder.any_peer);
	podwall_array_free(&builder.rules);
	if (err)
		return ERR_PTR(err);
	return row ?: ERR_PTR(-ENOMEM);
}
