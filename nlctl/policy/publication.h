/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has changed since it was published last.
 */
#ifndef NLCTL_POLICY_PUBLICATION_H
#define NLCTL_POLICY_PUBLICATION_H

#include "policy/compiler_state.h"
#include "policy/difference.h"

/**
 * publish() - collect what has changed, and take it for published
 * @compiler: a compiler after update()
 * @live: objects that may know the interfaces of pods, or NULL
 * @difference: receives the changes, which point into the compiler until the
 *	next time
 *
 * What nobody needs any more is freed, and its numbers may be allotted again.
 */
void publish(struct compiler *compiler, const struct objects *live,
	     struct difference *difference);

/**
 * publication_copy() - copy all that is published
 * @compiler: the compiler
 * @objects: receives it
 */
void publication_copy(const struct compiler *compiler, struct objects *objects);

/* Free what the last changes point to. */
void outdated_clear(struct outdated *outdated);

#endif
