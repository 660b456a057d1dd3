/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kubernetes manifests to the model: decoding, defaults and validation as the
 * API server does them.
 */
#ifndef NLCTL_POLICY_MANIFEST_H
#define NLCTL_POLICY_MANIFEST_H

#include <stdbool.h>
#include "policy/cluster.h"
#include "policy/document.h"
#include "policy/problem.h"

/**
 * struct manifest_options - how to decode
 * @lenient: pass over kinds that nlctl does not know with a warning, and let
 *	rules of cluster policies with a peer that it does not know fail closed,
 *	where these are errors otherwise; another version of a kind that it
 *	knows is an error all the same
 */
struct manifest_options {
	bool lenient;
};

/**
 * manifest_decode() - decode one object into the cluster
 * @documents: the list that @document is in
 * @document: the object: a Pod, Namespace, Node, NetworkPolicy,
 *	ClusterNetworkPolicy, AdminNetworkPolicy or BaselineAdminNetworkPolicy
 * @options: how to decode
 * @cluster: receives the object unless it has errors
 * @problems: receives what is wrong
 *
 * Return: false when an error was added to @problems.
 */
bool manifest_decode(struct documents *documents,
		     const struct document *document,
		     const struct manifest_options *options,
		     struct cluster *cluster, struct problems *problems);

/**
 * manifest_read() - read files and decode every object in them
 * @paths: as for documents_read()
 * @path_count: length of @paths
 * @options: how to decode
 * @cluster: receives the objects that have no errors
 * @problems: receives what is wrong
 *
 * Return: false when an error was added to @problems; then @cluster lacks
 * objects and must not be compiled.
 */
bool manifest_read(const char *const *paths, size_t path_count,
		   const struct manifest_options *options,
		   struct cluster *cluster, struct problems *problems);

#endif
