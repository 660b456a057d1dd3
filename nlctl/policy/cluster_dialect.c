// SPDX-License-Identifier: GPL-2.0-only
#include "policy/cluster_dialect.h"

#include <string.h>

static const struct cluster_dialect dialects[] = {
	{
		.kind = "ClusterNetworkPolicy",
		.api_version = "policy.networking.k8s.io/v1alpha2",
		.has_priority = true,
		.length_max = 25,
		.accept = "Accept",
		.passes = true,
		.ports = "protocols",
	},
	{
		.kind = "ClusterNetworkPolicy",
		.api_version = "policy.networking.k8s.io/v1beta1",
		.has_priority = true,
		.length_max = 25,
		.accept = "Accept",
		.passes = true,
		.ports = "protocols",
		.masked = true,
		.any_namespace = true,
	},
	{
		.kind = "AdminNetworkPolicy",
		.api_version = "policy.networking.k8s.io/v1alpha1",
		.tier = PODWALL_TIER_ADMIN,
		.has_priority = true,
		.length_max = 100,
		.accept = "Allow",
		.passes = true,
		.ports = "ports",
	},
	{
		/* It was the last word of a cluster, and so it stays. */
		.kind = "BaselineAdminNetworkPolicy",
		.api_version = "policy.networking.k8s.io/v1alpha1",
		.only_name = "default",
		.tier = PODWALL_TIER_BASELINE,
		.priority = CLUSTER_PRIORITY_MAX + 1,
		.length_max = 100,
		.accept = "Allow",
		.ports = "ports",
	},
};

const struct cluster_dialect *cluster_dialect_find(const char *kind,
						   const char *api_version)
{
	size_t i;

	for (i = 0; i < sizeof(dialects) / sizeof(*dialects); i++)
		if (!strcmp(dialects[i].kind, kind) &&
		    !strcmp(dialects[i].api_version, api_version))
			return &dialects[i];
	return NULL;
}
