/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of objects that the agent watches, and where the API serves them.
 */
#ifndef NLCTL_AGENT_RESOURCE_H
#define NLCTL_AGENT_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

enum resource_id {
	RESOURCE_NAMESPACES,
	RESOURCE_NODES,
	RESOURCE_PODS,
	RESOURCE_NETWORK_POLICIES,
	RESOURCE_CLUSTER_NETWORK_POLICIES,
	RESOURCE_ADMIN_NETWORK_POLICIES,
	RESOURCE_BASELINE_ADMIN_NETWORK_POLICIES,
	RESOURCE_COUNT
};

/**
 * struct resource - a kind of objects
 * @id: which
 * @kind: as objects say it ("NetworkPolicy")
 * @plural: as paths say it ("networkpolicies")
 * @group: of the API; "" for the core
 * @versions: those that nlctl knows, the best first; ends with NULL
 * @custom: a custom resource, which the API serves or does not
 */
struct resource {
	enum resource_id id;
	const char *kind;
	const char *plural;
	const char *group;
	const char *versions[3];
	bool custom;
};

extern const struct resource resources[RESOURCE_COUNT];

#endif
