// SPDX-License-Identifier: GPL-2.0-only
#include "graph/focus.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"
#include "sources.h"

static bool is_in(const char *key, const char *namespace)
{
	size_t length = strlen(namespace);

	return !strncmp(key, namespace, length) && key[length] == '/';
}

/* Whether one of an option's values is about a pod, or there is none; what is
 * about a pod is marked as used.
 */
static bool is_wanted(const char *key, const char **values, size_t count,
		      bool whole, bool *used)
{
	bool wanted = !count;
	size_t i;

	for (i = 0; i < count; i++)
		if (whole ? !strcmp(key, values[i]) : is_in(key, values[i])) {
			used[i] = true;
			wanted = true;
		}
	return wanted;
}

static bool all_used(const struct nlctl *nlctl, const char *format,
		     const char *whose, const char **values, const bool *used,
		     size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (used[i])
			continue;
		nlctl_error(nlctl, format, values[i], whose);
		return false;
	}
	return true;
}

static bool is_on_node(const struct cluster *cluster, const char *key,
		       const char *node)
{
	const struct cluster_pod *pod;

	if (!node)
		return true;
	pod = cluster_find_pod(cluster, key);
	return pod && !strcmp(pod->node, node);
}

bool focus_choose(const struct nlctl *nlctl, const struct arguments *arguments,
		  const struct cluster *cluster, const struct objects *objects,
		  bool **focus)
{
	const char *node = arguments_value(arguments, OPTION_NODE);
	const char *whose = arguments_has(arguments, 'f') ?
				    "the manifests have" :
				    "this node has registered";
	const char **namespaces, **pods;
	size_t namespace_count, pod_count, found = 0, i;
	bool *namespace_used, *pod_used, valid;

	namespaces =
		arguments_values(arguments, OPTION_NAMESPACE, &namespace_count);
	pods = arguments_values(arguments, OPTION_POD, &pod_count);
	namespace_used = xcalloc(namespace_count + 1, sizeof(bool));
	pod_used = xcalloc(pod_count + 1, sizeof(bool));
	*focus = xcalloc(objects->pod_count + 1, sizeof(bool));
	for (i = 0; i < objects->pod_count; i++) {
		const char *key = objects->pods[i].key;
		bool in_namespace = is_wanted(key, namespaces, namespace_count,
					      false, namespace_used);

		(*focus)[i] = is_wanted(key, pods, pod_count, true, pod_used) &&
			      in_namespace && is_on_node(cluster, key, node);
		found += (*focus)[i];
	}
	valid = all_used(nlctl,
			 "option --namespace: no pod of \"%s\" is among those that %s",
			 whose, namespaces, namespace_used, namespace_count) &&
		all_used(nlctl,
			 "option --pod: \"%s\" is not among the pods that %s",
			 whose, pods, pod_used, pod_count);
	if (valid && !found && (namespace_count || pod_count || node)) {
		nlctl_error(nlctl,
			    "no pod is all that --node, --namespace and --pod say");
		valid = false;
	}
	free(pod_used);
	free(namespace_used);
	free(pods);
	free(namespaces);
	return valid;
}
