// SPDX-License-Identifier: GPL-2.0-only
#include "policy/judgement.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/owners.h"
#include "policy/question.h"

static int by_key(const void *a, const void *b)
{
	return strcmp((*(const struct network_policy *const *)a)->key,
		      (*(const struct network_policy *const *)b)->key);
}

/* The policies that are about the subject in this direction, by key. */
static const struct network_policy **about(const struct question *question,
					   size_t *count)
{
	const struct cluster_pod *pod = question->subject->pod;
	const struct network_policy *policy, **found = NULL;

	*count = 0;
	for (policy = question->cluster->policies; policy;
	     policy = policy->hh.next)
		if ((question->ingress ? policy->ingress : policy->egress) &&
		    strcmp(policy->namespace, pod->namespace) == 0 &&
		    question_selects(&policy->pod_selector, &pod->labels))
			*array_add(found, *count) = policy;
	if (*count > 1)
		qsort(found, *count, sizeof(*found), by_key);
	return found;
}

static char *list_keys(const struct network_policy **policies, size_t count)
{
	size_t length, i;
	FILE *stream;
	char *text;

	stream = xopen_memstream(&text, &length);
	fputs("NetworkPolicy ", stream);
	for (i = 0; i < count; i++)
		fprintf(stream, "%s%s", i ? ", " : "", policies[i]->key);
	fclose(stream);
	return text;
}

/* The first rule that covers the connection, as text; NULL when none does. */
static char *find_rule(const struct question *question,
		       const struct network_policy **policies, size_t count)
{
	const char *direction = question->ingress ? "ingress" : "egress";
	size_t i, j;

	for (i = 0; i < count; i++) {
		const struct network_policy *policy = policies[i];
		const struct policy_rule *rules = policy->egress_rules;
		size_t rule_count = policy->egress_rule_count;

		if (question->ingress) {
			rules = policy->ingress_rules;
			rule_count = policy->ingress_rule_count;
		}
		for (j = 0; j < rule_count; j++)
			if (question_covered(question, policy->namespace,
					     &rules[j]))
				return xasprintf("NetworkPolicy %s %s[%zu]",
						 policy->key, direction, j);
	}
	return NULL;
}

static struct judgement accept_because(enum podwall_reason reason, char *text)
{
	return (struct judgement){
		.verdict = PODWALL_VERDICT_ACCEPT,
		.reason = reason,
		.origin = xstrdup(""),
		.text = text,
	};
}

/* Unlike other nodes, which are outside addresses to a policy. */
static bool is_own_node(const struct question *question)
{
	return !question->peer->pod &&
	       is_ip_of_node(question->cluster, question->subject->pod->node,
			     &question->peer->ip);
}

/* Whether a policy of the whole cluster is about the subject. */
static bool concerns(const struct question *question,
		     const struct cluster_policy *policy)
{
	const struct cluster_pod *pod = question->subject->pod;
	const struct cluster_namespace *namespace =
		cluster_find_namespace(question->cluster, pod->namespace);

	if (!(question->ingress ? policy->ingress_rule_count :
				  policy->egress_rule_count))
		return false;
	return namespace &&
	       question_selects(&policy->namespace_selector,
				&namespace->labels) &&
	       question_selects(&policy->pod_selector, &pod->labels);
}

static int by_precedence(const void *a, const void *b)
{
	const struct cluster_policy *left = *(struct cluster_policy *const *)a;
	const struct cluster_policy *right = *(struct cluster_policy *const *)b;
	int order = strcmp(left->name, right->name);

	if (left->priority != right->priority)
		return left->priority < right->priority ? -1 : 1;
	return order != 0 ? order : strcmp(left->key, right->key);
}

/* The policies of a tier that are about the subject, as they are judged. */
static const struct cluster_policy **tier_about(const struct question *question,
						enum podwall_tier tier,
						size_t *count)
{
	const struct cluster_policy *policy, **found = NULL;

	*count = 0;
	for (policy = question->cluster->cluster_policies; policy;
	     policy = policy->hh.next)
		if (policy->tier == tier && concerns(question, policy))
			*array_add(found, *count) = policy;
	if (*count > 1)
		qsort(found, *count, sizeof(*found), by_precedence);
	return found;
}

