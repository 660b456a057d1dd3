// SPDX-License-Identifier: GPL-2.0-only
#include "policy/shadow.h"

#include <stdlib.h>
#include <string.h>
#include "policy/cover.h"
#include "policy/memory.h"

/* A rule: where its policy stands in the list, and where it in that. */
struct rule_place {
	size_t policy;
	size_t rule;
	bool ingress;
};

static const struct policy_rule *rule_at(const struct advice *advice,
					 const struct rule_place *place)
{
	struct policy_side side =
		policy_side(advice->list[place->policy].policy, place->ingress);

	return side.rules + place->rule;
}

static bool is_before(const struct rule_place *a, const struct rule_place *b)
{
	return a->policy < b->policy ||
	       (a->policy == b->policy && a->rule < b->rule);
}

static bool is_wide(const struct advice *advice, const struct rule_place *wide,
		    const struct rule_place *narrow)
{
	const struct network_policy *policy = advice->list[wide->policy].policy;

	return rule_covers(rule_at(advice, wide), rule_at(advice, narrow),
			   policy->namespace) &&
	       selector_covers(&policy->pod_selector,
			       &advice->list[narrow->policy]
					.policy->pod_selector);
}

static bool shadows(const struct advice *advice, const struct rule_place *wide,
		    const struct rule_place *narrow)
{
	if (wide->policy == narrow->policy && wide->rule == narrow->rule)
		return false;
	return is_wide(advice, wide, narrow) &&
	       (is_before(wide, narrow) || !is_wide(advice, narrow, wide));
}

/* Find a rule that shadows the given one. */
static bool find_shadow(const struct advice *advice,
			const struct rule_place *narrow,
			struct rule_place *wide)
{
	const struct network_policy *policy =
		advice->list[narrow->policy].policy;
	size_t i, j;

	for (i = 0; i < advice->count; i++) {
		const struct network_policy *other = advice->list[i].policy;
		struct policy_side side = policy_side(other, narrow->ingress);

		if (!side.isolates ||
		    strcmp(other->namespace, policy->namespace) != 0)
			continue;
		for (j = 0; j < side.rule_count; j++) {
			*wide = (struct rule_place){ i, j, narrow->ingress };
			if (shadows(advice, wide, narrow))
				return true;
		}
	}
	return false;
}

static void warn(const struct advice *advice, const struct rule_place *narrow,
		 const struct rule_place *wide)
{
	const struct network_policy *other = advice->list[wide->policy].policy;
	const char *direction = narrow->ingress ? "ingress" : "egress";
	char *path, *whose;

	if (wide->policy == narrow->policy)
		whose = xstrdup("");
	else
		whose = xasprintf(
			" of NetworkPolicy %s, which selects these pods too,",
			other->key);
	path = xasprintf("spec.%s[%zu]", direction, narrow->rule);
	advice_warn(advice, &advice->list[narrow->policy], path,
		    "has no effect: spec.%s[%zu]%s accepts all that this rule does, so changing this one changes nothing; remove it, or narrow the other",
		    direction, wide->rule, whose);
	free(path);
	free(whose);
}

/* Whether an earlier rule of a policy of the whole cluster leaves nothing to a
 * later one. In force a policy in audit mode steps over what denies, and then
 * the later rule decides after all.
 */
static bool leaves_nothing(const struct cluster_policy *policy,
			   const struct cluster_rule *earlier,
			   const struct cluster_rule *later)
{
	if (earlier->unknown_peer || later->unknown_peer ||
	    (policy->audit && earlier->action == PODWALL_ACTION_DENY))
		return false;
	return rule_covers(&earlier->covers, &later->covers, NULL);
}

static const char *action_text(enum podwall_action action)
{
	return action == PODWALL_ACTION_ACCEPT ? "accepts" :
	       action == PODWALL_ACTION_PASS   ? "passes on" :
						 "denies";
}

static void warn_cluster(const struct advice *advice,
			 const struct advised *advised,
			 const struct cluster_side *side, size_t earlier,
			 size_t later)
{
	const struct cluster_rule *first = &side->rules[earlier];
	const char *name = first->name;
	char *path = xasprintf("spec.%s[%zu]", side->name, later);

	advice_warn(advice, advised, path,
		    "has no effect: spec.%s[%zu]%s%s%s comes first and %s all that this rule covers; %s, or narrow the other",
		    side->name, earlier, name ? " (" : "", name ? name : "",
		    name ? ")" : "", action_text(first->action),
		    first->action == side->rules[later].action ?
			    "remove it" :
			    "move it in front of the other");
	free(path);
}

static void advise_cluster_side(const struct advice *advice,
				const struct advised *advised, bool ingress)
{
	const struct cluster_policy *policy = advised->cluster_policy;
	struct cluster_side side = cluster_side(policy, ingress);
	size_t earlier, later;

	for (later = 1; later < side.rule_count; later++) {
		for (earlier = 0; earlier < later; earlier++)
			if (leaves_nothing(policy, &side.rules[earlier],
					   &side.rules[later]))
				break;
		if (earlier < later)
			warn_cluster(advice, advised, &side, earlier, later);
	}
}

void advise_shadows(const struct advice *advice)
{
	struct rule_place narrow, wide;
	size_t i, j;
	int ingress;

	for (i = 0; i < advice->count; i++) {
		for (ingress = 1; ingress >= 0; ingress--) {
			struct policy_side side =
				policy_side(advice->list[i].policy, ingress);

			for (j = 0; side.isolates && j < side.rule_count; j++) {
				narrow = (struct rule_place){ i, j, ingress };
				if (find_shadow(advice, &narrow, &wide))
					warn(advice, &narrow, &wide);
			}
		}
	}
	for (i = 0; i < advice->cluster_count; i++)
		for (ingress = 1; ingress >= 0; ingress--)
			advise_cluster_side(advice, &advice->cluster_list[i],
					    ingress);
}
