// SPDX-License-Identifier: GPL-2.0-only
#include <netlink/genl/genl.h>

#include "attributes.h"
#include "decode_listing.h"
#include "policy/memory.h"

static bool decode_port_range(struct nlattr *attribute,
			      struct port_range *range)
{
	static struct nla_policy policy[PODWALL_A_PORT_RANGE_MAX + 1] = {
		[PODWALL_A_PORT_RANGE_PROTOCOL] = { .type = NLA_U8 },
		[PODWALL_A_PORT_RANGE_FIRST] = { .type = NLA_U16 },
		[PODWALL_A_PORT_RANGE_LAST] = { .type = NLA_U16 },
	};
	struct nlattr *attributes[PODWALL_A_PORT_RANGE_MAX + 1];

	if (nla_parse_nested(attributes, PODWALL_A_PORT_RANGE_MAX, attribute,
			     policy) < 0 ||
	    !attributes[PODWALL_A_PORT_RANGE_PROTOCOL] ||
	    !attributes[PODWALL_A_PORT_RANGE_FIRST] ||
	    !attributes[PODWALL_A_PORT_RANGE_LAST])
		return false;
	range->protocol = nla_get_u8(attributes[PODWALL_A_PORT_RANGE_PROTOCOL]);
	range->first = nla_get_u16(attributes[PODWALL_A_PORT_RANGE_FIRST]);
	range->last = nla_get_u16(attributes[PODWALL_A_PORT_RANGE_LAST]);
	return true;
}

static bool decode_rule(struct nlattr *attribute, struct rule *rule)
{
	static struct nla_policy policy[PODWALL_A_RULE_MAX + 1] = {
		[PODWALL_A_RULE_TIER] = { .type = NLA_U32 },
		[PODWALL_A_RULE_PRIORITY] = { .type = NLA_U32 },
		[PODWALL_A_RULE_ACTION] = { .type = NLA_U32 },
		[PODWALL_A_RULE_ANY_PEER] = { .type = NLA_FLAG },
		[PODWALL_A_RULE_PEER_SET] = { .type = NLA_U32 },
		[PODWALL_A_RULE_ANY_PORT] = { .type = NLA_FLAG },
		[PODWALL_A_RULE_COOKIE] = { .type = NLA_U64 },
		[PODWALL_A_RULE_ORIGIN] = { .type = NLA_STRING },
		[PODWALL_A_RULE_CONNECTIONS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_PACKETS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_BYTES] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_RULE_MAX + 1];
	struct nlattr *child;
	int rest;

	if (nla_parse_nested(attributes, PODWALL_A_RULE_MAX, attribute,
			     policy) < 0 ||
	    !attributes[PODWALL_A_RULE_TIER] ||
	    !attributes[PODWALL_A_RULE_ACTION])
		return false;

	rule->tier = nla_get_u32(attributes[PODWALL_A_RULE_TIER]);
	rule->action = nla_get_u32(attributes[PODWALL_A_RULE_ACTION]);
	if (attributes[PODWALL_A_RULE_PRIORITY])
		rule->priority =
			nla_get_u32(attributes[PODWALL_A_RULE_PRIORITY]);
	rule->any_peer = attributes[PODWALL_A_RULE_ANY_PEER];
	rule->any_port = attributes[PODWALL_A_RULE_ANY_PORT];
	rule->cookie = attribute_u64(attributes[PODWALL_A_RULE_COOKIE]);
	rule->count = (struct count){
		attribute_u64(attributes[PODWALL_A_RULE_CONNECTIONS]),
		attribute_u64(attributes[PODWALL_A_RULE_PACKETS]),
		attribute_u64(attributes[PODWALL_A_RULE_BYTES]),
	};
	rule->origin =
		xstrdup(attributes[PODWALL_A_RULE_ORIGIN] ?
				nla_get_string(attributes[PODWALL_A_RULE_ORIGIN]) :
				"");

	nla_for_each_nested(child, attribute, rest) {
		if (nla_type(child) == PODWALL_A_RULE_PEER_SET)
			*array_add(rule->peer_sets, rule->peer_set_count) =
				nla_get_u32(child);
		else if (nla_type(child) == PODWALL_A_RULE_PORT_RANGE &&
			 !decode_port_range(child,
					    array_add(rule->port_ranges,
						      rule->port_range_count)))
			return false;
	}
	return true;
}

