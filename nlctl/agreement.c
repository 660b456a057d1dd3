// SPDX-License-Identifier: GPL-2.0-only
#include "agreement.h"

#include <string.h>

/* Nothing, and a text that is empty, say the same. */
static bool is_same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

bool agrees_with_module(const struct walk_direction *walk,
			const struct decision *decision)
{
	const struct walk_rule_set *set = walk->decisive;
	const struct rule *rule = set && set->rule ? set->rule->rule : NULL;

	return walk->verdict == decision->verdict &&
	       walk->reason == decision->reason &&
	       walk->tier == decision->tier &&
	       is_same_text(walk->pod ? walk->pod->key : NULL, decision->pod) &&
	       (!walk->pod || walk->mode == decision->mode) &&
	       (set ? set->rule_set->id : 0) == decision->rule_set &&
	       !rule == !decision->has_cookie &&
	       (!rule || rule->cookie == decision->cookie) &&
	       (walk->reason == PODWALL_REASON_UNREGISTERED ||
		is_same_text(walk_origin(walk), decision->origin));
}

/* Where a pod reaches its own node, the evaluator names the tier that was left
 * out.
 */
static bool is_same_tier(const struct walk_direction *walk,
			 const struct decision *decision)
{
	return walk->tier == decision->tier ||
	       (walk->skip == WALK_SKIP_NODE && !walk->tier &&
		decision->tier == PODWALL_TIER_POLICY);
}

bool agrees_with_evaluator(const struct walk_direction *walk,
			   const struct decision *decision)
{
	return walk->verdict == decision->verdict &&
	       is_same_tier(walk, decision) &&
	       (walk->verdict == PODWALL_VERDICT_ACCEPT ||
		(walk->mode == PODWALL_MODE_AUDIT) ==
			(decision->mode == PODWALL_MODE_AUDIT));
}
