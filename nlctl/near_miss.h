/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules that would have decided otherwise, had but one thing been different.
 */
#ifndef NLCTL_NEAR_MISS_H
#define NLCTL_NEAR_MISS_H

#include <stdbool.h>
#include <stddef.h>

#include "walk.h"

/**
 * struct near_miss - a rule that covers the peer or the port, but not both
 * @rule: the rule, borrowed from the walk
 * @but_for_port: it covers the peer, but not the port; else the other way round
 * @by_chance: what it covers is any peer, or any port: it is near to everything
 * @except: the exception of a block that keeps the peer out; or NULL
 * @block: that block; or NULL
 */
struct near_miss {
	const struct walk_rule *rule;
	bool but_for_port;
	bool by_chance;
	const struct network *except;
	const struct network *block;
};

/**
 * struct near_misses - the near misses of a direction, the most useful first
 * @list: the near misses; owned
 * @count: length of @list
 */
struct near_misses {
	struct near_miss *list;
	size_t count;
};

/**
 * near_misses_find() - find the near misses of a direction
 * @question: what was walked
 * @direction: the walk
 * @misses: receives them; freed with near_misses_clear()
 *
 * Those are accepting rules where the answer is deny, and denying rules where
 * it is accept, as far as they would have decided if they had matched: rules
 * behind what decided, behind a Pass, or of a tier that was not reached would
 * not. Rules of the tier that decided come first, then those that name what
 * they cover before those that cover any, then those that miss the port alone.
 */
void near_misses_find(const struct walk_question *question,
		      const struct walk_direction *direction,
		      struct near_misses *misses);

/* Free what the structure owns and zero it. */
void near_misses_clear(struct near_misses *misses);

#endif
