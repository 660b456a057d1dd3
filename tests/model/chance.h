/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_CHANCE_H
#define PODWALL_MODEL_CHANCE_H

#include <linux/types.h>

/* Random numbers of a round, from its seed alone. */

void chance_seed(u64 seed, u64 round);
u64 chance_u64(void);
u32 chance_below(u32 limit);
u32 chance_between(u32 least, u32 most);
bool chance_percent(u32 percent);

#define chance_of(array) \
	((array)[chance_below(sizeof(array) / sizeof((array)[0]))])

#endif
