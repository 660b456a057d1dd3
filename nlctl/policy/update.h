/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compile anew what events have touched.
 */
#ifndef NLCTL_POLICY_UPDATE_H
#define NLCTL_POLICY_UPDATE_H

#include "policy/compiler_state.h"

/**
 * update() - compile anew what was touched, and number what is new
 * @compiler: the compiler
 * @live: objects whose numbers are kept where possible, or NULL; looked at the
 *	first time only
 *
 * What was touched stays noted, for publish().
 */
void update(struct compiler *compiler, const struct objects *live);

#endif
