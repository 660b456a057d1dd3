/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies of the peers of policies, which outlive them.
 */
#ifndef NLCTL_POLICY_PEER_COPY_H
#define NLCTL_POLICY_PEER_COPY_H

#include "policy/model.h"

/* The caller frees the copy with policy_peer_clear(). */
struct policy_peer policy_peer_copy(const struct policy_peer *peer);

#endif
