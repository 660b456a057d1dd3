/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_PROGRAM_BUILD_H
#define PODWALL_PROGRAM_BUILD_H

#include <linux/types.h>

#include "array.h"
#include "program.h"

/**
 * struct podwall_programs - programs being written
 * @set: whose rules they come from
 * @code: of u32; one program after the other
 * @starts: of u32; where each program begins
 * @hashes: of u32; of each program
 * @heads: chains of programs by hash
 * @nexts: of u32; the next program of the same hash, one up; 0 ends
 * @cuts: room for a bit for each port
 * @bounds: room for the last ports of intervals
 * @firsts: room for what matches them, and what has no ports
 * @skips: room for the next interval that may still get a result
 */
struct podwall_programs {
	const struct podwall_rule_set *set;
	struct podwall_array code;
	struct podwall_array starts;
	struct podwall_array hashes;
	u32 *heads;
	struct podwall_array nexts;
	unsigned long *cuts;
	struct podwall_array bounds;
	struct podwall_array firsts;
	struct podwall_array skips;
};

int podwall_programs_begin(struct podwall_programs *programs,
			   const struct podwall_rule_set *set);
int podwall_programs_add(struct podwall_programs *programs, const u32 *rules,
			 u32 count, u32 *start);
void podwall_programs_free(struct podwall_programs *programs);

#endif
