/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The items of NetworkPolicies to rules.
 */
#ifndef NLCTL_POLICY_RULE_BUILDER_H
#define NLCTL_POLICY_RULE_BUILDER_H

#include <stddef.h>
#include "policy/model.h"
#include "policy/objects.h"
#include "policy/peer_table.h"

/**
 * build_rule_set() - the rule set that policies give a pod in one direction
 * @peers: receives the peer sets that the rules refer to
 * @policies: the policies that select the pod and are about the direction, in
 *	the order that the rules shall have; at least one
 * @policy_count: length of @policies
 * @direction: the direction
 * @subject: the pod, for its named ports
 * @rule_set: receives the result without id; its rules refer to peer sets by
 *	their indexes in @peers, not yet by ids
 */
void build_rule_set(struct peer_table *peers,
		    const struct network_policy *const *policies,
		    size_t policy_count, enum podwall_direction direction,
		    const struct cluster_pod *subject,
		    struct rule_set *rule_set);

#endif
