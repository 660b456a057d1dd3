/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies of objects that own all that they point to.
 */
#ifndef NLCTL_POLICY_OBJECT_COPY_H
#define NLCTL_POLICY_OBJECT_COPY_H

#include "policy/objects.h"

/* What is counted is not copied. The caller frees the copy as the original. */
struct peer_set peer_set_copy(const struct peer_set *peer_set);
struct rule_set rule_set_copy(const struct rule_set *rule_set);
struct pod pod_copy(const struct pod *pod);

#endif
