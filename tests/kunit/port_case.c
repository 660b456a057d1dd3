// SPDX-License-Identifier: GPL-2.0-only

#include <linux/in.h>
#include <linux/podwall.h>

#include "port_case.h"
#include "result.h"

#define ADMIN		PODWALL_TIER_ADMIN
#define POLICY		PODWALL_TIER_POLICY
#define BASELINE	PODWALL_TIER_BASELINE
#define ACCEPT		PODWALL_ACTION_ACCEPT
#define DENY		PODWALL_ACTION_DENY
#define PASS		PODWALL_ACTION_PASS
#define TCP(first, last) { IPPROTO_TCP, first, last }
#define UDP(first, last) { IPPROTO_UDP, first, last }
#define SCTP(first, last) { IPPROTO_SCTP, first, last }
#define FRAGMENT	 -1
#define NAMED		 .peer_sets = { 1 }

const struct port_case port_cases[] = {
	{ "no rules", {},
	  { { IPPROTO_TCP, 80, .expected = DEFAULT },
	    { IPPROTO_TCP, FRAGMENT, .expected = DEFAULT },
	    { IPPROTO_ICMP, 0, .expected = DEFAULT },
	    { IPPROTO_TCP, 80, .skip_policy_tier = true,
	      .expected = DEFAULT } } },
	{ "no rules, isolated", { .isolated = true },
	  { { IPPROTO_TCP, 0, .expected = ISOLATED },
	    { IPPROTO_SCTP, 65535, .expected = ISOLATED },
	    { IPPROTO_UDP, FRAGMENT, .expected = ISOLATED },
	    { IPPROTO_ICMP, 0, .expected = ISOLATED },
	    { IPPROTO_UDP, 53, .skip_policy_tier = true,
	      .expected = DEFAULT },
	    { IPPROTO_UDP, FRAGMENT, .skip_policy_tier = true,
	      .expected = DEFAULT } } },
	{ "bounds of a range",
	  { .rules = { { ADMIN, DENY, .ports = { TCP(80, 90) } } } },
	  { { IPPROTO_TCP, 79, .expected = DEFAULT },
	    { IPPROTO_TCP, 80, .expected = DENIED(0) },
	    { IPPROTO_TCP, 90, .expected = DENIED(0) },
	    { IPPROTO_TCP, 91, .expected = DEFAULT },
	    { IPPROTO_TCP, 0, .expected = DEFAULT },
	    { IPPROTO_TCP, 65535, .expected = DEFAULT },
	    { IPPROTO_UDP, 80, .expected = DEFAULT },
	    { IPPROTO_SCTP, 85, .expected = DEFAULT },
	    { IPPROTO_ICMP, 0, .expected = DEFAULT } } },
	{ "bounds of all ports",
	  { .rules = { { ADMIN, DENY, .ports = { TCP(0, 0), UDP(65535, 65535),
						 SCTP(0, 65535) } } } },
	  { { IPPROTO_TCP, 0, .expected = DENIED(0) },
	    { IPPROTO_TCP, 1, .expected = DEFAULT },
	    { IPPROTO_TCP, 65535, .expected = DEFAULT },
	    { IPPROTO_UDP, 0, .expected = DEFAULT },
	    { IPPROTO_UDP, 65534, .expected = DEFAULT },
	    { IPPROTO_UDP, 65535, .expected = DENIED(0) },
	    { IPPROTO_SCTP, 0, .expected = DENIED(0) },
	    { IPPROTO_SCTP, 65535, .expected = DENIED(0) } } },
	{ "ranges of one rule overlap",
	  { .rules = { { ADMIN, DENY,
			 .ports = { TCP(10, 30), TCP(20, 40), TCP(25, 25),
				    TCP(10, 30) } } } },
	  { { IPPROTO_TCP, 9, .expected = DEFAULT },
	    { IPPROTO_TCP, 10, .expected = DENIED(0) },
	    { IPPROTO_TCP, 25, .expected = DENIED(0) },
	    { IPPROTO_TCP, 26, .expected = DENIED(0) },
	    { IPPROTO_TCP, 31, .expected = DENIED(0) },
	    { IPPROTO_TCP, 40, .expected = DENIED(0) },
	    { IPPROTO_TCP, 41, .expected = DEFAULT } } },
	{ "ranges of rules overlap, the first wins",
	  { .rules = { { ADMIN, DENY, .ports = { TCP(20, 30) } },
		       { ADMIN, ACCEPT, .ports = { TCP(10, 40) } },
		       { ADMIN, DENY, .ports = { TCP(0, 65535) } } } },
	  { { IPPROTO_TCP, 9, .expected = DENIED(2) },
	    { IPPROTO_TCP, 10, .expected = ACCEPTED(1) },
	    { IPPROTO_TCP, 19, .expected = ACCEPTED(1) },
	    { IPPROTO_TCP, 20, .expected = DENIED(0) },
	    { IPPROTO_TCP, 30, .expected = DENIED(0) },
	    { IPPROTO_TCP, 31, .expected = ACCEPTED(1) },
	    { IPPROTO_TCP, 41, .expected = DENIED(2) },
	    { IPPROTO_TCP, FRAGMENT, .expected = DENIED(0) },
	    { IPPROTO_UDP, 25, .expected = DEFAULT } } },
	{ "later fragments: no ports accept, all deny",
	  { .rules = { { ADMIN, ACCEPT, .ports = { TCP(0, 65535) } },
		       { ADMIN, DENY, .ports = { TCP(1, 1), UDP(1, 1) } },
		       { ADMIN, ACCEPT } } },
	  { { IPPROTO_TCP, 1, .expected = ACCEPTED(0) },
	    { IPPROTO_TCP, FRAGMENT, .expected = DENIED(1) },
	    { IPPROTO_UDP, FRAGMENT, .expected = DENIED(1) },
	    { IPPROTO_UDP, 2, .expected = ACCEPTED(2) },
	    { IPPROTO_SCTP, FRAGMENT, .expected = ACCEPTED(2) },
	    { IPPROTO_ICMP, FRAGMENT, .expected = ACCEPTED(2) } } },
	{ "later fragments: no ports pass",
	  { .isolated = true,
	    .rules = { { ADMIN, PASS, .ports = { TCP(0, 65535) } },
		       { ADMIN, DENY, .ports = { TCP(5, 5) } } } },
	  { { IPPROTO_TCP, 5, .expected = ISOLATED },
	    { IPPROTO_TCP, FRAGMENT, .expected = DENIED(1) } } },
	{ "other protocols match any port only",
	  { .rules = { { ADMIN, DENY, .ports = { TCP(0, 65535),
						 UDP(0, 65535),
						 SCTP(0, 65535) } },
		       { BASELINE, DENY } } },
	  { { IPPROTO_ICMP, 0, .expected = DENIED(1) },
	    { IPPROTO_ICMPV6, 7, .expected = DENIED(1) },
	    { 255, FRAGMENT, .expected = DENIED(1) },
	    { IPPROTO_SCTP, FRAGMENT, .expected = DENIED(0) } } },
	{ "all tiers",
	  { .isolated = true,
	    .rules = { { ADMIN, ACCEPT, .ports = { TCP(1, 1) } },
		       { ADMIN, DENY, .ports = { TCP(2, 2) } },
		       { POLICY, ACCEPT, .ports = { TCP(1, 3) } },
		       { BASELINE, ACCEPT, .ports = { TCP(3, 4) } },
		       { BASELINE, DENY } } },
	  { { IPPROTO_TCP, 1, .expected = ACCEPTED(0) },
	    { IPPROTO_TCP, 2, .expected = DENIED(1) },
	    { IPPROTO_TCP, 3, .expected = ACCEPTED(2) },
	    { IPPROTO_TCP, 4, .expected = ISOLATED },
	    { IPPROTO_TCP, 1, .skip_policy_tier = true,
	      .expected = ACCEPTED(0) },
	    { IPPROTO_TCP, 3, .skip_policy_tier = true,
	      .expected = ACCEPTED(3) },
	    { IPPROTO_TCP, 4, .skip_policy_tier = true,
	      .expected = ACCEPTED(3) },
	    { IPPROTO_TCP, 5, .skip_policy_tier = true,
	      .expected = DENIED(4) },
	    { IPPROTO_ICMP, 0, .expected = ISOLATED },
	    { IPPROTO_ICMP, 0, .skip_policy_tier = true,
	      .expected = DENIED(4) } } },
	{ "the policy tier does not isolate",
	  { .rules = { { POLICY, ACCEPT, .ports = { TCP(80, 80) } },
		       { BASELINE, DENY } } },
	  { { IPPROTO_TCP, 80, .expected = ACCEPTED(0) },
	    { IPPROTO_TCP, 81, .expected = DENIED(1) },
	    { IPPROTO_TCP, 80, .skip_policy_tier = true,
	      .expected = DENIED(1) } } },
	{ "pass ends its tier",
	  { .rules = { { ADMIN, PASS, .ports = { TCP(1, 2) } },
		       { ADMIN, DENY },
		       { POLICY, ACCEPT, .ports = { TCP(1, 1) } },
		       { BASELINE, PASS, .ports = { TCP(2, 2) } },
		       { BASELINE, DENY } } },
	  { { IPPROTO_TCP, 1, .expected = ACCEPTED(2) },
	    { IPPROTO_TCP, 2, .expected = DEFAULT },
	    { IPPROTO_TCP, 3, .expected = DENIED(1) },
	    { IPPROTO_TCP, 1, .skip_policy_tier = true,
	      .expected = DENIED(4) } } },
	{ "pass leads to isolation",
	  { .isolated = true,
	    .rules = { { ADMIN, PASS }, { ADMIN, ACCEPT },
		       { BASELINE, PASS }, { BASELINE, DENY } } },
	  { { IPPROTO_TCP, 1, .expected = ISOLATED },
	    { IPPROTO_ICMP, 1, .expected = ISOLATED },
	    { IPPROTO_TCP, FRAGMENT, .skip_policy_tier = true,
	      .expected = DEFAULT } } },
	{ "pass in the policy tier ends isolation too",
	  { .isolated = true,
	    .rules = { { POLICY, PASS, .ports = { TCP(1, 2) } },
		       { POLICY, ACCEPT, .ports = { TCP(1, 3) } },
		       { BASELINE, DENY, .ports = { TCP(1, 1) } } } },
	  { { IPPROTO_TCP, 1, .expected = DENIED(2) },
	    { IPPROTO_TCP, 2, .expected = DEFAULT },
	    { IPPROTO_TCP, 3, .expected = ACCEPTED(1) },
	    { IPPROTO_TCP, 4, .expected = ISOLATED },
	    { IPPROTO_TCP, FRAGMENT, .expected = ISOLATED },
	    { IPPROTO_TCP, 3, .skip_policy_tier = true,
	      .expected = DEFAULT },
	    { IPPROTO_TCP, FRAGMENT, .skip_policy_tier = true,
	      .expected = DENIED(2) } } },
	{ "pass in all tiers",
	  { .isolated = true,
	    .rules = { { ADMIN, PASS, .ports = { TCP(1, 3) } },
		       { ADMIN, DENY },
		       { POLICY, PASS, .ports = { TCP(1, 2) } },
		       { POLICY, ACCEPT, .ports = { TCP(3, 3) } },
		       { BASELINE, PASS, .ports = { TCP(1, 1) } },
		       { BASELINE, DENY } } },
	  { { IPPROTO_TCP, 1, .expected = DEFAULT },
	    { IPPROTO_TCP, 2, .expected = DENIED(5) },
	    { IPPROTO_TCP, 3, .expected = ACCEPTED(3) },
	    { IPPROTO_TCP, 4, .expected = DENIED(1) },
	    { IPPROTO_TCP, 1, .skip_policy_tier = true,
	      .expected = DEFAULT },
	    { IPPROTO_TCP, 3, .skip_policy_tier = true,
	      .expected = DENIED(5) } } },
	{ "baseline rules stand behind isolation",
	  { .isolated = true,
	    .rules = { { BASELINE, ACCEPT, .ports = { TCP(1, 1) } },
		       { BASELINE, DENY } } },
	  { { IPPROTO_TCP, 1, .expected = ISOLATED },
	    { IPPROTO_TCP, 2, .expected = ISOLATED },
	    { IPPROTO_ICMP, 0, .expected = ISOLATED },
	    { IPPROTO_TCP, 1, .skip_policy_tier = true,
	      .expected = ACCEPTED(0) },
	    { IPPROTO_TCP, 2, .skip_policy_tier = true,
	      .expected = DENIED(1) },
	    { IPPROTO_TCP, FRAGMENT, .skip_policy_tier = true,
	      .expected = DENIED(1) } } },
	{ "peers by identity and by address",
	  { .isolated = true,
	    .rules = { { ADMIN, PASS, NAMED, .ports = { TCP(1, 4) } },
		       { ADMIN, DENY, NAMED, .ports = { TCP(1, 6) } },
		       { POLICY, ACCEPT, NAMED, .ports = { TCP(3, 5) } },
		       { POLICY, ACCEPT, .ports = { TCP(4, 4) } },
		       { BASELINE, DENY, NAMED } } },
	  { { IPPROTO_TCP, 3, 0, 0, .expected = ISOLATED },
	    { IPPROTO_TCP, 4, 0, 0, .expected = ACCEPTED(3) },
	    { IPPROTO_TCP, 3, 0x2, 0, .expected = DENIED(1) },
	    { IPPROTO_TCP, 3, 0, 0x2, .expected = DENIED(1) },
	    { IPPROTO_TCP, 3, 0x2, 0x1, .expected = ISOLATED },
	    { IPPROTO_TCP, 3, 0x1, 0x2, .expected = ISOLATED },
	    { IPPROTO_TCP, 3, 0x5, 0x2, .expected = ACCEPTED(2) },
	    { IPPROTO_TCP, 3, 0x1, 0x6, .expected = ACCEPTED(2) },
	    { IPPROTO_TCP, 4, 0x1, 0x4, .expected = ACCEPTED(2) },
	    { IPPROTO_TCP, 5, 0x1, 0x6, .expected = DENIED(1) },
	    { IPPROTO_TCP, 4, 0x11, 0x10, .skip_policy_tier = true,
	      .expected = DENIED(4) },
	    { IPPROTO_TCP, 4, 0x1, 0x10, .skip_policy_tier = true,
	      .expected = DENIED(4) },
	    { IPPROTO_TCP, 4, 0x1, 0, .skip_policy_tier = true,
	      .expected = DEFAULT },
	    { IPPROTO_TCP, FRAGMENT, 0x1, 0x2, .expected = DENIED(1) } } },
	{}
};

