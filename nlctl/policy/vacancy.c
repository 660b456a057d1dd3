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

/**
 * struct wanted - the pods that selectors ask for
 * @namespaces: selects their namespaces; NULL for @namespace
 * @namespace: their one namespace
 * @pods: selects the pods in there
 */
struct wanted {
	const struct selector *namespaces;
	const char *namespace;
	const struct selector *pods;
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

static bool finds_pod(const struct search *search, const struct wanted *wanted,
		      bool host_network)
{
	const struct cluster *cluster = search->advice->cluster;
	const struct cluster_pod *pod;

	for (pod = cluster->pods; pod; pod = pod->hh.next) {
		if (pod->host_network != host_network ||
		    !selector_matches(wanted->pods, &pod->labels))
			continue;
		if (wanted->namespaces ?
			    may_match(wanted->namespaces,
				      cluster_find_namespace(cluster,
							     pod->namespace)) :
			    !strcmp(pod->namespace, wanted->namespace))
			return true;
	}
	return false;
}

static void search_subject(const struct search *search)
{
	const struct network_policy *policy = search->advised->policy;
	const struct wanted wanted = {
		.namespace = policy->namespace,
		.pods = &policy->pod_selector,
	};

	if (is_empty(&policy->pod_selector) ||
	    finds_pod(search, &wanted, false))
		return;
	if (finds_pod(search, &wanted, true))
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
	const struct wanted wanted = {
		.namespaces = peer->has_namespace_selector ?
				      &peer->namespace_selector :
				      NULL,
		.namespace = search->advised->policy->namespace,
		.pods = &peer->pod_selector,
	};
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
	if (!cluster->pods || finds_pod(search, &wanted, false))
		return;
	field = xasprintf("%s.%s", path,
			  peer->has_pod_selector ? "podSelector" :
						   "namespaceSelector");
	if (finds_pod(search, &wanted, true))
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

/* An empty selector of pods is no mistake, but its namespaces may be one. */
static void search_cluster_subject(const struct search *search)
{
	const struct cluster_policy *policy = search->advised->cluster_policy;
	const struct wanted wanted = {
		.namespaces = &policy->namespace_selector,
		.pods = &policy->pod_selector,
	};
	const char *namespaces = policy->by_pod ?
					 "spec.subject.pods.namespaceSelector" :
					 "spec.subject.namespaces";
	bool in_namespace = finds_namespace(search, wanted.namespaces);

	if (search->has_namespaces && !in_namespace) {
		advice_warn(
			search->advice, search->advised, namespaces,
			"selects no namespace among the manifests: the policy is about nothing; correct the labels, or label the namespace");
		return;
	}
	if (!search->advice->cluster->pods ||
	    (in_namespace && is_empty(wanted.pods)) ||
	    finds_pod(search, &wanted, false))
		return;
	if (!in_namespace)
		advice_warn(
			search->advice, search->advised, namespaces,
			"selects no pod among the manifests: the policy is about nothing; correct the labels");
	else if (finds_pod(search, &wanted, true))
		advice_warn(
			search->advice, search->advised,
			"spec.subject.pods.podSelector",
			"selects pods of the host network alone, which no policy protects: it has no effect; take hostNetwork from the pods, or remove the policy");
	else
		advice_warn(
			search->advice, search->advised,
			"spec.subject.pods.podSelector",
			"selects no pod of the selected namespaces among the manifests: the policy is about nothing; correct the labels");
}

static bool finds_node(const struct search *search,
		       const struct selector *selector)
{
	const struct cluster_node *node = search->advice->cluster->nodes;

	for (; node; node = node->hh.next)
		if (selector_matches(selector, &node->labels))
			return true;
	return false;
}

static void warn_peer(const struct search *search, const char *path,
		      const char *member, const char *text)
{
	char *field = xasprintf("%s.%s", path, member);

	advice_warn(search->advice, search->advised, field, "%s", text);
	free(field);
}

/* Networks and nodes, as a way out for the host network, are peers of egress
 * alone.
 */
static void search_cluster_peer(const struct search *search,
				const struct policy_peer *peer, bool ingress,
				const char *path)
{
	const struct cluster *cluster = search->advice->cluster;
	const struct wanted wanted = {
		.namespaces = &peer->namespace_selector,
		.pods = &peer->pod_selector,
	};
	bool by_pod = peer->has_pod_selector;
	const char *member;

	if (peer->is_nodes && cluster->nodes &&
	    !finds_node(search, &peer->node_selector))
		warn_peer(search, path, "nodes",
			  "selects no node among the manifests: this peer covers nothing; correct the labels, or label the node");
	if (peer->is_block || peer->is_nodes)
		return;
	if (search->has_namespaces &&
	    !finds_namespace(search, wanted.namespaces)) {
		warn_peer(search, path,
			  by_pod ? "pods.namespaceSelector" : "namespaces",
			  "selects no namespace among the manifests: this peer covers nothing; correct the labels, or label the namespace");
		return;
	}
	if (!cluster->pods || finds_pod(search, &wanted, false))
		return;
	member = by_pod ? "pods.podSelector" : "namespaces";
	if (!finds_pod(search, &wanted, true))
		warn_peer(search, path, member,
			  "selects no pod of the selected namespaces among the manifests: this peer covers nothing; correct the labels");
	else if (ingress)
		warn_peer(search, path, member,
			  "selects pods of the host network alone, which no selector covers; name their nodes' addresses in an ipBlock of a NetworkPolicy");
	else
		warn_peer(search, path, member,
			  "selects pods of the host network alone, which no selector covers; select their nodes with nodes, or name the addresses in networks");
}

static void search_cluster_side(const struct search *search, bool ingress)
{
	struct cluster_side side =
		cluster_side(search->advised->cluster_policy, ingress);
	size_t i, j;

	for (i = 0; i < side.rule_count; i++) {
		const struct policy_rule *rule = &side.rules[i].covers;

		/* The decoder has told already what becomes of such rules. */
		if (side.rules[i].unknown_peer)
			continue;
		for (j = 0; j < rule->peer_count; j++) {
			char *path = xasprintf("spec.%s[%zu].%s[%zu]",
					       side.name, i, side.peers,
					       rule->peers[j].entry);

			search_cluster_peer(search, &rule->peers[j], ingress,
					    path);
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
	for (i = 0; i < advice->cluster_count; i++) {
		search.advised = &advice->cluster_list[i];
		search_cluster_subject(&search);
		search_cluster_side(&search, true);
		search_cluster_side(&search, false);
	}
}
