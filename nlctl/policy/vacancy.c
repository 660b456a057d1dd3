// SPDX-License-Identifier: GPL-2.0-only
#include "policy/vacancy.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/selector.h"

/** struct search - what a selector is held against */
struct search {
	const struct advice *advice;
	const struct advised *advised;
	bool has_namespaces;
};

static bool is_empty(const struct selector *selector)
{
	return !selector->match_labels.count && !selector->expression_count;
}

/* Whether a selector may select a namespace, as far as its labels are known. */
static bool may_match(const struct selector *selector,
		      const struct cluster_namespace *namespace)
{
	const char *name;

	if (!namespace->implied)
		return selector_matches(selector, &namespace->labels);
	name = labels_find(&selector->match_labels, NAMESPACE_NAME_LABEL);
	return !name || !strcmp(name, namespace->name);
}

static bool finds_namespace(const struct search *search,
			    const struct selector *selector)
{
	const struct cluster_namespace *namespace =
		search->advice->cluster->namespaces;

	for (; namespace; namespace = namespace->hh.next)
		if (may_match(selector, namespace))
			return true;
	return false;
}

/* Whether a peer selects a pod; of the policy itself when it is NULL. */
static bool finds_pod(const struct search *search,
		      const struct policy_peer *peer, bool host_network)
{
	const struct network_policy *policy = search->advised->policy;
	const struct cluster *cluster = search->advice->cluster;
	const struct selector *selector = peer ? &peer->pod_selector :
						 &policy->pod_selector;
	const struct cluster_pod *pod;

	for (pod = cluster->pods; pod; pod = pod->hh.next) {
		if (pod->host_network != host_network ||
		    !selector_matches(selector, &pod->labels))
			continue;
		if (peer && peer->has_namespace_selector ?
			    may_match(&peer->namespace_selector,
				      cluster_find_namespace(cluster,
							     pod->namespace)) :
			    !strcmp(pod->namespace, policy->namespace))
			return true;
	}
	return false;
}

static void search_subject(const struct search *search)
{
	const struct network_policy *policy = search->advised->policy;

	if (is_empty(&policy->pod_selector) || finds_pod(search, NULL, false))
		return;
	if (finds_pod(search, NULL, true))
		advice_warn(
			search->advice, search->advised, "spec.podSelector",
			"selects pods of the host network alone, which no policy protects: it has no effect; take hostNetwork from the pods, or remove the policy");
	else
		advice_warn(search->advice, search->advised, "spec.podSelector",
			    "selects no pod of namespace %s among the manifests: the policy protects nothing; correct the labels, or metadata.namespace",
			    policy->namespace);
}

static void search_peer(const struct search *search,
			const struct policy_peer *peer, const char *path)
{
	const struct cluster *cluster = search->advice->cluster;
	char *field;

	if (peer->is_block)
		return;
	if (peer->has_namespace_selector && search->has_namespaces &&
	    !finds_namespace(search, &peer->namespace_selector)) {
		field = xasprintf("%s.namespaceSelector", path);
		advice_warn(
			search->advice, search->advised, field,
			"selects no namespace among the manifests: this peer accepts nothing; correct the labels, or label the namespace");
		free(field);
		return;
	}
	if (!cluster->pods || finds_pod(search, peer, false))
		return;
	field = xasprintf("%s.%s", path,
			  peer->has_pod_selector ? "podSelector" :
						   "namespaceSelector");
	if (finds_pod(search, peer, true))
		advice_warn(
			search->advice, search->advised, field,
			"selects pods of the host network alone, which no selector accepts; name their nodes' addresses in an ipBlock");
	else
		advice_warn(
			search->advice, search->advised, field,
			"selects no pod of %s among the manifests: this peer accepts nothing; correct the labels%s",
			peer->has_namespace_selector ?
				"the selected namespaces" :
				"the policy's own namespace",
			peer->has_namespace_selector ?
				"" :
				", or add a namespaceSelector for pods of other namespaces");
	free(field);
}

static void search_side(const struct search *search, bool ingress)
{
	struct policy_side side = policy_side(search->advised->policy, ingress);
	size_t i, j;

	/* The decoder has told already that such rules have no effect. */
	if (!side.isolates)
		return;
	for (i = 0; i < side.rule_count; i++) {
		for (j = 0; j < side.rules[i].peer_count; j++) {
			char *path = xasprintf("spec.%s[%zu].%s[%zu]",
					       side.name, i, side.peers, j);

			search_peer(search, &side.rules[i].peers[j], path);
			free(path);
		}
	}
}

void advise_vacancies(const struct advice *advice)
{
	struct search search = { .advice = advice };
	const struct cluster_namespace *namespace = advice->cluster->namespaces;
	size_t i;

	for (; namespace; namespace = namespace->hh.next)
		if (!namespace->implied)
			search.has_namespaces = true;
	for (i = 0; i < advice->count; i++) {
		search.advised = &advice->list[i];
		if (advice->cluster->pods)
			search_subject(&search);
		search_side(&search, true);
		search_side(&search, false);
	}
}
