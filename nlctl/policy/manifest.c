// SPDX-License-Identifier: GPL-2.0-only
#include "policy/manifest.h"

#include <stdlib.h>
#include <string.h>
#include "policy/cluster_policy.h"
#include "policy/decoder.h"
#include "policy/fields.h"
#include "policy/kind.h"
#include "policy/memory.h"
#include "policy/mode.h"
#include "policy/name_syntax.h"
#include "policy/network_policy.h"
#include "policy/pod_fields.h"
#include "policy/reporting.h"

/* The metadata that every kind has; borrowed from the document. */
struct metadata {
	const char *name;
	const char *namespace;
	enum podwall_mode mode; /* 0 when it is not said */
	enum reporting reporting;
	struct value value;
};

struct manifest {
	struct decoder decoder;
	struct value root;
	struct metadata metadata;
	struct cluster *cluster;
	const struct document *document;
	bool lenient;
};

static struct origin make_origin(const struct manifest *manifest)
{
	const struct place *place = &manifest->decoder.place;

	return (struct origin){
		.file = place->file ? xstrdup(place->file) : NULL,
		.line = value_line(&manifest->decoder, &manifest->root),
		.document = place->document,
	};
}

/* Whether an object may go into the cluster: it is the first of its key. */
static bool may_put(struct manifest *manifest, const struct origin *earlier)
{
	if (earlier)
		decode_error(&manifest->decoder, &manifest->root,
			     "is defined twice; the first is at %s:%u",
			     earlier->file ? earlier->file : "?",
			     earlier->line);
	return !manifest->decoder.failed;
}

static char *make_key(const struct metadata *metadata)
{
	return xasprintf("%s/%s", metadata->namespace, metadata->name);
}

/* What says something of pods says nothing of other objects. */
static void warn_no_effect(struct manifest *manifest, const char *name)
{
	struct value annotations =
		value_member(&manifest->metadata.value, "annotations");
	struct value annotation = value_member(&annotations, name);

	const char *kind = manifest->document->kind;

	decode_warning(&manifest->decoder, &annotation,
		       "has no effect on %s %s",
		       strchr("AEIOU", kind[0]) ? "an" : "a", kind);
}

static void decode_namespace(struct manifest *manifest)
{
	struct cluster_namespace *earlier, *namespace;
	const char *name = manifest->metadata.name, *own;
	struct value labels, label;

	namespace = xcalloc(1, sizeof(*namespace));
	namespace->name = xstrdup(name);
	namespace->origin = make_origin(manifest);
	namespace->mode = manifest->metadata.mode;
	namespace->reporting = manifest->metadata.reporting;
	labels = value_member(&manifest->metadata.value, "labels");
	decode_labels(&manifest->decoder, &labels, &namespace->labels);
	own = labels_find(&namespace->labels, NAMESPACE_NAME_LABEL);
	label = value_member(&labels, NAMESPACE_NAME_LABEL);
	if (own && strcmp(own, name))
		decode_warning(
			&manifest->decoder, &label,
			"is taken as \"%s\": the API server sets it to the namespace's name",
			name);

	earlier = cluster_find_namespace(manifest->cluster, name);
	if (may_put(manifest,
		    earlier && !earlier->implied ? &earlier->origin : NULL))
		cluster_put_namespace(manifest->cluster, namespace);
	else
		cluster_namespace_free(namespace);
}

static void decode_network_policy(struct manifest *manifest)
{
	static const char *const known[] = { "apiVersion", "kind",   "metadata",
					     "spec",	   "status", NULL };
	struct network_policy *earlier, *policy;
	struct value spec;

	policy = xcalloc(1, sizeof(*policy));
	policy->key = make_key(&manifest->metadata);
	policy->namespace = xstrdup(manifest->metadata.namespace);
	policy->name = xstrdup(manifest->metadata.name);
	policy->origin = make_origin(manifest);
	policy->audit = manifest->metadata.mode == PODWALL_MODE_AUDIT;
	if (manifest->metadata.reporting)
		warn_no_effect(manifest, REPORT_ANNOTATION);
	decode_known(&manifest->decoder, &manifest->root, known);
	spec = value_member(&manifest->root, "spec");
	decode_policy_spec(&manifest->decoder, &spec, policy);

	earlier = cluster_find_policy(manifest->cluster, policy->key);
	if (may_put(manifest, earlier ? &earlier->origin : NULL))
		cluster_put_policy(manifest->cluster, policy);
	else
		network_policy_free(policy);
}

