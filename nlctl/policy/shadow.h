/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules to which another leaves nothing.
 */
#ifndef NLCTL_POLICY_SHADOW_H
#define NLCTL_POLICY_SHADOW_H

#include "policy/advice.h"

/**
 * advise_shadows() - warn of rules that accept nothing which another does not
 * @advice: what the warnings are made from
 *
 * The other rule is of the same policy, or of one that selects at least the
 * same pods. Of rules that say the same, the first is the one that counts.
 */
void advise_shadows(const struct advice *advice);

#endif
