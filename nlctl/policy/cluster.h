/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All Kubernetes objects that were read, found by their keys.
 */
#ifndef NLCTL_POLICY_CLUSTER_H
#define NLCTL_POLICY_CLUSTER_H

#include <stdbool.h>
#include "policy/model.h"

struct owners;

/**
 * struct cluster - the objects of a cluster; start with zeroes
 * @namespaces: uthash by name
 * @pods: uthash by namespace/name
 * @nodes: uthash by name
 * @policies: uthash by namespace/name
 * @cluster_policies: uthash by kind and name
 * @owners: what owners.c remembers of @pods and @nodes, or NULL; forgotten when
 *	one of these is put in
 *
 * Walk one with HASH_ITER(hh, ...) or along hh.next. The order is that of
 * insertion until cluster_sort() makes it that of the keys.
 */
struct cluster {
	struct cluster_namespace *namespaces;
	struct cluster_pod *pods;
	struct cluster_node *nodes;
	struct network_policy *policies;
	struct cluster_policy *cluster_policies;
	struct owners *owners;
};

/* Find an object by its key; NULL when there is none. Namespaces that are only
 * implied are found too, once an object named them.
 */
struct cluster_namespace *cluster_find_namespace(const struct cluster *cluster,
						 const char *name);
struct cluster_pod *cluster_find_pod(const struct cluster *cluster,
				     const char *key);
struct cluster_node *cluster_find_node(const struct cluster *cluster,
				       const char *name);
struct network_policy *cluster_find_policy(const struct cluster *cluster,
					   const char *key);
struct cluster_policy *
cluster_find_cluster_policy(const struct cluster *cluster, const char *key);

/* Put an object in, which the cluster then owns. One of the same key is freed.
 * The namespaces of pods and policies are implied where they are missing.
 */
void cluster_put_namespace(struct cluster *cluster,
			   struct cluster_namespace *namespace);
void cluster_put_pod(struct cluster *cluster, struct cluster_pod *pod);
void cluster_put_node(struct cluster *cluster, struct cluster_node *node);
void cluster_put_policy(struct cluster *cluster, struct network_policy *policy);
void cluster_put_cluster_policy(struct cluster *cluster,
				struct cluster_policy *policy);

/**
 * cluster_sort() - order all objects by their keys
 * @cluster: the cluster
 *
 * The compiler's result does not depend on it; listings read better with it.
 */
void cluster_sort(struct cluster *cluster);

/**
 * cluster_clear() - free all objects
 * @cluster: the cluster, which is empty afterwards
 */
void cluster_clear(struct cluster *cluster);

#endif
