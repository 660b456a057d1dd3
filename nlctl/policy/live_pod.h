/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pod among live objects.
 */
#ifndef NLCTL_POLICY_LIVE_POD_H
#define NLCTL_POLICY_LIVE_POD_H

#include "policy/objects.h"

/* The pod of that key, or NULL; so it is when @live is NULL. */
const struct pod *live_pod(const struct objects *live, const char *key);

#endif