/* The next case, or NULL; NULL begins. */
const struct port_case *port_case_next(const struct port_case *row)
{
	row = row ? row + 1 : port_cases;
	return row->desc ? row : NULL;
}

/* What a table writes, as rules say it. */
u32 port_case_result(const struct podwall_rule_set *set, u32 expected)
{
	if (expected == ISOLATED)
		return PODWALL_RESULT_DENY |
		       podwall_rule_set_isolation_count(set);
	if (expected == DEFAULT)
		return podwall_rule_set_default_count(set);
	return podwall_rule_set_rule_count(set, expected & 0xff) |
	       (expected & 0x100 ? PODWALL_RESULT_DENY : 0);
}

/* As tables write it, but rule i names peer set i + 1, where it names any. */
struct podwall_rule_set *port_case_make(struct kunit *test,
					const struct port_case *row)
{
	struct draft_rule_set *draft = kunit_kzalloc(test, sizeof(*draft),
						     GFP_KERNEL);
	struct podwall_rule_set *set;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, draft);
	*draft = row->set;
	for (i = 0; i < ARRAY_SIZE(draft->rules); i++)
		if (draft->rules[i].peer_sets[0])
			draft->rules[i].peer_sets[0] = i + 1;
	set = draft_make_rule_set(test, draft);
	kunit_kfree(test, draft);
	return set;
}

