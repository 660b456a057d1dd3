/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random policies of the whole cluster: ClusterNetworkPolicies of both versions
 * and tiers, AdminNetworkPolicies and the BaselineAdminNetworkPolicy.
 */
#ifndef GENERATOR_CLUSTER_POLICIES_H
#define GENERATOR_CLUSTER_POLICIES_H

#include <jansson.h>
#include "generator/chance.h"

/* Return a new manifest. */
json_t *generate_cluster_policy(struct chance *chance);

/* One item of spec.ingress or spec.egress of a policy; returns a new object. */
json_t *generate_cluster_rule(struct chance *chance, const json_t *policy,
			      bool egress);

#endif
