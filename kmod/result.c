// SPDX-License-Identifier: GPL-2.0-only

#include "evaluator.h"
#include "result.h"
#include "rule_set.h"

#define NO_PORTS	PODWALL_PORT_PROTOCOLS

const u8 podwall_port_slots[256] = {
	[0 ... IPPROTO_TCP - 1] = NO_PORTS,
	[IPPROTO_TCP] = 0,
	[IPPROTO_TCP + 1 ... IPPROTO_UDP - 1] = NO_PORTS,
	[IPPROTO_UDP] = 1,
	[IPPROTO_UDP + 1 ... IPPROTO_SCTP - 1] = NO_PORTS,
	[IPPROTO_SCTP] = 2,
	[IPPROTO_SCTP + 1 ... 255] = NO_PORTS,
};

/**
 * podwall_result_read - say in full what a result stands for
 * @set: that the result is of
 * @result: the result
 * @outcome: receives the answer, whole
 *
 * Context: Any.
 */
void podwall_result_read(const struct podwall_rule_set *set, u32 result,
			 struct podwall_outcome *outcome)
{
	u32 count = result & PODWALL_RESULT_COUNT;

	*outcome = (struct podwall_outcome){
		.verdict = result & PODWALL_RESULT_DENY ?
			   PODWALL_VERDICT_DENY : PODWALL_VERDICT_ACCEPT,
		.reason = PODWALL_REASON_DEFAULT,
		.count = count,
	};
	if (count == podwall_rule_set_isolation_count(set)) {
		outcome->reason = PODWALL_REASON_ISOLATED;
		outcome->tier = PODWALL_TIER_POLICY;
	} else if (count != podwall_rule_set_default_count(set)) {
		count -= count > podwall_rule_set_isolation_count(set);
		outcome->rule = podwall_rule_set_rule(set, count);
		outcome->reason = PODWALL_REASON_RULE;
		outcome->tier = outcome->rule->tier;
	}
}
