// SPDX-License-Identifier: GPL-2.0-only
#include <netlink/genl/genl.h>

#include "attributes.h"
#include "decode_listing.h"
#include "decode_traffic.h"
#include "policy/memory.h"

bool listing_take_pod(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_POD_MAX + 1] = {
		[PODWALL_A_POD_KEY] = { .type = NLA_STRING },
		[PODWALL_A_POD_UID] = { .type = NLA_STRING },
		[PODWALL_A_POD_INTERFACE] = { .type = NLA_STRING },
		[PODWALL_A_POD_INGRESS_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_POD_EGRESS_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_POD_INGRESS_ENFORCED_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_POD_EGRESS_ENFORCED_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_POD_MODE] = { .type = NLA_U32 },
		[PODWALL_A_POD_REPORT_ACCEPTED] = { .type = NLA_FLAG },
		[PODWALL_A_POD_EVENTS_LOST] = { .type = NLA_U64 },
		[PODWALL_A_POD_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_POD_MAX + 1];
	struct listing *listing = data;
	struct nlattr *child;
	struct pod *pod;
	int rest;

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_POD_MAX, policy) <
		    0 ||
	    !attributes[PODWALL_A_POD_KEY] || !attributes[PODWALL_A_POD_MODE])
		return false;
	listing_generation(listing, attributes[PODWALL_A_POD_GENERATION]);

	pod = array_add(listing->objects->pods, listing->objects->pod_count);
	pod->key = xstrdup(nla_get_string(attributes[PODWALL_A_POD_KEY]));
	pod->uid =
		xstrdup(attributes[PODWALL_A_POD_UID] ?
				nla_get_string(attributes[PODWALL_A_POD_UID]) :
				"");
	if (attributes[PODWALL_A_POD_INTERFACE])
		pod->interface = xstrdup(
			nla_get_string(attributes[PODWALL_A_POD_INTERFACE]));
	pod->ingress_rule_set =
		attribute_u32(attributes[PODWALL_A_POD_INGRESS_RULE_SET]);
	pod->egress_rule_set =
		attribute_u32(attributes[PODWALL_A_POD_EGRESS_RULE_SET]);
	pod->ingress_enforced_rule_set =
		attribute_u32(attributes[PODWALL_A_POD_INGRESS_ENFORCED_RULE_SET]);
	pod->egress_enforced_rule_set =
		attribute_u32(attributes[PODWALL_A_POD_EGRESS_ENFORCED_RULE_SET]);
	pod->mode = nla_get_u32(attributes[PODWALL_A_POD_MODE]);
	pod->report_accepted = attributes[PODWALL_A_POD_REPORT_ACCEPTED];
	pod->events_lost = attribute_u64(attributes[PODWALL_A_POD_EVENTS_LOST]);

	child = listing_attributes(header, &rest);
	for (; nla_ok(child, rest); child = nla_next(child, &rest)) {
		struct address address = {};

		if (nla_type(child) == PODWALL_A_POD_TRAFFIC &&
		    !decode_traffic(child, array_add(pod->traffic,
						     pod->traffic_count)))
			return false;
		if (nla_type(child) != PODWALL_A_POD_ADDRESS)
			continue;
		if (!listing_address(child, &address))
			return false;
		*array_add(pod->ips, pod->ip_count) = address.ip;
	}
	return true;
}
