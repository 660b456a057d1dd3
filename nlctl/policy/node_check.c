// SPDX-License-Identifier: GPL-2.0-only
#include "policy/node_check.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

/* The first by name of the nodes that pods are on and nothing tells of. */
static const char *find_unknown(const struct cluster *cluster)
{
	const struct cluster_pod *pod;
	const char *unknown = NULL;

	for (pod = cluster->pods; pod; pod = pod->hh.next)
		if (*pod->node && !cluster_find_node(cluster, pod->node) &&
		    (!unknown || strcmp(pod->node, unknown) < 0))
			unknown = pod->node;
	return unknown;
}

/* Only rules of egress have such peers. */
static bool check_policy(const struct cluster_policy *policy,
			 const char *unknown, struct problems *problems)
{
	struct place place = origin_place(&policy->origin);
	bool fine = true;
	size_t i, j;

	for (i = 0; i < policy->egress_rule_count; i++) {
		const struct policy_rule *rule =
			&policy->egress_rules[i].covers;

		for (j = 0; j < rule->peer_count; j++) {
			char *field;

			if (!rule->peers[j].is_nodes)
				continue;
			field = xasprintf("spec.egress[%zu].to[%zu].nodes", i,
					  rule->peers[j].entry);
			problem_add(problems, SEVERITY_ERROR, &place,
				    policy->key, field,
				    "Node %s is not among the manifests: its labels and addresses are needed here; add it",
				    unknown);
			free(field);
			fine = false;
		}
	}
	return fine;
}

bool check_nodes(const struct cluster *cluster, struct problems *problems)
{
	const char *unknown = NULL;
	const struct cluster_policy *policy;
	bool fine = true;

	if (cluster->cluster_policies)
		unknown = find_unknown(cluster);
	for (policy = cluster->cluster_policies; policy && unknown;
	     policy = policy->hh.next)
		if (!check_policy(policy, unknown, problems))
			fine = false;
	return fine;
}
