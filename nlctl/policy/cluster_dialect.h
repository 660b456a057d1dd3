/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kinds and versions of policies for the whole cluster write
 * differently.
 */
#ifndef NLCTL_POLICY_CLUSTER_DIALECT_H
#define NLCTL_POLICY_CLUSTER_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/podwall.h>

/**
 * struct cluster_dialect - how one kind of policy is written in one version
 * @kind: the kind
 * @api_version: the version
 * @only_name: the one name that such an object may have, or NULL
 * @tier: of all such policies, or 0 when spec.tier says it
 * @has_priority: spec.priority is there; else @priority holds
 * @priority: of all such policies
 * @length_max: longest list of rules, peers or ports
 * @accept: name of the action that accepts
 * @passes: Pass is an action
 * @ports: name of the list of ports
 * @masked: networks have to be written without bits behind their length
 * @any_namespace: a missing namespaceSelector selects all namespaces
 */
struct cluster_dialect {
	const char *kind;
	const char *api_version;
	const char *only_name;
	enum podwall_tier tier;
	bool has_priority;
	uint32_t priority;
	size_t length_max;
	const char *accept;
	bool passes;
	const char *ports;
	bool masked;
	bool any_namespace;
};

/* The highest number that spec.priority may have. */
#define CLUSTER_PRIORITY_MAX 1000

/**
 * cluster_dialect_find() - how a kind is written in a version
 * @kind: the kind
 * @api_version: its version
 *
 * Return: the dialect, or NULL when there is none.
 */
const struct cluster_dialect *cluster_dialect_find(const char *kind,
						   const char *api_version);

#endif