/* List the rules that match a peer: those of @bits, and those of every peer. */
u32 port_case_rules(const struct podwall_rule_set *set, u32 bits, u32 *rules)
{
	u32 i, count = 0;

	for (i = 0; i < set->rules.count; i++)
		if (podwall_rule_set_rule(set, i)->any_peer || bits & 1U << i)
			rules[count++] = i;
	return count;
}

/*
 * Build a rule set of any length, where rule i decides port i * @step of TCP.
 * Of four rules one denies; the last third is of the baseline tier.
 */
struct podwall_rule_set *port_case_make_long(struct kunit *test, u32 rules,
					     u32 step)
{
	struct podwall_rule_set *set = podwall_rule_set_create(1, 1);
	struct podwall_rule *rule;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, set);
	for (i = 0; i < rules; i++) {
		const struct podwall_rule template = {
			.tier = i < rules / 3 * 2 ? PODWALL_TIER_ADMIN :
						    PODWALL_TIER_BASELINE,
			.action = i % 4 ? PODWALL_ACTION_ACCEPT :
					  PODWALL_ACTION_DENY,
			.any_peer = true,
		};
		const struct podwall_port_range range = {
			IPPROTO_TCP, i * step, i * step,
		};

		rule = podwall_rule_set_add_rule(set, &template, "long");
		KUNIT_ASSERT_NOT_NULL(test, rule);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_port_range(set, rule,
								&range));
	}
	return set;
}
