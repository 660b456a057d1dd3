/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_ATTEMPT_H
#define PODWALL_MODEL_ATTEMPT_H

#include "compare.h"
#include "pool.h"

struct node;

enum trouble_kind {
	/* One allocation fails. */
	TROUBLE_ONCE,
	/* One does, and all that follow. */
	TROUBLE_ONWARDS,
	/* The writer is killed. */
	TROUBLE_SIGNAL,
	TROUBLES,
};

/**
 * struct trouble - what goes wrong with a commit, and how it ended
 * @kind: what
 * @number: of the allocation that fails, or of the look at signals; from 1
 * @met: it came to that
 * @failed: the commit was given up
 */
struct trouble {
	enum trouble_kind kind;
	u64 number;
	bool met;
	bool failed;
};

bool attempt(struct node *node, const struct list *changes,
	     struct trouble *trouble, struct tally *tally);

#endif
