// SPDX-License-Identifier: GPL-2.0-only

#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "program_build.h"
#include "rule_set.h"

#define HEAD_BITS	10
#define PORTS		65536

/**
 * struct domain - what rules take from
 * @first: the first interval of each protocol, and of none
 * @portless: behind all intervals, later fragments of each protocol
 * @other: other protocols
 * @count: how many in all
 */
struct domain {
	u32 first[PODWALL_PORT_PROTOCOLS + 1];
	u32 portless;
	u32 other;
	u32 count;
};

static const struct podwall_port_range *
ranges_of(const struct podwall_rule_set *set, const struct podwall_rule *rule)
{
	return (const struct podwall_port_range *)set->port_ranges.elements +
	       rule->first_port_range;
}

/**
 * podwall_programs_begin - get ready to write the programs of a row
 * @programs: receives what podwall_programs_free() frees, on error too
 * @set: frozen
 *
 * Context: Process context; may sleep.
 * Return: 0 or -ENOMEM.
 */
int podwall_programs_begin(struct podwall_programs *programs,
			   const struct podwall_rule_set *set)
{
	*programs = (struct podwall_programs){ .set = set };
	programs->heads = kvcalloc(1U << HEAD_BITS, sizeof(*programs->heads),
				   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	programs->cuts = kvcalloc(BITS_TO_LONGS(PORTS), sizeof(*programs->cuts),
				  GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	return programs->heads && programs->cuts ? 0 : -ENOMEM;
}

/**
 * podwall_programs_free - free what was needed to write programs
 * @programs: begun
 *
 * Context: Process context; may sleep.
 */
void podwall_programs_free(struct podwall_programs *programs)
{
	kvfree(programs->heads);
	podwall_array_free(&programs->code);
	podwall_array_free(&programs->starts);
	podwall_array_free(&programs->hashes);
	podwall_array_free(&programs->nexts);
	kvfree(programs->cuts);
	podwall_array_free(&programs->bounds);
	podwall_array_free(&programs->firsts);
	podwall_array_free(&programs->skips);
}

static int append(struct podwall_array *array, u32 value)
{
	u32 *element = podwall_array_append(array, sizeof(*element));

	if (!element)
		return -ENOMEM;
	*element = value;
	return 0;
}

/* A bit for each last port of an interval. */
static void mark_cuts(struct podwall_programs *programs, const u32 *rules,
		      u32 count, u32 slot)
{
	u32 i, j;

	for (i = 0; i < count; i++) {
		const struct podwall_rule *rule =
			podwall_rule_set_rule(programs->set, rules[i]);
		const struct podwall_port_range *range =
			ranges_of(programs->set, rule);

		for (j = 0; j < rule->port_range_count; j++, range++) {
			if (podwall_port_slot(range->protocol) != slot)
				continue;
			__set_bit(range->last, programs->cuts);
			if (range->first)
				__set_bit(range->first - 1, programs->cuts);
		}
		cond_resched();
	}
	__set_bit(PORTS - 1, programs->cuts);
}

/* Leaves the cuts clear for the next protocol. */
static int cut_protocol(struct podwall_programs *programs, const u32 *rules,
			u32 count, u32 slot)
{
	u32 port;
	int err;

	mark_cuts(programs, rules, count, slot);
	for_each_set_bit(port, programs->cuts, PORTS) {
		err = append(&programs->bounds, port);
		if (err)
			return err;
		__clear_bit(port, programs->cuts);
	}
	return 0;
}

static int begin_domain(struct podwall_programs *programs, const u32 *rules,
			u32 count, struct domain *domain)
{
	u32 slot;
	int err;

	programs->bounds.count = 0;
	for (slot = 0; slot < PODWALL_PORT_PROTOCOLS; slot++) {
		domain->first[slot] = programs->bounds.count;
		err = cut_protocol(programs, rules, count, slot);
		if (err)
			return err;
	}
	domain->first[slot] = programs->bounds.count;
	domain->portless = programs->bounds.count;
	domain->other = domain->portless + PODWALL_PORT_PROTOCOLS;
	domain->count = domain->other + 1;
	err = podwall_array_reserve(&programs->firsts, domain->count,
				    sizeof(struct podwall_firsts));
	if (!err)
		err = podwall_array_reserve(&programs->skips,
					    domain->count + 1, sizeof(u32));
	/* All PODWALL_NO_RULE. */
	if (!err)
		memset(programs->firsts.elements, 0xff,
		       domain->count * sizeof(struct podwall_firsts));
	return err;
}

/* The first place from @at on that is not taken, and a shorter way to it. */
static u32 skip_taken(u32 *skips, u32 at)
{
	u32 found = at, next;

	while (skips[found] != found)
		found = skips[found];
	while (skips[at] != found) {
		next = skips[at];
		skips[at] = found;
		at = next;
	}
	return found;
}

static void take(struct podwall_programs *programs, u32 from, u32 to,
		 u32 rule)
{
	u8 tier = podwall_rule_set_rule(programs->set, rule)->tier;
	struct podwall_firsts *firsts = programs->firsts.elements;
	u32 *skips = programs->skips.elements;
	u32 i;

	for (i = skip_taken(skips, from); i < to;
	     i = skip_taken(skips, i + 1)) {
		firsts[i].rules[tier - 1] = rule;
		skips[i] = i + 1;
	}
}

static u32 interval_of(const struct podwall_programs *programs,
		       const struct domain *domain, u32 slot, u32 port)
{
	const u32 *bounds = programs->bounds.elements;
	u32 low = domain->first[slot], high = domain->first[slot + 1] - 1;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (bounds[middle] < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void take_for_rule(struct podwall_programs *programs,
			  const struct domain *domain, u32 index)
{
	const struct podwall_rule *rule = podwall_rule_set_rule(programs->set,
								index);
	const struct podwall_port_range *range = ranges_of(programs->set, rule);
	u32 i, slot;

	if (rule->any_port) {
		take(programs, 0, domain->count, index);
		return;
	}
	for (i = 0; i < rule->port_range_count; i++, range++) {
		slot = podwall_port_slot(range->protocol);
		take(programs,
		     interval_of(programs, domain, slot, range->first),
		     interval_of(programs, domain, slot, range->last) + 1,
		     index);
		/* A later fragment may be of any port: of one denied. */
		if (rule->action == PODWALL_ACTION_DENY)
			take(programs, domain->portless + slot,
			     domain->portless + slot + 1, index);
	}
}

static void take_for_tier(struct podwall_programs *programs,
			  const struct domain *domain, const u32 *rules,
			  u32 count, u8 tier)
{
	u32 *skips = programs->skips.elements;
	u32 i;

	for (i = 0; i <= domain->count; i++)
		skips[i] = i;
	for (i = 0; i < count; i++) {
		if (podwall_rule_set_rule(programs->set, rules[i])->tier == tier)
			take_for_rule(programs, domain, rules[i]);
		cond_resched();
	}
}

/* Behind the last program; neighbours with the same rules are one interval. */
static int write_program(struct podwall_programs *programs,
			 const struct domain *domain, u32 *size)
{
	const struct podwall_firsts *firsts = programs->firsts.elements;
	const u32 *bounds = programs->bounds.elements;
	struct podwall_program *program;
	struct podwall_firsts none;
	u32 slot, i, count = 0;
	size_t room;
	int err;

	room = struct_size(program, intervals, domain->portless) / sizeof(u32);
	err = podwall_array_reserve(&programs->code, room, sizeof(u32));
	if (err)
		return err;
	memset(&none, 0xff, sizeof(none));
	program = programs->code.elements + programs->code.count * sizeof(u32);
	for (slot = 0; slot < PODWALL_PORT_PROTOCOLS; slot++) {
		program->first[slot] = count;
		program->portless[slot] = firsts[domain->portless + slot];
		for (i = domain->first[slot]; i < domain->first[slot + 1]; i++) {
			if (i + 1 < domain->first[slot + 1] &&
			    !memcmp(&firsts[i], &firsts[i + 1],
				    sizeof(*firsts)))
				continue;
			program->intervals[count].last = bounds[i];
			program->intervals[count].firsts = firsts[i];
			program->intervals[count].result =
				podwall_program_decide(programs->set,
						       &firsts[i], &none,
						       false);
			count++;
		}
	}
	program->first[slot] = count;
	program->other = firsts[domain->other];
	*size = struct_size(program, intervals, count) / sizeof(u32);
	return 0;
}

/* Hash to find, compare to accept. */
static int intern(struct podwall_programs *programs, u32 size, u32 *start)
{
	const u32 *code = programs->code.elements;
	const u32 *starts = programs->starts.elements;
	const u32 *hashes = programs->hashes.elements;
	const u32 *nexts = programs->nexts.elements;
	u32 at = programs->code.count;
	u32 hash = jhash2(code + at, size, 0);
	u32 *head = &programs->heads[hash >> (32 - HEAD_BITS)];
	u32 i, end;
	int err;

	for (i = *head; i; i = nexts[i - 1]) {
		end = i < programs->starts.count ? starts[i] : at;
		if (hashes[i - 1] != hash || end - starts[i - 1] != size ||
		    memcmp(code + starts[i - 1], code + at,
			   size * sizeof(*code)))
			continue;
		*start = starts[i - 1];
		return 0;
	}
	err = append(&programs->starts, at);
	if (!err)
		err = append(&programs->hashes, hash);
	if (!err)
		err = append(&programs->nexts, *head);
	if (err)
		return err;
	*head = programs->starts.count;
	*start = at;
	programs->code.count += size;
	return 0;
}

/**
 * podwall_programs_add - write the program of some rules, or find it again
 * @programs: begun; useless after an error
 * @rules: indices of the rules that match a peer, ascending
 * @count: how many
 * @start: receives where in @programs->code the program begins
 *
 * Context: Process context; may sleep.
 * Return: 0, -ENOMEM, or -ENOSPC when all programs together are too long.
 */
int podwall_programs_add(struct podwall_programs *programs, const u32 *rules,
			 u32 count, u32 *start)
{
	struct domain domain;
	u32 size;
	u8 tier;
	int err;

	err = begin_domain(programs, rules, count, &domain);
	if (err)
		return err;
	for (tier = PODWALL_TIER_ADMIN; tier < PODWALL_TIERS; tier++)
		take_for_tier(programs, &domain, rules, count, tier);
	cond_resched();
	err = write_program(programs, &domain, &size);
	if (err)
		return err;
	if (size > U32_MAX / sizeof(u32) - programs->code.count)
		return -ENOSPC;
	return intern(programs, size, start);
}
