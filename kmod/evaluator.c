// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>

#include "evaluator.h"
#include "policy.h"

/**
 * DOC: The linear evaluator
 *
 * Reads a rule set as it was written: from the first rule to the last, each
 * rule from its peers to its ports. Cost grows with the rules; what it says is
 * beyond doubt, and so it is what any faster classifier is held against.
 *
 * Rules stand in order of tier. In the admin and baseline tiers the first rule
 * that matches decides, and Pass ends the tier. In the policy tier rules only
 * accept: any that matches decides, and where policies isolate the pod, none
 * matching denies.
 *
 * For example, a pod isolated by one policy has the rules
 *
 *	0  admin    priority 10  pass    peers {monitoring}  any port
 *	1  admin    priority 20  deny    any peer            TCP 22
 *	2  policy                accept  peers {frontend}    TCP 80
 *
 * A peer in monitoring to TCP 22: rule 0 ends the admin tier, rule 2 does not
 * match, the policy tier denies: isolated. A peer in frontend to TCP 80: rules
 * 0 and 1 do not match, rule 2 accepts. Anyone else to TCP 22: rule 1 denies.
 */

static bool peer_matches(const struct podwall_policy *policy,
			 const struct podwall_rule_set *set,
			 const struct podwall_rule *rule,
			 const struct podwall_query *query)
{
	const u32 *ids = set->peer_sets.elements;
	u32 i;

	if (rule->any_peer)
		return true;
	ids += rule->first_peer_set;
	for (i = 0; i < rule->peer_set_count; i++) {
		const struct podwall_peer_set *peers =
			podwall_policy_peer_set(policy, ids[i]);

		/* A commit checks that every peer set exists. */
		if (peers && podwall_peer_set_holds(peers, query->identity,
						    query->peer))
			return true;
	}
	return false;
}

static bool range_matches(const struct podwall_port_range *range,
			  const struct podwall_rule *rule,
			  const struct podwall_query *query)
{
	if (range->protocol != query->protocol)
		return false;
	/* A later fragment may be of any port: of one denied, to be safe. */
	if (!query->has_port)
		return rule->action == PODWALL_ACTION_DENY;
	return range->first <= query->port && query->port <= range->last;
}

static bool port_matches(const struct podwall_rule_set *set,
			 const struct podwall_rule *rule,
			 const struct podwall_query *query)
{
	const struct podwall_port_range *ranges = set->port_ranges.elements;
	u32 i;

	if (rule->any_port)
		return true;
	ranges += rule->first_port_range;
	for (i = 0; i < rule->port_range_count; i++)
		if (range_matches(&ranges[i], rule, query))
			return true;
	return false;
}

static bool decide(struct podwall_outcome *outcome, u8 verdict, u8 reason,
		   u8 tier, u32 count, const struct podwall_rule *rule)
{
	outcome->verdict = verdict;
	outcome->reason = reason;
	outcome->tier = tier;
	outcome->count = count;
	outcome->rule = rule;
	return true;
}

static bool evaluate_tier(const struct podwall_policy *policy,
			  const struct podwall_rule_set *set, u8 tier,
			  const struct podwall_query *query,
			  struct podwall_outcome *outcome)
{
	u32 i;

	for (i = 0; i < set->rules.count; i++) {
		const struct podwall_rule *rule = podwall_rule_set_rule(set, i);

		if (rule->tier != tier ||
		    !peer_matches(policy, set, rule, query) ||
		    !port_matches(set, rule, query))
			continue;
		switch (rule->action) {
		case PODWALL_ACTION_ACCEPT:
			return decide(outcome, PODWALL_VERDICT_ACCEPT,
				      PODWALL_REASON_RULE, tier,
				      podwall_rule_set_rule_count(set, i), rule);
		case PODWALL_ACTION_PASS:
			return false;
		default:
			return decide(outcome, PODWALL_VERDICT_DENY,
				      PODWALL_REASON_RULE, tier,
				      podwall_rule_set_rule_count(set, i), rule);
		}
	}
	if (tier == PODWALL_TIER_POLICY && set->isolated)
		return decide(outcome, PODWALL_VERDICT_DENY,
			      PODWALL_REASON_ISOLATED, tier,
			      podwall_rule_set_isolation_count(set), NULL);
	return false;
}

/**
 * podwall_evaluate - ask a rule set about one peer and port
 * @policy: that holds the rule set and the peer sets it names; under RCU, or
 *	referenced
 * @set: frozen
 * @query: what to ask
 * @outcome: receives the answer, whole
 *
 * Tiers as in the Kubernetes network policy API: admin, then NetworkPolicy,
 * then baseline, else accept.
 *
 * Context: Any.
 */
void podwall_evaluate(const struct podwall_policy *policy,
		      const struct podwall_rule_set *set,
		      const struct podwall_query *query,
		      struct podwall_outcome *outcome)
{
	if (evaluate_tier(policy, set, PODWALL_TIER_ADMIN, query, outcome))
		return;
	if (!query->skip_policy_tier &&
	    evaluate_tier(policy, set, PODWALL_TIER_POLICY, query, outcome))
		return;
	if (evaluate_tier(policy, set, PODWALL_TIER_BASELINE, query, outcome))
		return;
	decide(outcome, PODWALL_VERDICT_ACCEPT, PODWALL_REASON_DEFAULT, 0,
	       podwall_rule_set_default_count(set), NULL);
}
