// SPDX-License-Identifier: GPL-2.0-only
#include "manifest_objects.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "random_run.h"

static void put_pods(struct compiler *compiler, struct cluster *cluster)
{
	struct cluster_pod *pod, *next;

	HASH_ITER(hh, cluster->pods, pod, next) {
		HASH_DEL(cluster->pods, pod);
		compiler_put_pod(compiler, pod);
	}
}

static void put_policies(struct compiler *compiler, struct cluster *cluster)
{
	struct cluster_policy *cluster_policy, *next_cluster_policy;
	struct network_policy *policy, *next;

	HASH_ITER(hh, cluster->policies, policy, next) {
		HASH_DEL(cluster->policies, policy);
		compiler_put_policy(compiler, policy);
	}
	HASH_ITER(hh, cluster->cluster_policies, cluster_policy,
		  next_cluster_policy) {
		HASH_DEL(cluster->cluster_policies, cluster_policy);
		compiler_put_cluster_policy(compiler, cluster_policy);
	}
}

void manifest_put_into(struct compiler *compiler, const json_t *object)
{
	struct cluster_namespace *namespace = NULL, *next_namespace = NULL;
	json_t *list = json_pack("[O]", object);
	struct cluster_node *node, *next_node;
	struct cluster cluster = {};

	read_generated(list, &cluster);
	json_decref(list);
	put_pods(compiler, &cluster);
	put_policies(compiler, &cluster);
	HASH_ITER(hh, cluster.namespaces, namespace, next_namespace) {
		if (namespace->implied)
			continue;
		HASH_DEL(cluster.namespaces, namespace);
		compiler_put_namespace(compiler, namespace);
	}
	HASH_ITER(hh, cluster.nodes, node, next_node) {
		HASH_DEL(cluster.nodes, node);
		compiler_put_node(compiler, node);
	}
	cluster_clear(&cluster);
}

const char *manifest_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(json_object_get(object,
								 "metadata"),
						 key));
}

static const char *kind_of(const json_t *object)
{
	return json_string_value(json_object_get(object, "kind"));
}

/* As the compiler knows it. */
static char *key_of(const json_t *object)
{
	const char *kind = kind_of(object),
		   *name = manifest_text(object, "name");

	if (!strcmp(kind, "Namespace") || !strcmp(kind, "Node"))
		return xstrdup(name);
	if (!strcmp(kind, "Pod") || !strcmp(kind, "NetworkPolicy"))
		return xasprintf("%s/%s", manifest_text(object, "namespace"),
				 name);
	return xasprintf("%s %s", kind, name);
}

bool manifest_remove_from(struct compiler *compiler, const json_t *object)
{
	const char *kind = kind_of(object);
	char *key = key_of(object);
	bool removed;

	if (!strcmp(kind, "Namespace"))
		removed = compiler_remove_namespace(compiler, key);
	else if (!strcmp(kind, "Node"))
		removed = compiler_remove_node(compiler, key);
	else if (!strcmp(kind, "Pod"))
		removed = compiler_remove_pod(compiler, key);
	else if (!strcmp(kind, "NetworkPolicy"))
		removed = compiler_remove_policy(compiler, key);
	else
		removed = compiler_remove_cluster_policy(compiler, key);
	free(key);
	return removed;
}

const json_t *manifest_find(const json_t *manifests, const json_t *object)
{
	char *wanted = key_of(object);
	const json_t *found = NULL;
	size_t i;

	for (i = 0; i < json_array_size(manifests) && !found; i++) {
		const json_t *other = json_array_get(manifests, i);
		char *key = key_of(other);

		if (!strcmp(kind_of(other), kind_of(object)) &&
		    !strcmp(key, wanted))
			found = other;
		free(key);
	}
	free(wanted);
	return found;
}
