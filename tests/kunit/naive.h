/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_KUNIT_NAIVE_H
#define PODWALL_KUNIT_NAIVE_H

#include <linux/types.h>

struct draft_peer_set;
struct draft_rule_set;
struct podwall_ip;
struct podwall_network;

/** struct naive_question - what a rule set is asked about */
struct naive_question {
	const char *peer;
	u32 identity;
	u8 protocol;
	bool has_port;
	u16 port;
	bool skip_policy_tier;
};

/** struct naive_answer - a verdict, and the index of its rule or -1 */
struct naive_answer {
	u8 verdict;
	u8 reason;
	int rule;
};

int naive_compare(const struct podwall_ip *a, const struct podwall_ip *b);
bool naive_contains(const struct podwall_network *network,
		    const struct podwall_ip *ip);
bool naive_is_masked(const struct podwall_network *network);
struct naive_answer naive_evaluate(const struct draft_peer_set *peer_sets,
				   size_t count,
				   const struct draft_rule_set *rules,
				   const struct naive_question *question);

#endif
