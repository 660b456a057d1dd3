// SPDX-License-Identifier: GPL-2.0-only
#include "agent/resource.h"

#define CLUSTER_GROUP "policy.networking.k8s.io"

const struct resource resources[RESOURCE_COUNT] = {
	[RESOURCE_NAMESPACES] = {
		.id = RESOURCE_NAMESPACES,
		.kind = "Namespace",
		.plural = "namespaces",
		.group = "",
		.versions = { "v1" },
	},
	[RESOURCE_NODES] = {
		.id = RESOURCE_NODES,
		.kind = "Node",
		.plural = "nodes",
		.group = "",
		.versions = { "v1" },
	},
	[RESOURCE_PODS] = {
		.id = RESOURCE_PODS,
		.kind = "Pod",
		.plural = "pods",
		.group = "",
		.versions = { "v1" },
	},
	[RESOURCE_NETWORK_POLICIES] = {
		.id = RESOURCE_NETWORK_POLICIES,
		.kind = "NetworkPolicy",
		.plural = "networkpolicies",
		.group = "networking.k8s.io",
		.versions = { "v1" },
	},
	[RESOURCE_CLUSTER_NETWORK_POLICIES] = {
		.id = RESOURCE_CLUSTER_NETWORK_POLICIES,
		.kind = "ClusterNetworkPolicy",
		.plural = "clusternetworkpolicies",
		.group = CLUSTER_GROUP,
		.versions = { "v1beta1", "v1alpha2" },
		.custom = true,
	},
	[RESOURCE_ADMIN_NETWORK_POLICIES] = {
		.id = RESOURCE_ADMIN_NETWORK_POLICIES,
		.kind = "AdminNetworkPolicy",
		.plural = "adminnetworkpolicies",
		.group = CLUSTER_GROUP,
		.versions = { "v1alpha1" },
		.custom = true,
	},
	[RESOURCE_BASELINE_ADMIN_NETWORK_POLICIES] = {
		.id = RESOURCE_BASELINE_ADMIN_NETWORK_POLICIES,
		.kind = "BaselineAdminNetworkPolicy",
		.plural = "baselineadminnetworkpolicies",
		.group = CLUSTER_GROUP,
		.versions = { "v1alpha1" },
		.custom = true,
	},
};
