/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_JUDGE_H
#define PODWALL_JUDGE_H

#include <linux/types.h>
#include <linux/podwall.h>

#include "ip.h"

struct podwall_connection;
struct podwall_network;
struct podwall_pod;
struct podwall_policy;
struct podwall_rule;
struct podwall_rule_set;

/**
 * struct podwall_judgement - how one direction of a connection is decided
 * @direction: enum podwall_direction
 * @verdict: enum podwall_verdict
 * @reason: enum podwall_reason
 * @tier: enum podwall_tier; 0 when no tier decided
 * @mode: enum podwall_mode: audit when a denial is not in force, or the judged
 *	pod is in audit mode
 * @count: index of the rule set's count that the packet belongs to
 * @pod: judged; NULL when no registered pod is at this end
 * @rule_set: that judged; NULL for none
 * @rule: that decided; NULL for none
 * @guarded: the block, when the reason is an unregistered address
 *
 * What it points to is as long-lived as the policy it was judged by.
 */
struct podwall_judgement {
	u8 direction;
	u8 verdict;
	u8 reason;
	u8 tier;
	u8 mode;
	u32 count;
	const struct podwall_pod *pod;
	const struct podwall_rule_set *rule_set;
	const struct podwall_rule *rule;
	const struct podwall_network *guarded;
};

void podwall_judge_egress(const struct podwall_policy *policy,
			  const struct podwall_connection *connection,
			  struct podwall_judgement *judgement);
void podwall_judge_ingress(const struct podwall_policy *policy,
			   const struct podwall_connection *connection,
			   struct podwall_judgement *judgement);

/* What the text of a guarded block takes. */
#define PODWALL_ORIGIN_ROOM	(PODWALL_NETWORK_TEXT + 16)

const char *podwall_judgement_origin(const struct podwall_judgement *judgement,
				     char *room);

/** podwall_judgement_blocks - whether a judgement stops the connection */
static inline bool
podwall_judgement_blocks(const struct podwall_judgement *judgement)
{
	return judgement->verdict == PODWALL_VERDICT_DENY &&
	       judgement->mode == PODWALL_MODE_ENFORCE;
}

/** podwall_judgement_audits - whether only audit mode lets it pass */
static inline bool
podwall_judgement_audits(const struct podwall_judgement *judgement)
{
	return judgement->verdict == PODWALL_VERDICT_DENY &&
	       judgement->mode == PODWALL_MODE_AUDIT;
}

#endif
