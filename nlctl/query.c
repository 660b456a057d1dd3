// SPDX-License-Identifier: GPL-2.0-only
#include "query.h"

#include <errno.h>
#include <stdlib.h>

#include "attributes.h"
#include "message.h"
#include "names.h"
#include "policy/memory.h"

static bool decode_amounts(struct nlattr *nest, struct amounts *amounts)
{
	static struct nla_policy policy[PODWALL_A_AMOUNTS_MAX + 1] = {
		[AMOUNT_FIRST... PODWALL_A_AMOUNTS_TRANSACTIONS] = { .type = NLA_U32 },
		[PODWALL_A_AMOUNTS_MEMORY] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_AMOUNTS_MAX + 1];
	unsigned int field;

	if (!nest)
		return true;
	if (nla_parse_nested(attributes, PODWALL_A_AMOUNTS_MAX, nest, policy) <
	    0)
		return false;
	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++) {
		if (field == PODWALL_A_AMOUNTS_MEMORY)
			amount_set(amounts, field,
				   attribute_u64(attributes[field]));
		else
			amount_set(amounts, field,
				   attribute_u32(attributes[field]));
	}
	return true;
}

struct settings_answer {
	struct settings *settings;
	uint64_t generation;
};

static bool take_settings(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_SETTINGS_MAX + 1] = {
		[PODWALL_A_SETTINGS_NODE_ACCESS] = { .type = NLA_U32 },
		[PODWALL_A_SETTINGS_DENY_ACTION] = { .type = NLA_U32 },
		[PODWALL_A_SETTINGS_EVENT_RATE] = { .type = NLA_U32 },
		[PODWALL_A_SETTINGS_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_SETTINGS_MAX + 1];
	struct settings_answer *answer = data;
	struct settings *settings = answer->settings;
	struct genlmsghdr *generic = genlmsg_hdr(header);
	struct nlattr *child = genlmsg_attrdata(generic, 0);
	int rest = genlmsg_attrlen(generic, 0);

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_SETTINGS_MAX,
			  policy) < 0 ||
	    !decode_amounts(attributes[PODWALL_A_SETTINGS_LIMITS],
			    &settings->limits))
		return false;
	settings->node_access =
		attribute_u32(attributes[PODWALL_A_SETTINGS_NODE_ACCESS]);
	settings->deny_action =
		attribute_u32(attributes[PODWALL_A_SETTINGS_DENY_ACTION]);
	settings->event_rate =
		attribute_u32(attributes[PODWALL_A_SETTINGS_EVENT_RATE]);
	answer->generation =
		attribute_u64(attributes[PODWALL_A_SETTINGS_GENERATION]);
	for (; nla_ok(child, rest); child = nla_next(child, &rest))
		if (nla_type(child) == PODWALL_A_SETTINGS_GUARDED &&
		    !attribute_network(child,
				       array_add(settings->guarded,
						 settings->guarded_count)))
			return false;
	return true;
}

int read_settings(struct netlink *netlink, struct settings *settings,
		  uint64_t *generation)
{
	struct settings_answer answer = { .settings = settings };
	struct nl_msg *message =
		message_new(netlink, PODWALL_CMD_SETTINGS_GET, 0, ROOM_SMALL);
	int error;

	*settings = (struct settings){};
	error = message_send(netlink, message, take_settings, &answer);
	if (error)
		settings_clear(settings);
	if (generation)
		*generation = answer.generation;
	return error;
}

static bool take_status(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_STATUS_MAX + 1] = {
		[PODWALL_A_STATUS_VERSION] = { .type = NLA_STRING },
		[PODWALL_A_STATUS_GENERATION] = { .type = NLA_U64 },
		[PODWALL_A_STATUS_ENFORCING] = { .type = NLA_FLAG },
		[PODWALL_A_STATUS_ACCEPTED_PACKETS...
			PODWALL_A_STATUS_COMMITS_REFUSED] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_STATUS_MAX + 1];
	struct status *status = data;

	if (status->version ||
	    genlmsg_parse(header, 0, attributes, PODWALL_A_STATUS_MAX, policy) <
		    0 ||
	    !attributes[PODWALL_A_STATUS_VERSION] ||
	    !decode_amounts(attributes[PODWALL_A_STATUS_LIMITS],
			    &status->limits) ||
	    !decode_amounts(attributes[PODWALL_A_STATUS_USED], &status->used))
		return false;
	status->version =
		xstrdup(nla_get_string(attributes[PODWALL_A_STATUS_VERSION]));
	status->enforcing = attributes[PODWALL_A_STATUS_ENFORCING];
	status->generation =
		attribute_u64(attributes[PODWALL_A_STATUS_GENERATION]);
	status->accepted_packets =
		attribute_u64(attributes[PODWALL_A_STATUS_ACCEPTED_PACKETS]);
	status->denied_packets =
		attribute_u64(attributes[PODWALL_A_STATUS_DENIED_PACKETS]);
	status->audited_packets =
		attribute_u64(attributes[PODWALL_A_STATUS_AUDITED_PACKETS]);
	status->events_sent =
		attribute_u64(attributes[PODWALL_A_STATUS_EVENTS_SENT]);
	status->events_lost =
		attribute_u64(attributes[PODWALL_A_STATUS_EVENTS_LOST]);
	status->commits_refused =
		attribute_u64(attributes[PODWALL_A_STATUS_COMMITS_REFUSED]);
	return true;
}

int read_status(struct netlink *netlink, struct status *status)
{
	struct nl_msg *message =
		message_new(netlink, PODWALL_CMD_STATUS_GET, 0, ROOM_SMALL);
	int error;

	*status = (struct status){};
	error = message_send(netlink, message, take_status, status);
	if (!error && !status->version)
		error = message_fail(netlink, -EBADMSG,
				     "the kernel did not answer");
	if (error)
		status_clear(status);
	return error;
}

