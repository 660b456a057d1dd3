/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The peers of a rule of a policy for the whole cluster, and its subject.
 */
#ifndef NLCTL_POLICY_CLUSTER_PEER_H
#define NLCTL_POLICY_CLUSTER_PEER_H

#include "policy/cluster_dialect.h"
#include "policy/decoder.h"
#include "policy/model.h"

/**
 * decode_cluster_subject() - the pods that a policy is about
 * @decoder: the decoder
 * @value: spec.subject
 * @dialect: of the policy
 * @policy: receives the selectors
 */
void decode_cluster_subject(struct decoder *decoder, const struct value *value,
			    const struct cluster_dialect *dialect,
			    struct cluster_policy *policy);

/**
 * decode_cluster_peer() - one of the from or to entries of a rule
 * @decoder: the decoder
 * @value: the entry
 * @dialect: of the policy
 * @egress: it is a to entry
 * @lenient: a peer that nlctl does not know is a warning, not an error
 * @rule: receives one peer, or one for each network, or that there is an
 *	unknown one; its action is there already
 */
void decode_cluster_peer(struct decoder *decoder, const struct value *value,
			 const struct cluster_dialect *dialect, bool egress,
			 bool lenient, struct cluster_rule *rule);

#endif
