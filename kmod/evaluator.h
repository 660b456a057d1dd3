/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_EVALUATOR_H
#define PODWALL_EVALUATOR_H

#include <linux/types.h>

struct podwall_ip;
struct podwall_policy;
struct podwall_rule;
struct podwall_rule_set;

/**
 * struct podwall_query - what a rule set is asked about
 * @peer: the address at the other end
 * @identity: of @peer; 0 when it has none
 * @protocol: IP protocol number
 * @has_port: the protocol has ports and the packet carries them
 * @port: the server's, in host byte order
 * @skip_policy_tier: the policy tier does not concern the connection
 */
struct podwall_query {
	const struct podwall_ip *peer;
	u32 identity;
	u8 protocol;
	bool has_port;
	u16 port;
	bool skip_policy_tier;
};

/**
 * struct podwall_outcome - what a rule set answers
 * @verdict: enum podwall_verdict
 * @reason: enum podwall_reason
 * @tier: enum podwall_tier; 0 when no tier decided
 * @count: index of the count that the packet belongs to
 * @rule: that decided, owned by the rule set; NULL when none did
 */
struct podwall_outcome {
	u8 verdict;
	u8 reason;
	u8 tier;
	u32 count;
	const struct podwall_rule *rule;
};

void podwall_evaluate(const struct podwall_policy *policy,
		      const struct podwall_rule_set *set,
		      const struct podwall_query *query,
		      struct podwall_outcome *outcome);

#endif
