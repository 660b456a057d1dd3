/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The model to the objects that the kernel of one node holds.
 */
#ifndef NLCTL_POLICY_COMPILER_H
#define NLCTL_POLICY_COMPILER_H

#include <stdbool.h>
#include "policy/cluster.h"
#include "policy/objects.h"
#include "policy/problem.h"

/**
 * compile() - compile the policies of a cluster for a node
 * @cluster: the Kubernetes objects
 * @node: name of the node whose pods are to be enforced, or NULL to enforce
 *	every pod that has an address
 * @live: objects that the kernel has now, whose numbers are kept wherever they
 *	still fit, so that a small change gives a small difference; may be NULL
 * @objects: receives the result, which the caller frees with objects_clear();
 *	what it held before is not freed
 * @problems: receives addresses that more than one pod claims, namespaces and
 *	nodes whose labels are needed and missing, and the like
 *
 * The result depends on the contents of @cluster and @live alone, not on the
 * order in which the cluster's objects were read.
 *
 * Return: false when an error was added to @problems; @objects is then empty.
 */
bool compile(const struct cluster *cluster, const char *node,
	     const struct objects *live, struct objects *objects,
	     struct problems *problems);

#endif
