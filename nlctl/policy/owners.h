/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose an address is, as the evaluator sees it; the compiler has code of its
 * own for that.
 */
#ifndef NLCTL_POLICY_OWNERS_H
#define NLCTL_POLICY_OWNERS_H

#include <stdbool.h>
#include "policy/cluster.h"

/**
 * owner_of() - the pod that an address belongs to
 * @cluster: the Kubernetes objects
 * @ip: the address
 *
 * Of several pods the one that is not being deleted owns it, then the one that
 * runs, then the first by key.
 *
 * Return: the pod, or NULL for an address outside and one of the host network.
 */
const struct cluster_pod *owner_of(const struct cluster *cluster,
				   const struct ip *ip);

/**
 * has_own_network() - whether a pod has a network in which it still lives
 * @cluster: the Kubernetes objects
 * @pod: one of its pods
 *
 * Return: false for a pod that has ended, one of the host network, and one
 * with the address of a node.
 */
bool has_own_network(const struct cluster *cluster,
		     const struct cluster_pod *pod);

/**
 * is_ip_of_node() - whether an address is that of a certain node
 * @cluster: the Kubernetes objects
 * @node: name of the node; "" is none
 * @ip: the address
 *
 * Return: whether the node has it, or a pod of the host network there.
 */
bool is_ip_of_node(const struct cluster *cluster, const char *node,
		   const struct ip *ip);

/**
 * owners_free() - free what these functions remember of a cluster
 * @owners: what they put into the cluster; NULL is allowed
 */
void owners_free(struct owners *owners);

#endif
