// SPDX-License-Identifier: GPL-2.0-only
#include "policy/namespace_check.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/selector.h"

struct check {
	const struct cluster_namespace **implied;
	size_t implied_count;
	struct problems *problems;
	bool fine;
};

static int by_name(const void *a, const void *b)
{
	const struct cluster_namespace *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

/* Those with pods, by name. */
static void list_implied(struct check *check, const struct cluster *cluster,
			 const struct namespace_table *namespaces)
{
	const struct cluster_namespace *namespace;

	for (namespace = cluster->namespaces; namespace;
	     namespace = namespace->hh.next)
		if (namespace->implied &&
		    namespace_table_inhabited(namespaces, namespace->name))
			*array_add(check->implied, check->implied_count) =
				namespace;
	if (check->implied_count > 1)
		qsort(check->implied, check->implied_count,
		      sizeof(*check->implied), by_name);
}

/* The part of a selector that the name of a namespace decides alone; its lists
 * are the caller's to free, their members are those of the selector.
 */
static struct selector name_part(const struct selector *selector)
{
	struct selector part = {};
	size_t i;

	for (i = 0; i < selector->match_labels.count; i++)
		if (!strcmp(selector->match_labels.list[i].key,
			    NAMESPACE_NAME_LABEL))
			*array_add(part.match_labels.list,
				   part.match_labels.count) =
				selector->match_labels.list[i];
	for (i = 0; i < selector->expression_count; i++)
		if (!strcmp(selector->match_expressions[i].key,
			    NAMESPACE_NAME_LABEL))
			*array_add(part.match_expressions,
				   part.expression_count) =
				selector->match_expressions[i];
	return part;
}

static void check_selector(struct check *check, const char *object,
			   const struct origin *origin,
			   const struct selector *selector, const char *field)
{
	struct selector part = name_part(selector);
	size_t i;

	for (i = 0; i < check->implied_count; i++) {
		const struct cluster_namespace *namespace = check->implied[i];
		struct place place = origin_place(origin);

		if (part.match_labels.count == selector->match_labels.count &&
		    part.expression_count == selector->expression_count)
			break;
		if (!selector_matches(&part, &namespace->labels))
			continue;
		problem_add(check->problems, SEVERITY_ERROR, &place, object,
			    field,
			    "Namespace %s is not among the manifests: its labels are needed here; add it",
			    namespace->name);
		check->fine = false;
	}
	free(part.match_labels.list);
	free(part.match_expressions);
}

static void check_rule(struct check *check, const char *object,
		       const struct origin *origin,
		       const struct policy_rule *rule, const char *rule_field,
		       bool of_cluster)
{
	size_t i;

	for (i = 0; i < rule->peer_count; i++) {
		const struct policy_peer *peer = &rule->peers[i];
		const char *end = !of_cluster ? "namespaceSelector" :
				  peer->has_pod_selector ?
						"pods.namespaceSelector" :
						"namespaces";
		char *field = xasprintf("%s[%zu].%s", rule_field,
					of_cluster ? peer->entry : i, end);

		check_selector(check, object, origin, &peer->namespace_selector,
			       field);
		free(field);
	}
}

static void check_policy(struct check *check,
			 const struct network_policy *policy)
{
	char *object = xasprintf("NetworkPolicy %s", policy->key), *field;
	size_t i;

	for (i = 0; policy->ingress && i < policy->ingress_rule_count; i++) {
		field = xasprintf("spec.ingress[%zu].from", i);
		check_rule(check, object, &policy->origin,
			   &policy->ingress_rules[i], field, false);
		free(field);
	}
	for (i = 0; policy->egress && i < policy->egress_rule_count; i++) {
		field = xasprintf("spec.egress[%zu].to", i);
		check_rule(check, object, &policy->origin,
			   &policy->egress_rules[i], field, false);
		free(field);
	}
	free(object);
}

static void check_cluster_policy(struct check *check,
				 const struct cluster_policy *policy)
{
	char *field;
	size_t i;

	check_selector(check, policy->key, &policy->origin,
		       &policy->namespace_selector,
		       policy->by_pod ? "spec.subject.pods.namespaceSelector" :
					"spec.subject.namespaces");
	for (i = 0; i < policy->ingress_rule_count; i++) {
		field = xasprintf("spec.ingress[%zu].from", i);
		check_rule(check, policy->key, &policy->origin,
			   &policy->ingress_rules[i].covers, field, true);
		free(field);
	}
	for (i = 0; i < policy->egress_rule_count; i++) {
		field = xasprintf("spec.egress[%zu].to", i);
		check_rule(check, policy->key, &policy->origin,
			   &policy->egress_rules[i].covers, field, true);
		free(field);
	}
}

bool check_namespaces(const struct cluster *cluster,
		      const struct namespace_table *namespaces,
		      struct problems *problems)
{
	struct check check = { .problems = problems, .fine = true };
	const struct cluster_policy *cluster_policy;
	const struct network_policy *policy;

	list_implied(&check, cluster, namespaces);
	for (policy = cluster->policies; policy && check.implied_count;
	     policy = policy->hh.next)
		check_policy(&check, policy);
	for (cluster_policy = cluster->cluster_policies;
	     cluster_policy && check.implied_count;
	     cluster_policy = cluster_policy->hh.next)
		check_cluster_policy(&check, cluster_policy);
	free(check.implied);
	return check.fine;
}
