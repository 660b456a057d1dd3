// SPDX-License-Identifier: GPL-2.0-only
#include "agent/object.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "policy/manifest.h"
#include "policy/memory.h"

char *object_key(const json_t *object)
{
	const json_t *metadata = json_object_get(object, "metadata");
	const char *name, *namespace;

	name = json_string_value(json_object_get(metadata, "name"));
	namespace = json_string_value(json_object_get(metadata, "namespace"));
	if (!name)
		return NULL;
	return namespace ? xasprintf("%s/%s", namespace, name) : xstrdup(name);
}

uint32_t object_uid(const json_t *object)
{
	const json_t *metadata = json_object_get(object, "metadata");
	const char *uid = json_string_value(json_object_get(metadata, "uid"));
	unsigned int hash;

	if (!uid)
		return 0;
	HASH_VALUE(uid, strlen(uid), hash);
	return hash;
}

/* The first error, and how many more there are. */
static char *refusal_text(const struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];
		const char *field = problem->field;

		if (problem->severity != SEVERITY_ERROR)
			continue;
		if (problems->errors == 1)
			return xasprintf("%s%s%s", field ? field : "",
					 field ? ": " : "", problem->text);
		return xasprintf("%s%s%s; and %zu more", field ? field : "",
				 field ? ": " : "", problem->text,
				 problems->errors - 1);
	}
	return xstrdup("it cannot be read");
}

char *object_decode(const struct resource *resource, const char *api_version,
		    json_t *object, struct cluster *cluster)
{
	const struct manifest_options options = { .lenient = true };
	struct document document = {
		.root = object,
		.api_version = (char *)api_version,
		.kind = (char *)resource->kind,
		.path = (char *)"",
	};
	struct documents documents = {};
	struct problems problems = {};
	char *refusal = NULL;

	if (!manifest_decode(&documents, &document, &options, cluster,
			     &problems)) {
		refusal = refusal_text(&problems);
		cluster_clear(cluster);
	}
	problems_clear(&problems);
	documents_clear(&documents);
	return refusal;
}

/* The metadata without what may be what is wrong with it. */
static json_t *bare_metadata(const json_t *object)
{
	const json_t *metadata = json_object_get(object, "metadata");

	return json_pack("{s:o*, s:o*}", "name",
			 json_copy(json_object_get(metadata, "name")),
			 "namespace",
			 json_copy(json_object_get(metadata, "namespace")));
}

/* The directions that a policy says it is about; both if it does not. */
static json_t *directions_of(const json_t *spec)
{
	json_t *types = json_object_get(spec, "policyTypes");

	if (json_array_size(types))
		return json_deep_copy(types);
	return json_pack("[s, s]", "Ingress", "Egress");
}

/* A policy without rules, about what the spec selects. */
static json_t *closed_policy(const json_t *object, const json_t *spec)
{
	json_t *selector = json_object_get(spec, "podSelector");

	return json_pack("{s:o, s:{s:o, s:o}}", "metadata",
			 bare_metadata(object), "spec", "podSelector",
			 selector ? json_deep_copy(selector) : json_object(),
			 "policyTypes", directions_of(spec));
}

bool object_stand_in(const char *api_version, json_t *object,
		     struct cluster *cluster)
{
	const struct resource *resource = &resources[RESOURCE_NETWORK_POLICIES];
	const json_t *specs[] = { json_object_get(object, "spec"), NULL };
	size_t i;

	for (i = 0; i < sizeof(specs) / sizeof(*specs); i++) {
		json_t *policy = closed_policy(object, specs[i]);
		char *refusal =
			object_decode(resource, api_version, policy, cluster);

		json_decref(policy);
		if (!refusal)
			return true;
		free(refusal);
	}
	return false;
}

void object_put(struct cluster *cluster, struct compiler *compiler)
{
	struct cluster_namespace *namespace, *next_namespace;
	struct cluster_policy *cluster_policy, *next_cluster_policy;
	struct network_policy *policy, *next_policy;
	struct cluster_node *node, *next_node;
	struct cluster_pod *pod, *next_pod;

	HASH_ITER(hh, cluster->namespaces, namespace, next_namespace) {
		/* Pods and policies imply theirs, which comes by itself. */
		if (namespace->implied)
			continue;
		HASH_DEL(cluster->namespaces, namespace);
		compiler_put_namespace(compiler, namespace);
	}
	HASH_ITER(hh, cluster->nodes, node, next_node) {
		HASH_DEL(cluster->nodes, node);
		compiler_put_node(compiler, node);
	}
	HASH_ITER(hh, cluster->pods, pod, next_pod) {
		HASH_DEL(cluster->pods, pod);
		compiler_put_pod(compiler, pod);
	}
	HASH_ITER(hh, cluster->policies, policy, next_policy) {
		HASH_DEL(cluster->policies, policy);
		compiler_put_policy(compiler, policy);
	}
	HASH_ITER(hh, cluster->cluster_policies, cluster_policy,
		  next_cluster_policy) {
		HASH_DEL(cluster->cluster_policies, cluster_policy);
		compiler_put_cluster_policy(compiler, cluster_policy);
	}
	cluster_clear(cluster);
}

void object_remove(const struct resource *resource, const char *key,
		   struct compiler *compiler)
{
	char *whole;

	switch (resource->id) {
	case RESOURCE_NAMESPACES:
		compiler_remove_namespace(compiler, key);
		break;
	case RESOURCE_NODES:
		compiler_remove_node(compiler, key);
		break;
	case RESOURCE_PODS:
		compiler_remove_pod(compiler, key);
		break;
	case RESOURCE_NETWORK_POLICIES:
		compiler_remove_policy(compiler, key);
		break;
	default:
		whole = xasprintf("%s %s", resource->kind, key);
		compiler_remove_cluster_policy(compiler, whole);
		free(whole);
	}
}

static void add_block(const json_t *text, struct network **blocks,
		      size_t *count)
{
	const char *block = json_string_value(text);
	struct network network;

	if (!block || !network_parse(block, &network))
		return;
	network_mask(&network);
	*array_add(*blocks, *count) = network;
}

struct network *object_blocks(const json_t *node, size_t *count)
{
	const json_t *spec = json_object_get(node, "spec");
	const json_t *list = json_object_get(spec, "podCIDRs");
	struct network *blocks = NULL;
	const json_t *block;
	size_t i;

	*count = 0;
	json_array_foreach(list, i, block)
		add_block(block, &blocks, count);
	if (!json_array_size(list))
		add_block(json_object_get(spec, "podCIDR"), &blocks, count);
	return blocks;
}
