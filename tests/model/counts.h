/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_COUNTS_H
#define PODWALL_MODEL_COUNTS_H

#include "traffic.h"
#include "world.h"

struct podwall_policy;

/**
 * struct counts - what should have been counted, kept in the plainest way
 * @rows: of struct count_row; one for each rule set that ever was in force
 * @pods: of struct pod_counts; one for each pod that ever was
 * @total: all traffic
 *
 * A packet that finds an old policy is counted there, and once more in all that
 * goes on from it.
 */
struct counts {
	struct list rows;
	struct list pods;
	struct podwall_traffic_counts total;
};

void counts_follow(struct counts *counts, const struct world *before,
		   const struct world *next);
void counts_add(struct counts *counts, const struct podwall_policy *policy,
		const struct world *world, u32 packets);
bool counts_compare(const struct counts *counts,
		    const struct podwall_policy *policy,
		    const struct world *world);

#endif
