/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_PLAN_H
#define PODWALL_MODEL_PLAN_H

#include "generate.h"
#include "world.h"

/**
 * struct plan - a kind of transaction
 * @name: for whoever reads results
 * @weight: how often it is chosen, of all weights together
 * @make: appends to the changes
 */
struct plan {
	const char *name;
	u32 weight;
	void (*make)(const struct world *world, const struct scale *scale,
		     struct list *changes);
};

extern const struct plan plans[];
extern const u32 plan_count;

struct scale plan_scale(u32 size);
struct list plan_load(const struct world *world, const struct scale *scale);
struct list plan_update(const struct world *world, const struct scale *scale);

#endif
