// SPDX-License-Identifier: GPL-2.0-only
/*
 * What podwall should say, worked out another way: bit by bit, and by gathering
 * all rules that match before one is chosen.
 */

#include <linux/kernel.h>
#include <linux/podwall.h>
#include <linux/socket.h>

#include "draft.h"
#include "naive.h"

static unsigned int bits(const struct podwall_ip *ip)
{
	return ip->family == AF_INET ? 32 : 128;
}

static int bit(const struct podwall_ip *ip, unsigned int index)
{
	const u8 *bytes = ip->family == AF_INET ? (const u8 *)&ip->v4 :
						  ip->v6.s6_addr;

	return bytes[index / 8] >> (7 - index % 8) & 1;
}

int naive_compare(const struct podwall_ip *a, const struct podwall_ip *b)
{
	unsigned int i;

	if (bits(a) != bits(b))
		return bits(a) < bits(b) ? -1 : 1;
	for (i = 0; i < bits(a); i++)
		if (bit(a, i) != bit(b, i))
			return bit(a, i) ? 1 : -1;
	return 0;
}

bool naive_contains(const struct podwall_network *network,
		    const struct podwall_ip *ip)
{
	unsigned int i;

	if (bits(&network->base) != bits(ip))
		return false;
	for (i = 0; i < network->prefix_length; i++)
		if (bit(&network->base, i) != bit(ip, i))
			return false;
	return true;
}

bool naive_is_masked(const struct podwall_network *network)
{
	unsigned int i;

	for (i = network->prefix_length; i < bits(&network->base); i++)
		if (bit(&network->base, i))
			return false;
	return true;
}

static bool block_holds(const struct draft_block *block,
			const struct podwall_ip *ip)
{
	struct podwall_network network = draft_network(block->network);
	bool holds = naive_contains(&network, ip);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(block->excepts); i++) {
		if (!block->excepts[i])
			continue;
		network = draft_network(block->excepts[i]);
		holds = holds && !naive_contains(&network, ip);
	}
	return holds;
}

static bool set_holds(const struct draft_peer_set *set, u32 identity,
		      const struct podwall_ip *ip)
{
	bool holds = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(set->identities); i++)
		holds |= identity && set->identities[i] == identity;
	for (i = 0; i < ARRAY_SIZE(set->blocks); i++)
		if (set->blocks[i].network)
			holds |= block_holds(&set->blocks[i], ip);
	return holds;
}

static bool peer_matches(const struct draft_peer_set *sets, size_t count,
			 const struct draft_rule *rule,
			 const struct naive_question *question)
{
	struct podwall_ip ip = draft_ip(question->peer);
	bool matches = !rule->peer_sets[0];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(rule->peer_sets); i++)
		for (j = 0; j < count; j++)
			if (rule->peer_sets[i] &&
			    rule->peer_sets[i] == sets[j].id)
				matches |= set_holds(&sets[j],
						     question->identity, &ip);
	return matches;
}

static bool port_matches(const struct draft_rule *rule,
			 const struct naive_question *question)
{
	bool matches = !rule->ports[0].protocol;
	u32 low = 0, high = U16_MAX;
	size_t i;

	/* What carries no port may be of any: none lets it in, each keeps it out. */
	if (question->has_port) {
		low = question->port;
		high = question->port;
	} else if (rule->action != PODWALL_ACTION_DENY) {
		return matches;
	}
	for (i = 0; i < ARRAY_SIZE(rule->ports); i++)
		matches |= rule->ports[i].protocol &&
			   rule->ports[i].protocol == question->protocol &&
			   rule->ports[i].last >= low &&
			   rule->ports[i].first <= high;
	return matches;
}

/* The matching rule of a tier with the lowest priority, the first of equals. */
static int best_rule(const struct draft_peer_set *peer_sets, size_t count,
		     const struct draft_rule_set *set, u8 tier,
		     const struct naive_question *question)
{
	int i, best = -1;

	for (i = ARRAY_SIZE(set->rules) - 1; i >= 0; i--) {
		const struct draft_rule *rule = &set->rules[i];

		if (rule->tier == tier &&
		    peer_matches(peer_sets, count, rule, question) &&
		    port_matches(rule, question) &&
		    (best < 0 || rule->priority <= set->rules[best].priority))
			best = i;
	}
	return best;
}

static struct naive_answer by_rule(const struct draft_rule_set *set, int rule)
{
	return (struct naive_answer){
		.verdict = set->rules[rule].action == PODWALL_ACTION_ACCEPT ?
			   PODWALL_VERDICT_ACCEPT : PODWALL_VERDICT_DENY,
		.reason = PODWALL_REASON_RULE,
		.rule = rule,
	};
}

/* A rule set without gaps: its rules count from 0. */
struct naive_answer naive_evaluate(const struct draft_peer_set *peer_sets,
				   size_t count,
				   const struct draft_rule_set *set,
				   const struct naive_question *question)
{
	int admin = best_rule(peer_sets, count, set, PODWALL_TIER_ADMIN,
			      question);
	int policy = best_rule(peer_sets, count, set, PODWALL_TIER_POLICY,
			       question);
	int baseline = best_rule(peer_sets, count, set, PODWALL_TIER_BASELINE,
				 question);

	if (admin >= 0 && set->rules[admin].action != PODWALL_ACTION_PASS)
		return by_rule(set, admin);
	if (!question->skip_policy_tier && set->isolated) {
		if (policy >= 0)
			return by_rule(set, policy);
		return (struct naive_answer){
			.verdict = PODWALL_VERDICT_DENY,
			.reason = PODWALL_REASON_ISOLATED,
			.rule = -1,
		};
	}
	if (baseline >= 0 && set->rules[baseline].action != PODWALL_ACTION_PASS)
		return by_rule(set, baseline);
	return (struct naive_answer){
		.verdict = PODWALL_VERDICT_ACCEPT,
		.reason = PODWALL_REASON_DEFAULT,
		.rule = -1,
	};
}
