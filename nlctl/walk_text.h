/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way through the tiers, for a person.
 */
#ifndef NLCTL_WALK_TEXT_H
#define NLCTL_WALK_TEXT_H

#include <stdbool.h>

#include "walk.h"

/**
 * walk_print() - print how each tier ended
 * @objects: that were walked
 * @walk: the walk of a direction
 * @wide: print every rule as well
 */
void walk_print(const struct objects *objects,
		const struct walk_direction *walk, bool wide);

#endif
