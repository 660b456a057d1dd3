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
 * @firsts: what matches them
 */
struct podwall_interval {
	u32 last;
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
 * podwall_program_find - find what matches a port
 * @program: the program
 * @key: by podwall_port_key()
 *
 * Context: Any.
 */
static inline const struct podwall_firsts *
podwall_program_find(const struct podwall_program *program, u32 key)
{
	u32 low, high, middle, slot = podwall_port_key_slot(key);

	if (slot == 2 * PODWALL_PORT_PROTOCOLS)
		return &program->other;
	if (slot >= PODWALL_PORT_PROTOCOLS)
		return &program->portless[slot - PODWALL_PORT_PROTOCOLS];
	low = program->first[slot];
	high = program->first[slot + 1] - 1;
	while (low < high) {
		middle = (low + high) / 2;
		if (program->intervals[middle].last < (u16)key)
			low = middle + 1;
		else
			high = middle;
	}
	return &program->intervals[low].firsts;
}

#endif