static void decode_cluster_policy(struct manifest *manifest)
{
	static const char *const known[] = { "apiVersion", "kind",   "metadata",
					     "spec",	   "status", NULL };
	const struct cluster_dialect *dialect =
		cluster_dialect_find(manifest->document->kind,
				     manifest->document->api_version);
	const char *name = manifest->metadata.name;
	struct cluster_policy *earlier, *policy;
	struct value name_value, spec;

	policy = xcalloc(1, sizeof(*policy));
	policy->key = xasprintf("%s %s", dialect->kind, name);
	policy->name = xstrdup(name);
	policy->origin = make_origin(manifest);
	policy->audit = manifest->metadata.mode == PODWALL_MODE_AUDIT;
	if (manifest->metadata.reporting)
		warn_no_effect(manifest, REPORT_ANNOTATION);
	name_value = value_member(&manifest->metadata.value, "name");
	if (dialect->only_name && strcmp(name, dialect->only_name) != 0)
		decode_error(&manifest->decoder, &name_value,
			     "\"%s\" is not \"%s\", the one name that a %s may have",
			     name, dialect->only_name, dialect->kind);
	decode_known(&manifest->decoder, &manifest->root, known);
	spec = value_member(&manifest->root, "spec");
	decode_cluster_spec(&manifest->decoder, &spec, dialect,
			    manifest->lenient, policy);

	earlier = cluster_find_cluster_policy(manifest->cluster, policy->key);
	if (may_put(manifest, earlier ? &earlier->origin : NULL))
		cluster_put_cluster_policy(manifest->cluster, policy);
	else
		cluster_policy_free(policy);
}

static void decode_node(struct manifest *manifest)
{
	struct decoder *decoder = &manifest->decoder;
	struct value labels, status, addresses;
	struct cluster_node *earlier, *node;
	size_t count, i;

	node = xcalloc(1, sizeof(*node));
	node->name = xstrdup(manifest->metadata.name);
	node->origin = make_origin(manifest);
	if (manifest->metadata.mode)
		warn_no_effect(manifest, MODE_ANNOTATION);
	if (manifest->metadata.reporting)
		warn_no_effect(manifest, REPORT_ANNOTATION);
	labels = value_member(&manifest->metadata.value, "labels");
	decode_labels(decoder, &labels, &node->labels);
	status = value_member(&manifest->root, "status");
	decode_object(decoder, &status);
	addresses = value_member(&status, "addresses");
	count = decode_length(decoder, &addresses);
	for (i = 0; i < count; i++) {
		struct value element = value_element(&addresses, i);
		struct value type = value_member(&element, "type");
		struct value address = value_member(&element, "address");
		const char *text;

		decode_object(decoder, &element);
		text = decode_string(decoder, &type);
		if (text && (!strcmp(text, "InternalIP") ||
			     !strcmp(text, "ExternalIP")))
			decode_ip(decoder, &address, &node->ips,
				  &node->ip_count);
	}

	earlier = cluster_find_node(manifest->cluster, node->name);
	if (may_put(manifest, earlier ? &earlier->origin : NULL))
		cluster_put_node(manifest->cluster, node);
	else
		cluster_node_free(node);
}

static void decode_pod(struct manifest *manifest)
{
	struct cluster_pod *earlier, *pod;

	pod = xcalloc(1, sizeof(*pod));
	pod->key = make_key(&manifest->metadata);
	pod->namespace = xstrdup(manifest->metadata.namespace);
	pod->name = xstrdup(manifest->metadata.name);
	pod->origin = make_origin(manifest);
	pod->mode = manifest->metadata.mode;
	pod->reporting = manifest->metadata.reporting;
	decode_pod_fields(&manifest->decoder, &manifest->root, pod);

	earlier = cluster_find_pod(manifest->cluster, pod->key);
	if (may_put(manifest, earlier ? &earlier->origin : NULL))
		cluster_put_pod(manifest->cluster, pod);
	else
		cluster_pod_free(pod);
}

