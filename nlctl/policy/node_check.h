/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the nodes that policies select by label are known.
 */
#ifndef NLCTL_POLICY_NODE_CHECK_H
#define NLCTL_POLICY_NODE_CHECK_H

#include <stdbool.h>
#include "policy/cluster.h"
#include "policy/problem.h"

/**
 * check_nodes() - refuse policies about nodes that the manifests lack
 * @cluster: the Kubernetes objects
 * @problems: receives an error for each peer that selects nodes while pods are
 *	on a node that is not among the manifests
 *
 * Its labels and addresses are not known, so what a rule denies could be
 * reached through it.
 *
 * Return: false when an error was added to @problems.
 */
bool check_nodes(const struct cluster *cluster, struct problems *problems);

#endif
