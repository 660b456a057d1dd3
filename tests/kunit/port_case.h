/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_KUNIT_PORT_CASE_H
#define PODWALL_KUNIT_PORT_CASE_H

#include <linux/types.h>

#include "draft.h"

/* Results, as tables write them. */
#define ACCEPTED(rule)	(rule)
#define DENIED(rule)	(0x100 | (rule))
#define ISOLATED	0x200
#define DEFAULT		0x201

/**
 * struct port_question - what the rules are asked about
 * @protocol: IP protocol number; 0 ends the list
 * @port: the server's, or -1 for a later fragment
 * @peer: bits of the rules that name peers and match the identity
 * @block: bits of the rules that name peers and match the address
 * @skip_policy_tier: the policy tier does not concern the connection
 * @expected: ACCEPTED(), DENIED(), ISOLATED or DEFAULT
 */
struct port_question {
	u8 protocol;
	int port;
	u32 peer;
	u32 block;
	bool skip_policy_tier;
	u32 expected;
};

/** struct port_case - rules, and what they say */
struct port_case {
	const char *desc;
	struct draft_rule_set set;
	struct port_question questions[16];
};

extern const struct port_case port_cases[];

const struct port_case *port_case_next(const struct port_case *row);
struct podwall_rule_set *port_case_make(struct kunit *test,
					const struct port_case *row);
u32 port_case_result(const struct podwall_rule_set *set, u32 expected);
u32 port_case_rules(const struct podwall_rule_set *set, u32 bits, u32 *rules);
struct podwall_rule_set *port_case_make_long(struct kunit *test, u32 rules,
					     u32 step);

#endif
