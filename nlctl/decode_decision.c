// SPDX-License-Identifier: GPL-2.0-only
#include "decode_decision.h"

#include "attributes.h"

bool decode_decision(struct nlattr *nest, struct decision *decision)
{
	static struct nla_policy policy[PODWALL_A_JUDGEMENT_MAX + 1] = {
		[PODWALL_A_JUDGEMENT_DIRECTION] = { .type = NLA_U32 },
		[PODWALL_A_JUDGEMENT_VERDICT] = { .type = NLA_U32 },
		[PODWALL_A_JUDGEMENT_REASON] = { .type = NLA_U32 },
		[PODWALL_A_JUDGEMENT_POD] = { .type = NLA_STRING },
		[PODWALL_A_JUDGEMENT_MODE] = { .type = NLA_U32 },
		[PODWALL_A_JUDGEMENT_TIER] = { .type = NLA_U32 },
		[PODWALL_A_JUDGEMENT_RULE_SET] = { .type = NLA_U32 },
		[PODWALL_A_JUDGEMENT_COOKIE] = { .type = NLA_U64 },
		[PODWALL_A_JUDGEMENT_ORIGIN] = { .type = NLA_STRING },
	};
	struct nlattr *attributes[PODWALL_A_JUDGEMENT_MAX + 1];

	if (nla_parse_nested(attributes, PODWALL_A_JUDGEMENT_MAX, nest,
			     policy) < 0)
		return false;
	decision->direction =
		attribute_u32(attributes[PODWALL_A_JUDGEMENT_DIRECTION]);
	decision->verdict =
		attribute_u32(attributes[PODWALL_A_JUDGEMENT_VERDICT]);
	decision->reason =
		attribute_u32(attributes[PODWALL_A_JUDGEMENT_REASON]);
	decision->pod = attribute_text(attributes[PODWALL_A_JUDGEMENT_POD]);
	decision->mode = attribute_u32(attributes[PODWALL_A_JUDGEMENT_MODE]);
	decision->tier = attribute_u32(attributes[PODWALL_A_JUDGEMENT_TIER]);
	decision->rule_set =
		attribute_u32(attributes[PODWALL_A_JUDGEMENT_RULE_SET]);
	decision->has_cookie = attributes[PODWALL_A_JUDGEMENT_COOKIE];
	decision->cookie =
		attribute_u64(attributes[PODWALL_A_JUDGEMENT_COOKIE]);
	decision->origin =
		attribute_text(attributes[PODWALL_A_JUDGEMENT_ORIGIN]);
	return true;
}

bool decode_connection(struct nlattr *nest, struct connection *connection)
{
	static struct nla_policy policy[PODWALL_A_CONNECTION_MAX + 1] = {
		[PODWALL_A_CONNECTION_CLIENT_IPV4] = { .type = NLA_U32 },
		[PODWALL_A_CONNECTION_CLIENT_IPV6] = { .minlen = 16,
						       .maxlen = 16 },
		[PODWALL_A_CONNECTION_SERVER_IPV4] = { .type = NLA_U32 },
		[PODWALL_A_CONNECTION_SERVER_IPV6] = { .minlen = 16,
						       .maxlen = 16 },
		[PODWALL_A_CONNECTION_PROTOCOL] = { .type = NLA_U8 },
		[PODWALL_A_CONNECTION_CLIENT_PORT] = { .type = NLA_U16 },
		[PODWALL_A_CONNECTION_SERVER_PORT] = { .type = NLA_U16 },
	};
	struct nlattr *attributes[PODWALL_A_CONNECTION_MAX + 1];
	struct nlattr *port;

	if (nla_parse_nested(attributes, PODWALL_A_CONNECTION_MAX, nest,
			     policy) < 0 ||
	    !attributes[PODWALL_A_CONNECTION_PROTOCOL] ||
	    !attribute_ip(attributes[PODWALL_A_CONNECTION_CLIENT_IPV4],
			  attributes[PODWALL_A_CONNECTION_CLIENT_IPV6],
			  &connection->client) ||
	    !attribute_ip(attributes[PODWALL_A_CONNECTION_SERVER_IPV4],
			  attributes[PODWALL_A_CONNECTION_SERVER_IPV6],
			  &connection->server))
		return false;
	connection->protocol =
		nla_get_u8(attributes[PODWALL_A_CONNECTION_PROTOCOL]);
	port = attributes[PODWALL_A_CONNECTION_CLIENT_PORT];
	connection->client_port = port ? nla_get_u16(port) : 0;
	port = attributes[PODWALL_A_CONNECTION_SERVER_PORT];
	connection->server_port = port ? nla_get_u16(port) : 0;
	return true;
}