static bool rule_denies(const struct cluster_rule *rule)
{
	return rule->unknown_peer ? rule->action != PODWALL_ACTION_ACCEPT :
				    rule->action == PODWALL_ACTION_DENY;
}

/* The first rule of a policy that covers the connection, or NULL; in force, a
 * policy in audit mode has none that denies.
 */
static const struct cluster_rule *
first_rule(const struct question *question, const struct cluster_policy *policy,
	   bool in_force)
{
	const struct cluster_rule *rule = policy->egress_rules, *end;

	end = rule + policy->egress_rule_count;
	if (question->ingress) {
		rule = policy->ingress_rules;
		end = rule + policy->ingress_rule_count;
	}
	for (; rule < end; rule++) {
		if (in_force && policy->audit && rule_denies(rule))
			continue;
		if (rule->unknown_peer ?
			    rule->action != PODWALL_ACTION_ACCEPT :
			    question_covered(question, NULL, &rule->covers))
			return rule;
	}
	return NULL;
}

static void rule_judges(const struct question *question,
			const struct cluster_policy *policy,
			const struct cluster_rule *rule,
			struct judgement *judgement)
{
	bool accepts = rule->action == PODWALL_ACTION_ACCEPT;
	const char *direction = question->ingress ? "ingress" : "egress";
	const struct cluster_rule *first = question->ingress ?
						   policy->ingress_rules :
						   policy->egress_rules;
	char *origin;

	origin = xasprintf("%s %s[%td]%s%s%s", policy->key, direction,
			   rule - first, rule->name ? " (" : "",
			   rule->name ? rule->name : "", rule->name ? ")" : "");
	*judgement = (struct judgement){
		.verdict = accepts ? PODWALL_VERDICT_ACCEPT :
				     PODWALL_VERDICT_DENY,
		.reason = PODWALL_REASON_RULE,
		.tier = policy->tier,
		.origin = origin,
		.text = xasprintf(
			"%s %s it%s", origin, accepts ? "accepts" : "denies",
			rule->unknown_peer ?
				", because it has a peer that nlctl does not know" :
				""),
	};
}

/* Whether a tier of the whole cluster decides, and how; *concerned becomes true
 * if it has anything to say about the subject.
 */
static bool tier_judges(const struct question *question, enum podwall_tier tier,
			bool in_force, bool *concerned,
			struct judgement *judgement)
{
	const struct cluster_policy **policies;
	const struct cluster_rule *rule = NULL;
	bool decides = false;
	size_t count, i;

	policies = tier_about(question, tier, &count);
	if (count)
		*concerned = true;
	for (i = 0; i < count && !rule; i++) {
		rule = first_rule(question, policies[i], in_force);
		if (!rule || (rule->action == PODWALL_ACTION_PASS &&
			      !rule->unknown_peer))
			continue;
		rule_judges(question, policies[i], rule, judgement);
		decides = true;
	}
	free(policies);
	return decides;
}

/* Those of the policies that isolate, in force or all the same. */
static const struct network_policy **
isolating(const struct network_policy **policies, size_t count, bool in_force,
	  size_t *isolating_count)
{
	const struct network_policy **found = NULL;
	size_t i;

	*isolating_count = 0;
	for (i = 0; i < count; i++)
		if (!in_force || !policies[i]->audit)
			*array_add(found, *isolating_count) = policies[i];
	return found;
}

/* Whether NetworkPolicies decide, and how: they do if one isolates the pod.
 * What a policy in audit mode accepts is accepted in force, too.
 */
