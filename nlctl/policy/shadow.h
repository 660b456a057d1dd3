/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules to which another leaves nothing.
 */
#ifndef NLCTL_POLICY_SHADOW_H
#define NLCTL_POLICY_SHADOW_H

#include "policy/advice.h"

/**
 * advise_shadows() - warn of rules to which another leaves nothing
 * @advice: what the warnings are made from
 *
 * A rule of a NetworkPolicy accepts nothing which another does not. The other is
 * of the same policy, or of one that selects at least the same pods. Of rules
 * that say the same, the first is the one that counts.
 *
 * A rule of a policy of the whole cluster stands behind one of the same policy
 * that covers at least the same, whatever either does with it.
 */
void advise_shadows(const struct advice *advice);

#endif
