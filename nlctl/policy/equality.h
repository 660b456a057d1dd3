/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether two objects of one id or key say the same; what is counted, and the
 * id itself, is not looked at.
 */
#ifndef NLCTL_POLICY_EQUALITY_H
#define NLCTL_POLICY_EQUALITY_H

#include <stdbool.h>
#include "policy/objects.h"

bool same_peer_set(const struct peer_set *a, const struct peer_set *b);
bool same_rule_set(const struct rule_set *a, const struct rule_set *b);
bool same_pod(const struct pod *a, const struct pod *b);

#endif