static bool policies_judge(const struct question *question,
			   const struct network_policy **policies, size_t count,
			   bool in_force, struct judgement *judgement)
{
	const struct network_policy **isolators;
	size_t isolator_count;

	judgement->origin = find_rule(question, policies, count);
	if (judgement->origin) {
		judgement->tier = PODWALL_TIER_POLICY;
		judgement->verdict = PODWALL_VERDICT_ACCEPT;
		judgement->reason = PODWALL_REASON_RULE;
		judgement->text = xasprintf("%s accepts it", judgement->origin);
		return true;
	}
	isolators = isolating(policies, count, in_force, &isolator_count);
	if (!isolator_count) {
		free(isolators);
		return false;
	}
	judgement->tier = PODWALL_TIER_POLICY;
	judgement->verdict = PODWALL_VERDICT_DENY;
	judgement->reason = PODWALL_REASON_ISOLATED;
	judgement->origin = list_keys(isolators, isolator_count);
	free(isolators);
	judgement->text = xasprintf(
		"Pod %s is isolated for %s by %s, and no rule of these covers it",
		question->subject->pod->key,
		question->ingress ? "ingress" : "egress", judgement->origin);
	return true;
}

static struct judgement judge_tiers(const struct question *question,
				    const struct network_policy **policies,
				    size_t count, bool in_force)
{
	const char *direction = question->ingress ? "ingress" : "egress";
	bool to_own_node = !question->ingress && is_own_node(question);
	const char *pod = question->subject->pod->key;
	struct judgement judgement = {};
	bool concerned = false;

	if (tier_judges(question, PODWALL_TIER_ADMIN, in_force, &concerned,
			&judgement))
		return judgement;
	if (!to_own_node &&
	    policies_judge(question, policies, count, in_force, &judgement))
		return judgement;
	if (tier_judges(question, PODWALL_TIER_BASELINE, in_force, &concerned,
			&judgement))
		return judgement;
	if (count && to_own_node) {
		judgement =
			accept_because(PODWALL_REASON_NODE,
				       xstrdup("a pod reaches its own node"));
		judgement.tier = PODWALL_TIER_POLICY;
		return judgement;
	}
	if (concerned)
		return accept_because(
			PODWALL_REASON_DEFAULT,
			xasprintf("no rule about Pod %s decides on it for %s",
				  pod, direction));
	return accept_because(PODWALL_REASON_NO_POLICY,
			      xasprintf("no policy selects Pod %s for %s", pod,
					direction));
}

static bool is_in_audit(const struct question *question)
{
	const struct cluster_pod *pod = question->subject->pod;
	const struct cluster_namespace *namespace;

	if (pod->mode)
		return pod->mode == PODWALL_MODE_AUDIT;
	namespace = cluster_find_namespace(question->cluster, pod->namespace);
	return namespace && namespace->mode == PODWALL_MODE_AUDIT;
}

/* A denial is in force unless it goes away with what policies in audit mode
 * deny.
 */
static struct judgement judge_policies(const struct question *question)
{
	const struct network_policy **policies;
	struct judgement all, in_force;
	size_t count;

	policies = about(question, &count);
	all = judge_tiers(question, policies, count, false);
	if (all.verdict == PODWALL_VERDICT_DENY) {
		in_force = judge_tiers(question, policies, count, true);
		all.audited = in_force.verdict == PODWALL_VERDICT_ACCEPT;
		judgement_clear(all.audited ? &in_force : &all);
		if (!all.audited)
			all = in_force;
		if (is_in_audit(question))
			all.audited = true;
	}
	free(policies);
	return all;
}

struct judgement judgement_of(const struct question *question)
{
	const struct cluster_pod *pod = question->subject->pod;
	struct judgement judgement;
	enum podwall_tier tier;

	if (!pod)
		return accept_because(
			PODWALL_REASON_NO_POLICY,
			xasprintf("%s is not the address of a pod that policies select",
				  question->subject->text));
	if (question->peer->pod == pod)
		return accept_because(PODWALL_REASON_NO_POLICY,
				      xasprintf("Pod %s always reaches itself",
						pod->key));
	judgement = judge_policies(question);
	if (question->ingress && judgement.verdict == PODWALL_VERDICT_DENY &&
	    is_own_node(question)) {
		tier = judgement.tier;
		judgement_clear(&judgement);
		judgement =
			accept_because(PODWALL_REASON_NODE,
				       xstrdup("the node reaches its own pods"));
		judgement.tier = tier;
	}
	return judgement;
}

void judgement_clear(struct judgement *judgement)
{
	free(judgement->origin);
	free(judgement->text);
	*judgement = (struct judgement){};
}