void status_clear(struct status *status)
{
	free(status->version);
	*status = (struct status){};
}

static char *get_text(struct nlattr *attribute)
{
	return attribute ? xstrdup(nla_get_string(attribute)) : NULL;
}

static bool decode_decision(struct nlattr *nest, struct decision *decision)
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
	decision->pod = get_text(attributes[PODWALL_A_JUDGEMENT_POD]);
	decision->mode = attribute_u32(attributes[PODWALL_A_JUDGEMENT_MODE]);
	decision->tier = attribute_u32(attributes[PODWALL_A_JUDGEMENT_TIER]);
	decision->rule_set =
		attribute_u32(attributes[PODWALL_A_JUDGEMENT_RULE_SET]);
	decision->has_cookie = attributes[PODWALL_A_JUDGEMENT_COOKIE];
	decision->cookie =
		attribute_u64(attributes[PODWALL_A_JUDGEMENT_COOKIE]);
	decision->origin = get_text(attributes[PODWALL_A_JUDGEMENT_ORIGIN]);
	return true;
}

static bool decode_connection(struct nlattr *nest,
			      struct connection *connection)
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

static void put_connection(struct nl_msg *message,
			   const struct connection *connection)
{
	const struct ip *client = &connection->client;
	const struct ip *server = &connection->server;
	struct nlattr *nest =
		nla_nest_start(message, PODWALL_A_EXPLANATION_CONNECTION);

	if (client->family == AF_INET)
		nla_put(message, PODWALL_A_CONNECTION_CLIENT_IPV4,
			sizeof(client->v4), &client->v4);
	else
		nla_put(message, PODWALL_A_CONNECTION_CLIENT_IPV6,
			sizeof(client->v6), &client->v6);
	if (server->family == AF_INET)
		nla_put(message, PODWALL_A_CONNECTION_SERVER_IPV4,
			sizeof(server->v4), &server->v4);
	else
		nla_put(message, PODWALL_A_CONNECTION_SERVER_IPV6,
			sizeof(server->v6), &server->v6);
	nla_put_u8(message, PODWALL_A_CONNECTION_PROTOCOL,
		   connection->protocol);
	if (connection->server_port)
		nla_put_u16(message, PODWALL_A_CONNECTION_SERVER_PORT,
			    connection->server_port);
	nla_nest_end(message, nest);
}

static bool take_explanation(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_EXPLANATION_MAX + 1] = {
		[PODWALL_A_EXPLANATION_VERDICT] = { .type = NLA_U32 },
		[PODWALL_A_EXPLANATION_GENERATION] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_EXPLANATION_MAX + 1];
	struct explanation *explanation = data;

	if (explanation->verdict ||
	    genlmsg_parse(header, 0, attributes, PODWALL_A_EXPLANATION_MAX,
			  policy) < 0 ||
	    !attributes[PODWALL_A_EXPLANATION_EGRESS] ||
	    !attributes[PODWALL_A_EXPLANATION_INGRESS] ||
	    !decode_decision(attributes[PODWALL_A_EXPLANATION_EGRESS],
			     &explanation->egress) ||
	    !decode_decision(attributes[PODWALL_A_EXPLANATION_INGRESS],
			     &explanation->ingress))
		return false;
	explanation->verdict =
		attribute_u32(attributes[PODWALL_A_EXPLANATION_VERDICT]);
	explanation->generation =
		attribute_u64(attributes[PODWALL_A_EXPLANATION_GENERATION]);
	return explanation->verdict;
}

int read_explanation(struct netlink *netlink,
		     const struct connection *connection,
		     struct explanation *explanation)
{
	struct nl_msg *message =
		message_new(netlink, PODWALL_CMD_EXPLAIN, 0, ROOM_SMALL);
	int error;

	*explanation = (struct explanation){ .connection = *connection };
	put_connection(message, connection);
	error = message_send(netlink, message, take_explanation, explanation);
	if (!error && !explanation->verdict)
		error = message_fail(netlink, -EBADMSG,
				     "the kernel did not answer");
	if (error)
		explanation_clear(explanation);
	return error;
}

struct drop_listener {
	drop_handler handler;
	void *data;
};

static bool take_drop(struct nlmsghdr *header, void *data)
{
	static struct nla_policy policy[PODWALL_A_EVENT_MAX + 1] = {
		[PODWALL_A_EVENT_LENGTH] = { .type = NLA_U32 },
		[PODWALL_A_EVENT_LOST] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_EVENT_MAX + 1];
	struct drop_listener *listener = data;
	struct drop drop = {};
	bool valid;

	if (genlmsg_hdr(header)->cmd != PODWALL_CMD_DROP_NTF)
		return true;
	if (genlmsg_parse(header, 0, attributes, PODWALL_A_EVENT_MAX, policy) <
	    0)
		return false;
	drop.length = attribute_u32(attributes[PODWALL_A_EVENT_LENGTH]);
	drop.lost = attribute_u64(attributes[PODWALL_A_EVENT_LOST]);
	valid = attributes[PODWALL_A_EVENT_CONNECTION] &&
		attributes[PODWALL_A_EVENT_JUDGEMENT] &&
		decode_connection(attributes[PODWALL_A_EVENT_CONNECTION],
				  &drop.connection) &&
		decode_decision(attributes[PODWALL_A_EVENT_JUDGEMENT],
				&drop.decision);
	if (valid)
		listener->handler(&drop, listener->data);
	decision_clear(&drop.decision);
	return valid;
}

int read_drops(struct netlink *netlink, drop_handler handler, void *data)
{
	struct drop_listener listener = { handler, data };

	return message_receive(netlink, take_drop, &listener);
}
