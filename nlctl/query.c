// SPDX-License-Identifier: GPL-2.0-only
#include "query.h"

#include <errno.h>
#include <stdlib.h>

#include "attributes.h"
#include "decode_amounts.h"
#include "decode_decision.h"
#include "decode_traffic.h"
#include "message.h"
#include "policy/memory.h"

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
		[PODWALL_A_STATUS_COMMITS...
			PODWALL_A_STATUS_DELAY_SUM] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_STATUS_MAX + 1];
	struct status *status = data;
	struct genlmsghdr *generic = genlmsg_hdr(header);
	struct nlattr *child = genlmsg_attrdata(generic, 0);
	int rest = genlmsg_attrlen(generic, 0);

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
	status->commits = attribute_u64(attributes[PODWALL_A_STATUS_COMMITS]);
	status->desired_generation =
		attribute_u64(attributes[PODWALL_A_STATUS_DESIRED_GENERATION]);
	status->delay = attribute_u64(attributes[PODWALL_A_STATUS_DELAY]);
	status->delay_sum =
		attribute_u64(attributes[PODWALL_A_STATUS_DELAY_SUM]);
	for (; nla_ok(child, rest); child = nla_next(child, &rest))
		if (nla_type(child) == PODWALL_A_STATUS_TRAFFIC &&
		    !decode_traffic(child, array_add(status->traffic,
						     status->traffic_count)))
			return false;
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
	free(status->traffic);
	*status = (struct status){};
}

static void put_connection(struct nl_msg *message,
			   const struct connection *connection)
{
	struct nlattr *nest =
		nla_nest_start(message, PODWALL_A_EXPLANATION_CONNECTION);

	attribute_put_ip(message, &connection->client,
			 PODWALL_A_CONNECTION_CLIENT_IPV4,
			 PODWALL_A_CONNECTION_CLIENT_IPV6);
	attribute_put_ip(message, &connection->server,
			 PODWALL_A_CONNECTION_SERVER_IPV4,
			 PODWALL_A_CONNECTION_SERVER_IPV6);
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
