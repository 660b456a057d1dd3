// SPDX-License-Identifier: GPL-2.0-only
#include "policy/cluster.h"

#include <string.h>
#include "policy/memory.h"
#include "policy/owners.h"

struct cluster_namespace *cluster_find_namespace(const struct cluster *cluster,
						 const char *name)
{
	struct cluster_namespace *namespace;

	HASH_FIND_STR(cluster->namespaces, name, namespace);
	return namespace;
}

struct cluster_pod *cluster_find_pod(const struct cluster *cluster,
				     const char *key)
{
	struct cluster_pod *pod;

	HASH_FIND_STR(cluster->pods, key, pod);
	return pod;
}

struct cluster_node *cluster_find_node(const struct cluster *cluster,
				       const char *name)
{
	struct cluster_node *node;

	HASH_FIND_STR(cluster->nodes, name, node);
	return node;
}

struct network_policy *cluster_find_policy(const struct cluster *cluster,
					   const char *key)
{
	struct network_policy *policy;

	HASH_FIND_STR(cluster->policies, key, policy);
	return policy;
}

struct cluster_policy *
cluster_find_cluster_policy(const struct cluster *cluster, const char *key)
{
	struct cluster_policy *policy;

	HASH_FIND_STR(cluster->cluster_policies, key, policy);
	return policy;
}

static void forget_owners(struct cluster *cluster)
{
	owners_free(cluster->owners);
	cluster->owners = NULL;
}

static void imply_namespace(struct cluster *cluster, const char *name)
{
	struct cluster_namespace *namespace;

	if (cluster_find_namespace(cluster, name))
		return;
	namespace = xcalloc(1, sizeof(*namespace));
	namespace->name = xstrdup(name);
	namespace->implied = true;
	cluster_put_namespace(cluster, namespace);
}

void cluster_put_namespace(struct cluster *cluster,
			   struct cluster_namespace *namespace)
{
	struct cluster_namespace *replaced;

	labels_set(&namespace->labels, NAMESPACE_NAME_LABEL, namespace->name);
	HASH_FIND_STR(cluster->namespaces, namespace->name, replaced);
	if (replaced)
		HASH_DEL(cluster->namespaces, replaced);
	HASH_ADD_KEYPTR(hh, cluster->namespaces, namespace->name,
			strlen(namespace->name), namespace);
	cluster_namespace_free(replaced);
}

void cluster_put_pod(struct cluster *cluster, struct cluster_pod *pod)
{
	struct cluster_pod *replaced;

	forget_owners(cluster);
	imply_namespace(cluster, pod->namespace);
	HASH_FIND_STR(cluster->pods, pod->key, replaced);
	if (replaced)
		HASH_DEL(cluster->pods, replaced);
	HASH_ADD_KEYPTR(hh, cluster->pods, pod->key, strlen(pod->key), pod);
	cluster_pod_free(replaced);
}

void cluster_put_node(struct cluster *cluster, struct cluster_node *node)
{
	struct cluster_node *replaced;

	forget_owners(cluster);
	HASH_FIND_STR(cluster->nodes, node->name, replaced);
	if (replaced)
		HASH_DEL(cluster->nodes, replaced);
	HASH_ADD_KEYPTR(hh, cluster->nodes, node->name, strlen(node->name),
			node);
	cluster_node_free(replaced);
}

void cluster_put_policy(struct cluster *cluster, struct network_policy *policy)
{
	struct network_policy *replaced;

	imply_namespace(cluster, policy->namespace);
	HASH_FIND_STR(cluster->policies, policy->key, replaced);
	if (replaced)
		HASH_DEL(cluster->policies, replaced);
	HASH_ADD_KEYPTR(hh, cluster->policies, policy->key, strlen(policy->key),
			policy);
	network_policy_free(replaced);
}

void cluster_put_cluster_policy(struct cluster *cluster,
				struct cluster_policy *policy)
{
	struct cluster_policy *replaced;

	HASH_FIND_STR(cluster->cluster_policies, policy->key, replaced);
	if (replaced)
		HASH_DEL(cluster->cluster_policies, replaced);
	HASH_ADD_KEYPTR(hh, cluster->cluster_policies, policy->key,
			strlen(policy->key), policy);
	cluster_policy_free(replaced);
}

static int by_namespace(const struct cluster_namespace *a,
			const struct cluster_namespace *b)
{
	return strcmp(a->name, b->name);
}

static int by_pod(const struct cluster_pod *a, const struct cluster_pod *b)
{
	return strcmp(a->key, b->key);
}

static int by_node(const struct cluster_node *a, const struct cluster_node *b)
{
	return strcmp(a->name, b->name);
}

static int by_policy(const struct network_policy *a,
		     const struct network_policy *b)
{
	return strcmp(a->key, b->key);
}

static int by_cluster_policy(const struct cluster_policy *a,
			     const struct cluster_policy *b)
{
	return strcmp(a->key, b->key);
}

void cluster_sort(struct cluster *cluster)
{
	HASH_SORT(cluster->namespaces, by_namespace);
	HASH_SORT(cluster->pods, by_pod);
	HASH_SORT(cluster->nodes, by_node);
	HASH_SORT(cluster->policies, by_policy);
	HASH_SORT(cluster->cluster_policies, by_cluster_policy);
}

void cluster_clear(struct cluster *cluster)
{
	struct cluster_namespace *namespace, *next_namespace;
	struct cluster_policy *cluster_policy, *next_cluster_policy;
	struct network_policy *policy, *next_policy;
	struct cluster_node *node, *next_node;
	struct cluster_pod *pod, *next_pod;

	forget_owners(cluster);
	HASH_ITER(hh, cluster->namespaces, namespace, next_namespace) {
		HASH_DEL(cluster->namespaces, namespace);
		cluster_namespace_free(namespace);
	}
	HASH_ITER(hh, cluster->pods, pod, next_pod) {
		HASH_DEL(cluster->pods, pod);
		cluster_pod_free(pod);
	}
	HASH_ITER(hh, cluster->nodes, node, next_node) {
		HASH_DEL(cluster->nodes, node);
		cluster_node_free(node);
	}
	HASH_ITER(hh, cluster->policies, policy, next_policy) {
		HASH_DEL(cluster->policies, policy);
		network_policy_free(policy);
	}
	HASH_ITER(hh, cluster->cluster_policies, cluster_policy,
		  next_cluster_policy) {
		HASH_DEL(cluster->cluster_policies, cluster_policy);
		cluster_policy_free(cluster_policy);
	}
}
