// SPDX-License-Identifier: GPL-2.0-only

#include "evaluator.h"
#include "fuzz_classify.h"
#include "policy.h"
#include "result.h"

/**
 * classify - ask what packets are judged by
 * @policy: that holds the rule set
 * @set: of one direction, whether or not a pod uses it
 * @query: its identity is the one that @policy has for the peer's address
 * @outcome: receives the answer; held against podwall_evaluate()
 */
void classify(const struct podwall_policy *policy,
	      const struct podwall_rule_set *set,
	      const struct podwall_query *query,
	      struct podwall_outcome *outcome)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	u32 key, result;

	key = podwall_port_key(query->protocol, query->port, query->has_port);
	result =
		podwall_classifier_find(classifier,
					podwall_policy_row(policy, set->id),
					podwall_classifier_class(classifier,
								 query->peer),
					key,
					podwall_port_map_find(classifier->ports,
							      key),
					query->skip_policy_tier);
	podwall_result_read(set, result, outcome);
}

/**
 * classify_plainly - whether the fast path agrees with an answer
 * @policy: that holds the rule set
 * @set: of one direction, whether or not a pod uses it
 * @query: its identity is the one that @policy has for the peer's address
 * @outcome: what was answered otherwise
 *
 * It accepts what is accepted, and counts it for the same rule; the rest it
 * leaves to others. Only a connection with ports is its business, and one that
 * the policy tier concerns.
 */
bool classify_plainly(const struct podwall_policy *policy,
		      const struct podwall_rule_set *set,
		      const struct podwall_query *query,
		      const struct podwall_outcome *outcome)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	u32 slot = podwall_port_slot(query->protocol);
	struct podwall_count __percpu *count;
	__be16 port = htons(query->port);
	u8 protocol = query->protocol;
	bool accepts;

	if (!query->has_port || slot == PODWALL_PORT_PROTOCOLS ||
	    query->skip_policy_tier)
		return true;
	accepts = podwall_classifier_accepts(
		classifier, podwall_policy_row(policy, set->id),
		podwall_classifier_class(classifier, query->peer), &protocol,
		&port,
		podwall_port_map_find_port(classifier->ports, slot,
					   query->port),
		&count);
	if (outcome->verdict == PODWALL_VERDICT_DENY)
		return !accepts;
	return accepts &&
	       count == podwall_counters_at(set->counters, outcome->count);
}
