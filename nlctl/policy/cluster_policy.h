/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The spec of a policy for the whole cluster, decoded strictly.
 */
#ifndef NLCTL_POLICY_CLUSTER_POLICY_H
#define NLCTL_POLICY_CLUSTER_POLICY_H

#include "policy/cluster_dialect.h"
#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_cluster_spec() - decode the spec of a policy for the whole cluster
 * @decoder: the decoder; its @failed says whether there was an error
 * @spec: the spec
 * @dialect: of the policy's kind and version
 * @lenient: let a rule with an unknown peer fail closed, with a warning, where
 *	the peer is an error otherwise
 * @policy: receives tier, priority, subject and rules
 */
void decode_cluster_spec(struct decoder *decoder, const struct value *spec,
			 const struct cluster_dialect *dialect, bool lenient,
			 struct cluster_policy *policy);

#endif
