/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_ROUND_H
#define PODWALL_MODEL_ROUND_H

#include "compare.h"

/**
 * struct rounds - what the rounds so far came to
 * @tally: questions and answers
 * @commits: accepted
 * @in_place: of @commits, those that changed the live policy itself
 * @refused: commits
 * @failed: attempts without memory, or by a writer that is killed, that failed
 *	by it
 * @survived: such attempts that did without
 */
struct rounds {
	struct tally tally;
	u64 commits;
	u64 in_place;
	u64 refused;
	u64 failed;
	u64 survived;
};

bool round_play(u32 size, bool troubled, struct rounds *rounds);

#endif
