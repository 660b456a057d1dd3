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
}
