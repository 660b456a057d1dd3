// SPDX-License-Identifier: GPL-2.0-only
#include "policy/kind.h"

#include <string.h>
#include "policy/name_syntax.h"

const struct kind *kind_find(const char *name)
{
	static const struct kind kinds[] = {
		{ "Namespace",
		  { "v1" },
		  false,
		  dns_label_wrong,
		  KIND_NAMESPACE },
		{ "Node", { "v1" }, false, dns_subdomain_wrong, KIND_NODE },
		{ "Pod", { "v1" }, true, dns_subdomain_wrong, KIND_POD },
		{ "NetworkPolicy",
		  { "networking.k8s.io/v1" },
		  true,
		  dns_subdomain_wrong,
		  KIND_NETWORK_POLICY },
		{ "ClusterNetworkPolicy",
		  { "policy.networking.k8s.io/v1beta1",
		    "policy.networking.k8s.io/v1alpha2" },
		  false,
		  dns_subdomain_wrong,
		  KIND_CLUSTER_POLICY },
		{ "AdminNetworkPolicy",
		  { "policy.networking.k8s.io/v1alpha1" },
		  false,
		  dns_subdomain_wrong,
		  KIND_CLUSTER_POLICY },
		{ "BaselineAdminNetworkPolicy",
		  { "policy.networking.k8s.io/v1alpha1" },
		  false,
		  dns_subdomain_wrong,
		  KIND_CLUSTER_POLICY },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static bool has_version(const struct kind *kind, const char *api_version)
{
	size_t i;

	for (i = 0; kind->api_versions[i]; i++)
		if (!strcmp(kind->api_versions[i], api_version))
			return true;
	return false;
}

/* Whether a kind that nlctl knows is Kubernetes' own in some version, and not
 * a kind of that name which somebody else defined.
 */
static bool is_own_group(const char *api_version)
{
	static const char *const groups[] = { "networking.k8s.io/",
					      "policy.networking.k8s.io/",
					      "extensions/" };
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (!strncmp(api_version, groups[i], strlen(groups[i])))
			return true;
	return !strchr(api_version, '/');
}

bool kind_check(struct decoder *decoder, const struct value *root,
		const struct document *document, const struct kind *kind,
		bool lenient)
{
	struct value api_version = value_member(root, "apiVersion");
	struct value kind_value = value_member(root, "kind");

	if (!document->kind) {
		decode_string(decoder, &kind_value);
		if (!kind_value.json)
			decode_error(decoder, &kind_value, "is missing");
	} else if (!document->api_version) {
		decode_string(decoder, &api_version);
		if (!api_version.json)
			decode_error(decoder, &api_version, "is missing");
	} else if (kind && has_version(kind, document->api_version)) {
		return true;
	} else if (lenient && !(kind && is_own_group(document->api_version))) {
		decode_warning(decoder, &kind_value, "%s of %s is passed over",
			       document->kind, document->api_version);
	} else if (kind) {
		decode_error(decoder, &api_version,
			     "\"%s\" has no %s that nlctl knows; use \"%s\"%s%s%s",
			     document->api_version, document->kind,
			     kind->api_versions[0],
			     kind->api_versions[1] ? " or \"" : "",
			     kind->api_versions[1] ? kind->api_versions[1] : "",
			     kind->api_versions[1] ? "\"" : "");
	} else {
		decode_error(decoder, &kind_value,
			     "\"%s\" is not a kind that nlctl knows; those are Pod, Namespace, Node, NetworkPolicy, ClusterNetworkPolicy, AdminNetworkPolicy and BaselineAdminNetworkPolicy",
			     document->kind);
	}
	return false;
}
