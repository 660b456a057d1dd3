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

/* Those with pods; the identities of a namespace stand together. */
static void list_implied(struct check *check,
			 const struct population *population)
{
	const struct cluster_namespace *last = NULL;
	size_t i;

	for (i = 0; i < population->identity_count; i++) {
		const struct cluster_namespace *namespace =
			population->identities[i].namespace;

		if (namespace->implied && namespace != last)
			*array_add(check->implied, check->implied_count) =
				namespace;
		last = namespace;
	}
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

static void check_peer(struct check *check, const struct network_policy *policy,
		       const struct policy_peer *peer, const char *field)
{
	const struct selector *selector = &peer->namespace_selector;
	struct selector part = name_part(selector);
	size_t i;

	for (i = 0; i < check->implied_count; i++) {
		const struct cluster_namespace *namespace = check->implied[i];
		struct place place = origin_place(&policy->origin);
		char *object;

		if (part.match_labels.count == selector->match_labels.count &&
		    part.expression_count == selector->expression_count)
			break;
		if (!selector_matches(&part, &namespace->labels))
			continue;
		object = xasprintf("NetworkPolicy %s", policy->key);
		problem_add(check->problems, SEVERITY_ERROR, &place, object,
			    field,
			    "Namespace %s is not among the manifests: its labels are needed here; add it",
			    namespace->name);
		free(object);
		check->fine = false;
	}
	free(part.match_labels.list);
	free(part.match_expressions);
}

static void check_rules(struct check *check,
			const struct network_policy *policy,
			const struct policy_rule *rules, size_t rule_count,
			const char *rules_field, const char *peers_field)
{
	size_t i, j;

	for (i = 0; i < rule_count; i++) {
		for (j = 0; j < rules[i].peer_count; j++) {
			char *field =
				xasprintf("spec.%s[%zu].%s[%zu].namespaceSelector",
					  rules_field, i, peers_field, j);

			check_peer(check, policy, &rules[i].peers[j], field);
			free(field);
		}
	}
}

bool check_namespaces(const struct cluster *cluster,
		      const struct population *population,
		      struct problems *problems)
{
	struct check check = { .problems = problems, .fine = true };
	const struct network_policy *policy;

	list_implied(&check, population);
	for (policy = cluster->policies; policy && check.implied_count;
	     policy = policy->hh.next) {
		if (policy->ingress)
			check_rules(&check, policy, policy->ingress_rules,
				    policy->ingress_rule_count, "ingress",
				    "from");
		if (policy->egress)
			check_rules(&check, policy, policy->egress_rules,
				    policy->egress_rule_count, "egress", "to");
	}
	free(check.implied);
	return check.fine;
}
