// SPDX-License-Identifier: GPL-2.0-only
#include "decode_traffic.h"

#include "attributes.h"

bool decode_traffic(struct nlattr *nest, struct traffic *traffic)
{
	static struct nla_policy policy[PODWALL_A_TRAFFIC_MAX + 1] = {
		[PODWALL_A_TRAFFIC_DIRECTION] = { .type = NLA_U32 },
		[PODWALL_A_TRAFFIC_VERDICT] = { .type = NLA_U32 },
		[PODWALL_A_TRAFFIC_MODE] = { .type = NLA_U32 },
		[PODWALL_A_TRAFFIC_REASON] = { .type = NLA_U32 },
		[PODWALL_A_TRAFFIC_CONNECTIONS] = { .type = NLA_U64 },
		[PODWALL_A_TRAFFIC_PACKETS] = { .type = NLA_U64 },
		[PODWALL_A_TRAFFIC_BYTES] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_TRAFFIC_MAX + 1];

	if (nla_parse_nested(attributes, PODWALL_A_TRAFFIC_MAX, nest, policy) <
	    0)
		return false;
	traffic->direction =
		attribute_u32(attributes[PODWALL_A_TRAFFIC_DIRECTION]);
	traffic->verdict = attribute_u32(attributes[PODWALL_A_TRAFFIC_VERDICT]);
	traffic->mode = attribute_u32(attributes[PODWALL_A_TRAFFIC_MODE]);
	traffic->reason = attribute_u32(attributes[PODWALL_A_TRAFFIC_REASON]);
	traffic->count = (struct count){
		attribute_u64(attributes[PODWALL_A_TRAFFIC_CONNECTIONS]),
		attribute_u64(attributes[PODWALL_A_TRAFFIC_PACKETS]),
		attribute_u64(attributes[PODWALL_A_TRAFFIC_BYTES]),
	};
	return traffic->direction && traffic->verdict && traffic->reason;
}
