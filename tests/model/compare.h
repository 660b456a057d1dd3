/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_COMPARE_H
#define PODWALL_MODEL_COMPARE_H

#include <linux/types.h>

#include "world.h"

struct podwall_policy;

/** struct tally - @asked: questions; @reasons: answers by enum podwall_reason */
struct tally {
	u64 asked;
	u64 reasons[8];
	u64 rule_verdicts[4];
};

bool compare(const struct podwall_policy *policy, const struct world *world,
	     const struct world *other, u32 questions, struct tally *tally);

#endif
