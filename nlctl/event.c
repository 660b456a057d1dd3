// SPDX-License-Identifier: GPL-2.0-only
#include "event.h"

#include <stdlib.h>

#include "attributes.h"
#include "decode_amounts.h"
#include "decode_decision.h"
#include "message.h"
#include "policy/memory.h"

void event_clear(struct event *event)
{
	decision_clear(&event->decision);
	free(event->client_pod);
	free(event->server_pod);
	*event = (struct event){};
}

static char *copy_text(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

void event_copy(struct event *copy, const struct event *event)
{
	*copy = *event;
	copy->decision.pod = copy_text(event->decision.pod);
	copy->decision.origin = copy_text(event->decision.origin);
	copy->decision.text = copy_text(event->decision.text);
	copy->client_pod = copy_text(event->client_pod);
	copy->server_pod = copy_text(event->server_pod);
}

void change_clear(struct change *change)
{
	free(change->command);
	*change = (struct change){};
}

static bool decode_event(struct nlmsghdr *header, struct event *event)
{
	static struct nla_policy policy[PODWALL_A_EVENT_MAX + 1] = {
		[PODWALL_A_EVENT_LENGTH] = { .type = NLA_U32 },
		[PODWALL_A_EVENT_LOST] = { .type = NLA_U64 },
		[PODWALL_A_EVENT_POD_LOST] = { .type = NLA_U64 },
		[PODWALL_A_EVENT_CLIENT_POD] = { .type = NLA_STRING },
		[PODWALL_A_EVENT_SERVER_POD] = { .type = NLA_STRING },
		[PODWALL_A_EVENT_GENERATION] = { .type = NLA_U64 },
		[PODWALL_A_EVENT_TIME] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_EVENT_MAX + 1];

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_EVENT_MAX, policy) <
	    0)
		return false;
	event->accepted = genlmsg_hdr(header)->cmd == PODWALL_CMD_ACCEPT_NTF;
	event->length = attribute_u32(attributes[PODWALL_A_EVENT_LENGTH]);
	event->lost = attribute_u64(attributes[PODWALL_A_EVENT_LOST]);
	event->pod_lost = attribute_u64(attributes[PODWALL_A_EVENT_POD_LOST]);
	event->client_pod =
		attribute_text(attributes[PODWALL_A_EVENT_CLIENT_POD]);
	event->server_pod =
		attribute_text(attributes[PODWALL_A_EVENT_SERVER_POD]);
	event->generation =
		attribute_u64(attributes[PODWALL_A_EVENT_GENERATION]);
	event->time = attribute_u64(attributes[PODWALL_A_EVENT_TIME]);
	return attributes[PODWALL_A_EVENT_CONNECTION] &&
	       attributes[PODWALL_A_EVENT_JUDGEMENT] &&
	       decode_connection(attributes[PODWALL_A_EVENT_CONNECTION],
				 &event->connection) &&
	       decode_decision(attributes[PODWALL_A_EVENT_JUDGEMENT],
			       &event->decision);
}

static bool decode_change(struct nlmsghdr *header, struct change *change)
{
	static struct nla_policy policy[PODWALL_A_CHANGE_MAX + 1] = {
		[PODWALL_A_CHANGE_GENERATION] = { .type = NLA_U64 },
		[PODWALL_A_CHANGE_COMMAND] = { .type = NLA_STRING },
		[PODWALL_A_CHANGE_PROCESS] = { .type = NLA_U32 },
		[PODWALL_A_CHANGE_USER] = { .type = NLA_U32 },
		[PODWALL_A_CHANGE_REQUESTS] = { .type = NLA_U32 },
		[PODWALL_A_CHANGE_DELAY] = { .type = NLA_U64 },
		[PODWALL_A_CHANGE_TIME] = { .type = NLA_U64 },
		[PODWALL_A_CHANGE_LOST] = { .type = NLA_U64 },
	};
	struct nlattr *attributes[PODWALL_A_CHANGE_MAX + 1];

	if (genlmsg_parse(header, 0, attributes, PODWALL_A_CHANGE_MAX, policy) <
	    0)
		return false;
	change->generation =
		attribute_u64(attributes[PODWALL_A_CHANGE_GENERATION]);
	change->command = attribute_text(attributes[PODWALL_A_CHANGE_COMMAND]);
	change->process = attribute_u32(attributes[PODWALL_A_CHANGE_PROCESS]);
	change->user = attribute_u32(attributes[PODWALL_A_CHANGE_USER]);
	change->requests = attribute_u32(attributes[PODWALL_A_CHANGE_REQUESTS]);
	change->delay = attribute_u64(attributes[PODWALL_A_CHANGE_DELAY]);
	change->time = attribute_u64(attributes[PODWALL_A_CHANGE_TIME]);
	change->lost = attribute_u64(attributes[PODWALL_A_CHANGE_LOST]);
	return change->generation &&
	       decode_amounts(attributes[PODWALL_A_CHANGE_USED], &change->used);
}

static bool take_event(struct nlmsghdr *header, void *data)
{
	const struct event_handlers *handlers = data;
	struct event event = {};
	bool valid = decode_event(header, &event);

	if (valid)
		handlers->event(&event, handlers->data);
	event_clear(&event);
	return valid;
}

static bool take_change(struct nlmsghdr *header, void *data)
{
	const struct event_handlers *handlers = data;
	struct change change = {};
	bool valid = decode_change(header, &change);

	if (valid && handlers->change)
		handlers->change(&change, handlers->data);
	change_clear(&change);
	return valid;
}

static bool take(struct nlmsghdr *header, void *data)
{
	switch (genlmsg_hdr(header)->cmd) {
	case PODWALL_CMD_DROP_NTF:
	case PODWALL_CMD_ACCEPT_NTF:
		return take_event(header, data);
	case PODWALL_CMD_CHANGE_NTF:
		return take_change(header, data);
	default:
		return true;
	}
}

int event_read(struct netlink *netlink, const struct event_handlers *handlers)
{
	return message_receive(netlink, take, (void *)handlers);
}
