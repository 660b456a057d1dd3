// SPDX-License-Identifier: GPL-2.0-only

#include <linux/in.h>
#include <linux/podwall.h>

#include "error.h"
#include "limits.h"
#include "netlink_attributes.h"
#include "netlink_parse.h"
#include "rule_set.h"

static int parse_port_range(const struct nlattr *nest,
			    struct podwall_rule_set *set,
			    struct podwall_rule *rule, u32 index,
			    struct podwall_error *error)
{
	struct nlattr *tb[PODWALL_A_PORT_RANGE_LAST + 1];
	struct podwall_port_range range;
	int err;

	err = nla_parse_nested(tb, PODWALL_A_PORT_RANGE_LAST, nest,
			       podwall_port_range_attributes, error->extack);
	if (err)
		return err;
	if (!tb[PODWALL_A_PORT_RANGE_PROTOCOL] ||
	    !tb[PODWALL_A_PORT_RANGE_FIRST] || !tb[PODWALL_A_PORT_RANGE_LAST])
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u: a port-range needs protocol, first and last",
						   set->id, index);
	range.protocol = nla_get_u8(tb[PODWALL_A_PORT_RANGE_PROTOCOL]);
	range.first = nla_get_u16(tb[PODWALL_A_PORT_RANGE_FIRST]);
	range.last = nla_get_u16(tb[PODWALL_A_PORT_RANGE_LAST]);
	if (range.protocol != IPPROTO_TCP && range.protocol != IPPROTO_UDP &&
	    range.protocol != IPPROTO_SCTP)
		return podwall_error_set_attribute(error, -EINVAL,
						   tb[PODWALL_A_PORT_RANGE_PROTOCOL],
						   "rule set %u: rule %u: protocol %u is none of TCP, UDP and SCTP",
						   set->id, index,
						   range.protocol);
	if (range.first > range.last)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u: port range %u-%u is inverted",
						   set->id, index, range.first,
						   range.last);
	if (rule->port_range_count == PODWALL_RULE_PORT_RANGES_MAX)
		return podwall_error_set_attribute(error, -ENOSPC, nest,
						   "rule set %u: rule %u has more than %u port ranges",
						   set->id, index,
						   PODWALL_RULE_PORT_RANGES_MAX);
	return podwall_rule_set_add_port_range(set, rule, &range);
}

static int parse_rule_members(const struct nlattr *nest,
			      struct podwall_rule_set *set,
			      struct podwall_rule *rule, u32 index,
			      struct podwall_error *error)
{
	const struct nlattr *entry;
	int remaining, err = 0;

	nla_for_each_nested(entry, nest, remaining) {
		switch (nla_type(entry)) {
		case PODWALL_A_RULE_PEER_SET:
			if (rule->peer_set_count == PODWALL_RULE_PEER_SETS_MAX)
				return podwall_error_set_attribute(error,
								   -ENOSPC,
								   entry,
								   "rule set %u: rule %u has more than %u peer sets",
								   set->id,
								   index,
								   PODWALL_RULE_PEER_SETS_MAX);
			err = podwall_rule_set_add_peer_set(set, rule,
							    nla_get_u32(entry));
			break;
		case PODWALL_A_RULE_PORT_RANGE:
			err = parse_port_range(entry, set, rule, index, error);
			break;
		}
		if (err)
			return err;
	}
	return 0;
}

/* What a rule may not say of itself or next to the rule before it. */
static int check_rule(const struct podwall_rule_set *set,
		      const struct podwall_rule *rule, u32 index,
		      const struct nlattr *nest, struct podwall_error *error)
{
	const struct podwall_rule *before;

	if (rule->tier == PODWALL_TIER_POLICY && !set->isolated &&
	    !set->isolation_audited)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u is in the policy tier, but the rule set is neither isolated nor isolation-audited",
						   set->id, index);
	if (rule->tier == PODWALL_TIER_POLICY &&
	    rule->action != PODWALL_ACTION_ACCEPT)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u is in the policy tier and can only accept",
						   set->id, index);
	if (rule->tier == PODWALL_TIER_POLICY && rule->priority)
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u is in the policy tier and has a priority",
						   set->id, index);
	if (!index)
		return 0;
	before = podwall_rule_set_rule(set, index - 1);
	if (before->tier > rule->tier ||
	    (before->tier == rule->tier && before->priority > rule->priority))
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u belongs before rule %u by tier and priority",
						   set->id, index, index - 1);
	return 0;
}

/**
 * podwall_parse_rule - read a rule
 * @nest: a rule attribute set
 * @set: being built; gets the rule
 * @error: receives the text of a refusal
 *
 * Return: 0, -EINVAL, -ENOSPC or -ENOMEM; @set may then have a part of it.
 */
int podwall_parse_rule(const struct nlattr *nest, struct podwall_rule_set *set,
		       struct podwall_error *error)
{
	struct nlattr *tb[PODWALL_A_RULE_ORIGIN + 1];
	u32 index = set->rules.count;
	struct podwall_rule rule = {};
	struct podwall_rule *added;
	int err;

	err = nla_parse_nested(tb, PODWALL_A_RULE_ORIGIN, nest,
			       podwall_rule_attributes, error->extack);
	if (err)
		return err;
	if (index == PODWALL_RULE_SET_RULES_MAX)
		return podwall_error_set_attribute(error, -ENOSPC, nest,
						   "rule set %u has more than %u rules",
						   set->id,
						   PODWALL_RULE_SET_RULES_MAX);
	if (!tb[PODWALL_A_RULE_TIER] || !tb[PODWALL_A_RULE_ACTION] ||
	    !tb[PODWALL_A_RULE_ORIGIN])
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u needs tier, action and origin",
						   set->id, index);
	if (!tb[PODWALL_A_RULE_ANY_PEER] == !tb[PODWALL_A_RULE_PEER_SET])
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u needs either any-peer or peer-set",
						   set->id, index);
	if (!tb[PODWALL_A_RULE_ANY_PORT] == !tb[PODWALL_A_RULE_PORT_RANGE])
		return podwall_error_set_attribute(error, -EINVAL, nest,
						   "rule set %u: rule %u needs either any-port or port-range",
						   set->id, index);
	err = podwall_parse_text(tb[PODWALL_A_RULE_ORIGIN], error);
	if (err)
		return err;
	rule.tier = nla_get_u32(tb[PODWALL_A_RULE_TIER]);
	rule.action = nla_get_u32(tb[PODWALL_A_RULE_ACTION]);
	rule.any_peer = tb[PODWALL_A_RULE_ANY_PEER];
	rule.any_port = tb[PODWALL_A_RULE_ANY_PORT];
	if (tb[PODWALL_A_RULE_PRIORITY])
		rule.priority = nla_get_u32(tb[PODWALL_A_RULE_PRIORITY]);
	if (tb[PODWALL_A_RULE_COOKIE])
		rule.cookie = nla_get_u64(tb[PODWALL_A_RULE_COOKIE]);
	err = check_rule(set, &rule, index, nest, error);
	if (err)
		return err;
	added = podwall_rule_set_add_rule(set, &rule,
					  nla_data(tb[PODWALL_A_RULE_ORIGIN]));
	if (!added)
		return -ENOMEM;
	return parse_rule_members(nest, set, added, index, error);
}
