/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_PROGRAM_H
#define PODWALL_PROGRAM_H

#include <linux/types.h>

#include "result.h"

struct podwall_rule_set;

#define PODWALL_NO_RULE		U32_MAX

/**
 * struct podwall_firsts - the first rule that matches in each tier
 * @rules: by tier, from PODWALL_TIER_ADMIN on; indices, or PODWALL_NO_RULE
 */
struct podwall_firsts {
	u32 rules[PODWALL_TIERS - 1];
};

/**
 * struct podwall_interval - ports up to one, from behind the last interval
 * @last: the last port
 * @result: what decides when nothing else matches
 * @firsts: what matches them
 */
struct podwall_interval {
	u32 last;
	u32 result;
	struct podwall_firsts firsts;
};

/**
 * struct podwall_program - what matches each protocol and port
 * @other: of protocols whose ports no rule can name
 * @portless: of later fragments of TCP, UDP and SCTP
 * @first: index of the first interval of TCP, UDP and SCTP, and of none
 * @intervals: ascending for each protocol, up to the last port
 */
struct podwall_program {
	struct podwall_firsts other;
	struct podwall_firsts portless[PODWALL_PORT_PROTOCOLS];
	u32 first[PODWALL_PORT_PROTOCOLS + 1];
	struct podwall_interval intervals[];
};

u32 podwall_program_decide(const struct podwall_rule_set *set,
			   const struct podwall_firsts *peer,
			   const struct podwall_firsts *block,
			   bool skip_policy_tier);

/**
 * podwall_program_find_port - find what matches a port
 * @program: the program
 * @slot: of the protocol, which has ports
 * @port: in host byte order
 *
 * Context: Any.
 */
static __always_inline const struct podwall_interval *
podwall_program_find_port(const struct podwall_program *program, u32 slot,
			  u16 port)
{
	const struct podwall_interval *interval;
	u32 low = program->first[slot];
	u32 high = program->first[slot + 1] - 1;
	u32 middle;

	/* Few are told apart sooner one by one; the last one has every port. */
	while (high - low > 4) {
		middle = (low + high) / 2;
		if (program->intervals[middle].last < port)
			low = middle + 1;
		else
			high = middle;
	}
	for (interval = &program->intervals[low]; interval->last < port;)
		interval++;
	return interval;
}

/**
 * podwall_program_find - find what matches what may have no port
 * @program: the program
 * @key: by podwall_port_key()
 *
 * Context: Any.
 */
static inline const struct podwall_firsts *
podwall_program_find(const struct podwall_program *program, u32 key)
{
	u32 slot = podwall_port_key_slot(key);

	if (slot == 2 * PODWALL_PORT_PROTOCOLS)
		return &program->other;
	if (slot >= PODWALL_PORT_PROTOCOLS)
		return &program->portless[slot - PODWALL_PORT_PROTOCOLS];
	return &podwall_program_find_port(program, slot, key)->firsts;
}

#endif