static bool is_known(const struct rule *rule)
{
	return rule->tier >= PODWALL_TIER_ADMIN &&
	       rule->tier <= PODWALL_TIER_BASELINE &&
	       rule->action >= PODWALL_ACTION_ACCEPT &&
	       rule->action <= PODWALL_ACTION_PASS;
}

static void begin_rule_set(struct rule_set *set, struct nlattr **attributes)
{
	struct nlattr *origin = attributes[PODWALL_A_RULE_SET_ISOLATION_ORIGIN];

	set->id = nla_get_u32(attributes[PODWALL_A_RULE_SET_ID]);
	set->direction = nla_get_u32(attributes[PODWALL_A_RULE_SET_DIRECTION]);
	set->isolated = attributes[PODWALL_A_RULE_SET_ISOLATED];
	if (set->isolated)
		set->isolation_origin =
			xstrdup(origin ? nla_get_string(origin) : "");
	set->isolation_audited =
		attributes[PODWALL_A_RULE_SET_ISOLATION_AUDITED];
	set->isolation_count = (struct count){
		attribute_u64(attributes
				      [PODWALL_A_RULE_SET_ISOLATION_CONNECTIONS]),
		attribute_u64(attributes[PODWALL_A_RULE_SET_ISOLATION_PACKETS]),
		attribute_u64(attributes[PODWALL_A_RULE_SET_ISOLATION_BYTES]),
	};
	set->default_count = (struct count){
		attribute_u64(attributes[PODWALL_A_RULE_SET_DEFAULT_CONNECTIONS]),
		attribute_u64(attributes[PODWALL_A_RULE_SET_DEFAULT_PACKETS]),
		attribute_u64(attributes[PODWALL_A_RULE_SET_DEFAULT_BYTES]),
	};
}

/* A message without a direction continues the set in front of it. */
bool listing_take_rule_set(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_RULE_SET_MAX + 1] = {
		[PODWALL_A_RULE_SET_ID] = { .type = NLA_U32 },
		[PODWALL_A_RULE_SET_DIRECTION] = { .type = NLA_U32 },
		[PODWALL_A_RULE_SET_ISOLATED] = { .type = NLA_FLAG },
		[PODWALL_A_RULE_SET_ISOLATION_AUDITED] = { .type = NLA_FLAG },
		[PODWALL_A_RULE_SET_ISOLATION_ORIGIN] = { .type = NLA_STRING },
		[PODWALL_A_RULE_SET_ISOLATION_CONNECTIONS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_DEFAULT_CONNECTIONS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_ISOLATION_PACKETS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_ISOLATION_BYTES] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_DEFAULT_PACKETS] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_DEFAULT_BYTES] = { .type = NLA_U64 },
		[PODWALL_A_RULE_SET_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_RULE_SET_MAX + 1];
	struct listing *listing = data;
	struct objects *objects = listing->objects;
	struct rule_set *set = NULL;
	struct nlattr *child;
	int rest;

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_RULE_SET_MAX,
			  policy) < 0 ||
	    !attributes[PODWALL_A_RULE_SET_ID])
		return false;
	listing_generation(listing, attributes[PODWALL_A_RULE_SET_GENERATION]);
	if (attributes[PODWALL_A_RULE_SET_DIRECTION]) {
		set = array_add(objects->rule_sets, objects->rule_set_count);
		begin_rule_set(set, attributes);
	} else if (objects->rule_set_count) {
		set = &objects->rule_sets[objects->rule_set_count - 1];
	}
	if (!set || set->id != nla_get_u32(attributes[PODWALL_A_RULE_SET_ID]))
		return false;

	child = listing_attributes(header, &rest);
	for (; nla_ok(child, rest); child = nla_next(child, &rest))
		if (nla_type(child) == PODWALL_A_RULE_SET_RULE) {
			struct rule *rule =
				array_add(set->rules, set->rule_count);

			if (!decode_rule(child, rule))
				return false;
			listing->unknown |= !is_known(rule);
		}
	return true;
}
