// SPDX-License-Identifier: GPL-2.0-only
#include "attributes.h"

#include "policy/memory.h"

uint64_t attribute_u64(struct nlattr *attribute)
{
	return attribute ? nla_get_u64(attribute) : 0;
}

uint32_t attribute_u32(struct nlattr *attribute)
{
	return attribute ? nla_get_u32(attribute) : 0;
}

char *attribute_text(struct nlattr *attribute)
{
	return attribute ? xstrdup(nla_get_string(attribute)) : NULL;
}

bool attribute_ip(struct nlattr *ipv4, struct nlattr *ipv6, struct ip *ip)
{
	if (!ipv4 == !ipv6)
		return false;
	*ip = (struct ip){ .family = ipv4 ? AF_INET : AF_INET6 };
	if (ipv4)
		memcpy(&ip->v4, nla_data(ipv4), sizeof(ip->v4));
	else
		memcpy(&ip->v6, nla_data(ipv6), sizeof(ip->v6));
	return true;
}

bool attribute_network(struct nlattr *attribute, struct network *network)
{
	static struct nla_policy policy[PODWALL_A_NETWORK_MAX + 1] = {
		[PODWALL_A_NETWORK_IPV4] = { .type = NLA_U32 },
		[PODWALL_A_NETWORK_IPV6] = { .minlen = 16, .maxlen = 16 },
		[PODWALL_A_NETWORK_PREFIX_LENGTH] = { .type = NLA_U8 },
	};
	struct nlattr *attributes[PODWALL_A_NETWORK_MAX + 1];

	*network = (struct network){};
	if (nla_parse_nested(attributes, PODWALL_A_NETWORK_MAX, attribute,
			     policy) < 0 ||
	    !attributes[PODWALL_A_NETWORK_PREFIX_LENGTH] ||
	    !attribute_ip(attributes[PODWALL_A_NETWORK_IPV4],
			  attributes[PODWALL_A_NETWORK_IPV6], &network->base))
		return false;
	network->prefix_length =
		nla_get_u8(attributes[PODWALL_A_NETWORK_PREFIX_LENGTH]);
	return network->prefix_length <=
	       (network->base.family == AF_INET ? 32 : 128);
}

int attribute_put_ip(struct nl_msg *message, const struct ip *ip, int ipv4,
		     int ipv6)
{
	if (ip->family == AF_INET)
		return nla_put(message, ipv4, sizeof(ip->v4), &ip->v4);
	return nla_put(message, ipv6, sizeof(ip->v6), &ip->v6);
}

int attribute_put_network(struct nl_msg *message, int type,
			  const struct network *network)
{
	struct nlattr *nest = nla_nest_start(message, type);

	if (!nest ||
	    attribute_put_ip(message, &network->base, PODWALL_A_NETWORK_IPV4,
			     PODWALL_A_NETWORK_IPV6) ||
	    nla_put_u8(message, PODWALL_A_NETWORK_PREFIX_LENGTH,
		       network->prefix_length))
		return -NLE_MSGSIZE;
	return nla_nest_end(message, nest);
}
