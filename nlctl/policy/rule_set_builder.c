// SPDX-License-Identifier: GPL-2.0-only
#include "policy/rule_set_builder.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"
#include "policy/rule_builder.h"

/* "NetworkPolicy a/x, a/y", cut to what the kernel takes. */
static char *isolation_origin(const struct network_policy **policies,
			      size_t count)
{
	char more[sizeof(", and 18446744073709551615 more")];
	char text[PODWALL_ORIGIN_MAX + 1];
	size_t used, i;

	used = snprintf(text, sizeof(text), "NetworkPolicy %s",
			policies[0]->key);
	for (i = 1; i < count; i++) {
		size_t need = strlen(", ") + strlen(policies[i]->key);
		size_t rest = count - i - 1, reserve = 0;

		if (rest)
			reserve = snprintf(more, sizeof(more), ", and %zu more",
					   rest);
		if (used + need + reserve > PODWALL_ORIGIN_MAX) {
			snprintf(text + used, sizeof(text) - used,
				 ", and %zu more", count - i);
			break;
		}
		used += snprintf(text + used, sizeof(text) - used, ", %s",
				 policies[i]->key);
	}
	return xstrdup(text);
}

static void build_policy(struct policy_item *item, bool ingress,
			 const struct network_policy *policy,
			 const struct identity *subject)
{
	const struct policy_rule *rules = ingress ? policy->ingress_rules :
						    policy->egress_rules;
	size_t count = ingress ? policy->ingress_rule_count :
				 policy->egress_rule_count;
	size_t i;

	item->tier = PODWALL_TIER_POLICY;
	item->priority = 0;
	item->action = PODWALL_ACTION_ACCEPT;
	item->namespace = policy->namespace;
	for (i = 0; i < count; i++) {
		item->rule = &rules[i];
		item->origin = xasprintf("NetworkPolicy %s %s[%zu]",
					 policy->key,
					 ingress ? "ingress" : "egress", i);
		build_rules(item, ingress, subject);
		free(item->origin);
	}
}

/* The name of the rule goes last, as far as the kernel has room for it. */
static char *cluster_origin(const struct cluster_policy *policy,
			    const char *direction, size_t index,
			    const char *name)
{
	char *plain = xasprintf("%s %s[%zu]", policy->key, direction, index);
	char *whole;

	if (!name)
		return plain;
	whole = xasprintf("%s (%s)", plain, name);
	if (strlen(whole) > PODWALL_ORIGIN_MAX) {
		free(whole);
		return plain;
	}
	free(plain);
	return whole;
}

static void build_cluster_policy(struct policy_item *item, bool enforced,
				 bool ingress,
				 const struct cluster_policy *policy,
				 const struct identity *subject)
{
	static const struct policy_rule everything;
	const struct cluster_rule *rules = ingress ? policy->ingress_rules :
						     policy->egress_rules;
	size_t count = ingress ? policy->ingress_rule_count :
				 policy->egress_rule_count;
	size_t i;

	item->tier = policy->tier;
	item->priority = policy->priority;
	item->namespace = NULL;
	for (i = 0; i < count; i++) {
		const struct cluster_rule *rule = &rules[i];

		item->rule = &rule->covers;
		item->action = rule->action;
		if (rule->unknown_peer) {
			if (rule->action == PODWALL_ACTION_ACCEPT)
				continue;
			item->rule = &everything;
			item->action = PODWALL_ACTION_DENY;
		}
		if (enforced && policy->audit &&
		    item->action == PODWALL_ACTION_DENY)
			continue;
		item->origin = cluster_origin(policy,
					      ingress ? "ingress" : "egress", i,
					      rule->name);
		build_rules(item, ingress, subject);
		free(item->origin);
	}
}

static void build_cluster_tier(struct policy_item *item, bool enforced,
			       bool ingress, const struct selection *selection,
			       enum podwall_tier tier,
			       const struct identity *subject)
{
	size_t i;

	for (i = 0; i < selection->cluster_policy_count; i++)
		if (selection->cluster_policies[i]->tier == tier)
			build_cluster_policy(item, enforced, ingress,
					     selection->cluster_policies[i],
					     subject);
}

static bool denies(const struct cluster_rule *rule)
{
	return rule->action == PODWALL_ACTION_DENY ||
	       (rule->action == PODWALL_ACTION_PASS && rule->unknown_peer);
}

static bool any_denies(const struct cluster_rule *rules, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (denies(&rules[i]))
			return true;
	return false;
}

bool selection_audits(const struct selection *selection,
		      enum podwall_direction direction)
{
	size_t i;

	for (i = 0; i < selection->policy_count; i++)
		if (selection->policies[i]->audit)
			return true;
	for (i = 0; i < selection->cluster_policy_count; i++) {
		const struct cluster_policy *policy =
			selection->cluster_policies[i];

		if (!policy->audit)
			continue;
		if (direction == PODWALL_DIRECTION_INGRESS ?
			    any_denies(policy->ingress_rules,
				       policy->ingress_rule_count) :
			    any_denies(policy->egress_rules,
				       policy->egress_rule_count))
			return true;
	}
	return false;
}

/* Say which of the policies isolate the pod; in force, those in audit mode do
 * not.
 */
static void isolate(struct rule_set *rule_set, bool enforced,
		    const struct selection *selection)
{
	const struct network_policy **isolating = NULL;
	size_t count = 0, i;

	for (i = 0; i < selection->policy_count; i++)
		if (!enforced || !selection->policies[i]->audit)
			*array_add(isolating, count) = selection->policies[i];
	rule_set->isolated = count;
	rule_set->isolation_audited = !count && selection->policy_count;
	if (count)
		rule_set->isolation_origin = isolation_origin(isolating, count);
	free(isolating);
}

bool build_rule_set(struct peer_table *peers, const struct selection *selection,
		    bool enforced, enum podwall_direction direction,
		    const struct identity *subject, struct rule_set *rule_set)
{
	bool ingress = direction == PODWALL_DIRECTION_INGRESS;
	struct policy_item item = { .peers = peers, .rule_set = rule_set };
	size_t i;

	*rule_set = (struct rule_set){ .direction = direction };
	build_cluster_tier(&item, enforced, ingress, selection,
			   PODWALL_TIER_ADMIN, subject);
	isolate(rule_set, enforced, selection);
	for (i = 0; i < selection->policy_count; i++)
		build_policy(&item, ingress, selection->policies[i], subject);
	build_cluster_tier(&item, enforced, ingress, selection,
			   PODWALL_TIER_BASELINE, subject);
	return rule_set->isolated || rule_set->rule_count;
}
