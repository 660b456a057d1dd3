/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_PORT_TABLE_H
#define PODWALL_PORT_TABLE_H

#include <linux/bitops.h>
#include <linux/types.h>

#include "result.h"

struct podwall_rule_set;

/*
 * A rule set has two endings beside its rules: what isolation denies, and what
 * nothing decides. Each takes a bit.
 */
#define PODWALL_PORT_TABLE_RULES_MAX	62

/* Ports that have a root in common, as a power of two, and roots. */
#define PODWALL_PORT_ROOT_BITS		7
#define PODWALL_PORT_ROOTS		(65536 >> PODWALL_PORT_ROOT_BITS)

/**
 * struct podwall_port_table - the rules that match each port, a bit for each
 * @other: rules that match protocols whose ports no rule can name
 * @portless: rules that match later fragments of TCP, UDP and SCTP
 * @any_peer: rules that match every peer, and the endings
 * @tiers: the bits of each tier; isolation is of the policy tier
 * @results: what each bit says; one that passes says PODWALL_RESULT_PASS
 * @count: intervals of TCP, UDP and SCTP, one after the other
 * @roots: by key without the lower bits of the port, the interval of the first
 *	such port
 * @lasts: the last port of each interval, behind @masks; the next one begins
 *	where it ends
 * @masks: the rules that match each interval's ports
 *
 * Bits stand in the order in which rules are judged.
 */
struct podwall_port_table {
	u64 other;
	u64 portless[PODWALL_PORT_PROTOCOLS];
	u64 any_peer;
	u64 tiers[PODWALL_TIERS];
	u32 results[64];
	u32 count;
	u16 roots[PODWALL_PORT_ROOTS * PODWALL_PORT_PROTOCOLS];
	const u16 *lasts;
	u64 masks[];
};

int podwall_port_table_build(const struct podwall_rule_set *set,
			     struct podwall_port_table **table);
void podwall_port_table_free(struct podwall_port_table *table);
size_t podwall_port_table_size(const struct podwall_port_table *table);
u32 podwall_port_table_bit(const struct podwall_rule_set *set, u32 rule);

/* The first interval that does not end before the port. */
static __always_inline unsigned long
podwall_port_table_interval(const struct podwall_port_table *table, u32 key)
{
	unsigned long interval = table->roots[key >> PODWALL_PORT_ROOT_BITS];

	while (table->lasts[interval] < (u16)key)
		interval++;
	return interval;
}

/**
 * podwall_port_table_find - find what decides
 * @table: of the rule set
 * @peer: rules that match the peer
 * @key: protocol and port
 * @has_port: the packet carries ports
 * @skip_policy_tier: the policy tier does not concern the connection
 *
 * Context: Any.
 * Return: the result.
 */
static __always_inline u32
podwall_port_table_find(const struct podwall_port_table *table, u64 peer,
			u32 key, bool has_port, bool skip_policy_tier)
{
	unsigned long bit;
	u32 result;
	u64 mask;

	if (has_port && likely(podwall_port_key_slot(key) !=
			       PODWALL_PORT_PROTOCOLS))
		mask = table->masks[podwall_port_table_interval(table, key)];
	else if (podwall_port_key_slot(key) != PODWALL_PORT_PROTOCOLS)
		mask = table->portless[podwall_port_key_slot(key)];
	else
		mask = table->other;
	mask &= peer;
	if (skip_policy_tier)
		mask &= ~table->tiers[PODWALL_TIER_POLICY];
	/* The last ending always matches. */
	bit = __ffs64(mask);
	result = table->results[bit];
	/* One look tells what neither passes nor denies. */
	while (unlikely((s32)result < 0) &&
	       (result & PODWALL_RESULT_PASS) == PODWALL_RESULT_PASS) {
		mask &= ~table->tiers[result & PODWALL_RESULT_TIER];
		bit = __ffs64(mask);
		result = table->results[bit];
	}
	return result;
}

#endif
