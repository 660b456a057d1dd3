/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies in a line of text, for tables.
 */
#ifndef UNIT_POLICIES_H
#define UNIT_POLICIES_H

#include "policy/cluster.h"

/* Add a NetworkPolicy p<number>; @spec is YAML on one line. */
void add_network_policy(struct cluster *cluster, const char *namespace,
			unsigned int number, const char *spec);

/**
 * add_policy() - add a policy of any kind
 * @cluster: the cluster
 * @policy: "KIND NAME SPEC": C is a ClusterNetworkPolicy v1alpha2, D one of
 *	v1beta1, A an AdminNetworkPolicy, B a BaselineAdminNetworkPolicy, N a
 *	NetworkPolicy in namespace x; a small letter puts it in audit mode. The
 *	spec is YAML on one line.
 */
void add_policy(struct cluster *cluster, const char *policy);

/* Add policies as add_policy() does, one a line. */
void add_policies(struct cluster *cluster, const char *policies);

#endif