static void decode_as(struct manifest *manifest, enum kind_object object)
{
	switch (object) {
	case KIND_NAMESPACE:
		decode_namespace(manifest);
		break;
	case KIND_NODE:
		decode_node(manifest);
		break;
	case KIND_POD:
		decode_pod(manifest);
		break;
	case KIND_NETWORK_POLICY:
		decode_network_policy(manifest);
		break;
	case KIND_CLUSTER_POLICY:
		decode_cluster_policy(manifest);
		break;
	}
}

static bool decode_metadata(struct manifest *manifest, const struct kind *kind)
{
	struct decoder *decoder = &manifest->decoder;
	struct metadata *metadata = &manifest->metadata;
	struct value name, namespace;
	bool named;

	metadata->value = value_member(&manifest->root, "metadata");
	decode_object(decoder, &metadata->value);
	name = value_member(&metadata->value, "name");
	metadata->name = decode_form(decoder, &name, kind->name_wrong);
	if (!metadata->name && !decoder->failed)
		decode_error(decoder, &name, "is missing");
	namespace = value_member(&metadata->value, "namespace");
	if (kind->namespaced)
		metadata->namespace =
			decode_form(decoder, &namespace, dns_label_wrong);
	if (!metadata->namespace)
		metadata->namespace = "default";
	named = !decoder->failed;
	annotation_check(decoder, &metadata->value);
	metadata->mode =
		decode_mode(decoder, &metadata->value, manifest->lenient);
	metadata->reporting =
		decode_reporting(decoder, &metadata->value, manifest->lenient);
	return named;
}

/* What messages call an object; its names may be missing or wrong. */
static char *object_name(const struct document *document)
{
	const struct kind *kind = document->kind ? kind_find(document->kind) :
						   NULL;
	json_t *metadata = json_object_get(document->root, "metadata");
	const char *name, *namespace;

	name = json_string_value(json_object_get(metadata, "name"));
	namespace = json_string_value(json_object_get(metadata, "namespace"));
	if (!name)
		return xasprintf("%s%s%s", document->kind ? document->kind : "",
				 document->kind && *document->path ? " " : "",
				 document->path);
	if (kind ? kind->namespaced : !!namespace)
		return xasprintf("%s %s/%s",
				 document->kind ? document->kind : "object",
				 namespace ? namespace : "default", name);
	return xasprintf("%s %s", document->kind ? document->kind : "object",
			 name);
}

bool manifest_decode(struct documents *documents,
		     const struct document *document,
		     const struct manifest_options *options,
		     struct cluster *cluster, struct problems *problems)
{
	char *object = object_name(document);
	struct manifest manifest = {
		.decoder = {
			.lines = &documents->lines,
			.problems = problems,
			.place = { .file = document->file,
				   .document = document->number },
			.object = object,
		},
		.root = { .json = document->root },
		.cluster = cluster,
		.document = document,
		.lenient = options->lenient,
	};
	const struct kind *kind = document->kind ? kind_find(document->kind) :
						   NULL;

	if (kind_check(&manifest.decoder, &manifest.root, document, kind,
		       options->lenient) &&
	    decode_metadata(&manifest, kind))
		decode_as(&manifest, kind->object);
	free(object);
	return !manifest.decoder.failed;
}

bool manifest_read(const char *const *paths, size_t path_count,
		   const struct manifest_options *options,
		   struct cluster *cluster, struct problems *problems)
{
	bool fine = true;
	size_t i, j;

	for (i = 0; i < path_count; i++) {
		struct documents documents = {};

		if (!documents_read(&documents, paths[i], problems))
			fine = false;
		for (j = 0; j < documents.count; j++)
			if (!manifest_decode(&documents, &documents.list[j],
					     options, cluster, problems))
				fine = false;
		documents_clear(&documents);
	}
	return fine;
}
