// SPDX-License-Identifier: GPL-2.0-only

#include <linux/minmax.h>

#include "program.h"
#include "rule_set.h"

/**
 * DOC: Port programs
 *
 * Once it is known which rules match a peer, only protocol and port are left
 * to ask about. The port ranges of those rules cut the ports into intervals; in
 * each interval, one rule of each tier is the first to match. Rules are gone
 * through in the order in which they are judged, and each takes the intervals
 * that it matches and that no rule of its tier before it took; what is taken is
 * skipped in one step from then on, so that many rules cost no more than their
 * ranges.
 *
 * A peer has a program for its identity and one for its region, which may both
 * have rules to match: of what both find in a tier the earlier rule is first.
 * Rules that match every peer are in all programs, so most often one of the two
 * has no rule that the other has not. Then the other one alone decides, and its
 * interval says how.
 *
 * For example, rules 0: admin deny TCP 22, 1: policy accept TCP 20-80. TCP 20-21
 * and 23-80 have no rule of the admin tier and rule 1; TCP 22 has rules 0 and
 * 1; all else has none, but for later fragments of TCP, which have rule 0.
 */

/**
 * podwall_program_decide - find what decides, of the rules that match
 * @set: whose rules they are
 * @peer: what matches the peer's identity
 * @block: what matches the region of its address
 * @skip_policy_tier: the policy tier does not concern the connection
 *
 * Context: Any.
 * Return: the result.
 */
u32 podwall_program_decide(const struct podwall_rule_set *set,
			   const struct podwall_firsts *peer,
			   const struct podwall_firsts *block,
			   bool skip_policy_tier)
{
	u32 first;
	u8 tier;

	for (tier = PODWALL_TIER_ADMIN; tier < PODWALL_TIERS; tier++) {
		if (tier == PODWALL_TIER_POLICY && skip_policy_tier)
			continue;
		first = min(peer->rules[tier - 1], block->rules[tier - 1]);
		if (first == PODWALL_NO_RULE) {
			if (tier == PODWALL_TIER_POLICY && set->isolated)
				return PODWALL_RESULT_DENY |
				       podwall_rule_set_isolation_count(set);
			continue;
		}
		switch (podwall_rule_set_rule(set, first)->action) {
		case PODWALL_ACTION_ACCEPT:
			return podwall_rule_set_rule_count(set, first);
		case PODWALL_ACTION_PASS:
			continue;
		default:
			return PODWALL_RESULT_DENY |
			       podwall_rule_set_rule_count(set, first);
		}
	}
	return podwall_rule_set_default_count(set);
}
