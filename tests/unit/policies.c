// SPDX-License-Identifier: GPL-2.0-only
#include "policies.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "support.h"

#define GROUP "policy.networking.k8s.io/"

void add_network_policy(struct cluster *cluster, const char *namespace,
			unsigned int number, const char *spec)
{
	char *text = xasprintf("apiVersion: networking.k8s.io/v1\n"
			       "kind: NetworkPolicy\n"
			       "metadata: {name: p%u, namespace: '%s'}\n"
			       "spec: %s\n",
			       number, namespace, spec);

	add_manifests(cluster, text);
	free(text);
}

void add_policy(struct cluster *cluster, const char *policy)
{
	static const struct {
		char letter;
		const char *kind;
		const char *version;
		const char *namespace;
	} kinds[] = {
		{ 'C', "ClusterNetworkPolicy", GROUP "v1alpha2", "" },
		{ 'D', "ClusterNetworkPolicy", GROUP "v1beta1", "" },
		{ 'A', "AdminNetworkPolicy", GROUP "v1alpha1", "" },
		{ 'B', "BaselineAdminNetworkPolicy", GROUP "v1alpha1", "" },
		{ 'N', "NetworkPolicy", "networking.k8s.io/v1",
		  ", namespace: x" },
	};
	const char *name = policy + 2, *spec = strchr(name, ' ');
	size_t i = 0;
	char *text;

	while (kinds[i].letter != toupper(policy[0]))
		assert_true(++i < COUNT(kinds));
	text = xasprintf(
		"{kind: %s, apiVersion: %s, metadata: {name: %.*s%s%s}, spec:%s}",
		kinds[i].kind, kinds[i].version, (int)(spec - name), name,
		kinds[i].namespace,
		islower(policy[0]) ? ", annotations: {podwall.io/mode: audit}" :
				     "",
		spec);
	add_manifests(cluster, text);
	free(text);
}

void add_policies(struct cluster *cluster, const char *policies)
{
	char *copy = xstrdup(policies), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			add_policy(cluster, line);
	free(copy);
}
