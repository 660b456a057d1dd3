/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of Kubernetes objects that nlctl knows, and their versions.
 */
#ifndef NLCTL_POLICY_KIND_H
#define NLCTL_POLICY_KIND_H

#include <stdbool.h>
#include "policy/decoder.h"
#include "policy/document.h"

/* What the objects of a kind are in the model. */
enum kind_object {
	KIND_NAMESPACE,
	KIND_NODE,
	KIND_POD,
	KIND_NETWORK_POLICY,
	KIND_CLUSTER_POLICY,
};

/**
 * struct kind - a kind of objects
 * @name: as objects say it ("NetworkPolicy")
 * @api_versions: those that nlctl knows, the best first; ends with NULL
 * @namespaced: its objects are in namespaces
 * @name_wrong: says what is wrong with a name; see name_syntax.h
 * @object: what its objects are in the model
 */
struct kind {
	const char *name;
	const char *api_versions[3];
	bool namespaced;
	const char *(*name_wrong)(const char *text);
	enum kind_object object;
};

/* The kind of a name, or NULL when nlctl does not know it. */
const struct kind *kind_find(const char *name);

/**
 * kind_check() - whether an object is of a kind and version to decode
 * @decoder: the decoder, which receives what is wrong
 * @root: the object
 * @document: the object as it was written
 * @kind: its kind, or NULL when nlctl does not know it
 * @lenient: see struct manifest_options
 */
bool kind_check(struct decoder *decoder, const struct value *root,
		const struct document *document, const struct kind *kind,
		bool lenient);

#endif
