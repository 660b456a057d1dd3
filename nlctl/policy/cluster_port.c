// SPDX-License-Identifier: GPL-2.0-only
#include "policy/cluster_port.h"

#include <netinet/in.h>
#include <string.h>
#include "policy/fields.h"
#include "policy/memory.h"
#include "policy/name_syntax.h"

/* "a, b or c" */
static char *list_choices(const char *const *names)
{
	size_t length, i;
	FILE *stream;
	char *text;

	stream = xopen_memstream(&text, &length);
	for (i = 0; names[i]; i++)
		fprintf(stream, "%s%s",
			!i	     ? "" :
			names[i + 1] ? ", " :
				       " or ",
			names[i]);
	fclose(stream);
	return text;
}

const char *decode_exactly_one(struct decoder *decoder,
			       const struct value *value,
			       const char *const *known)
{
	const char *found = NULL;
	size_t count = 0, i;
	char *choices;

	if (value->json && !decode_known(decoder, value, known))
		return NULL;
	for (i = 0; known[i]; i++) {
		struct value member = value_member(value, known[i]);

		if (!member.json)
			continue;
		found = known[i];
		count++;
	}
	if (count == 1)
		return found;
	choices = list_choices(known);
	decode_error(decoder, value, "must have %s%s",
		     count ? "only one of " : "", choices);
	free(choices);
	return NULL;
}

static void decode_range(struct decoder *decoder, const struct value *start,
			 const struct value *end, struct policy_port *port)
{
	port->kind = POLICY_PORT_RANGE;
	port->first = decode_port(decoder, start);
	port->last = decode_port(decoder, end);
	if (port->first && port->last && port->first >= port->last)
		decode_error(decoder, end,
			     "%u must be greater than start %u; a single port is written as a number",
			     port->last, port->first);
}

static void decode_name(struct decoder *decoder, const struct value *value,
			struct policy_rule *rule)
{
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP,
					     IPPROTO_SCTP };
	const char *name = decode_form(decoder, value, port_name_wrong);
	size_t i;

	for (i = 0; name && i < sizeof(protocols); i++)
		*array_add(rule->ports, rule->port_count) =
			(struct policy_port){
				.protocol = protocols[i],
				.kind = POLICY_PORT_NAME,
				.name = xstrdup(name),
			};
}

static void decode_destination(struct decoder *decoder,
			       const struct value *value,
			       struct policy_port *port)
{
	static const char *const known[] = { "number", "range", NULL };
	static const char *const range_known[] = { "start", "end", NULL };
	const char *choice = decode_exactly_one(decoder, value, known);
	struct value member, start, end;

	if (!choice)
		return;
	member = value_member(value, choice);
	if (!strcmp(choice, "number")) {
		port->kind = POLICY_PORT_RANGE;
		port->first = decode_port(decoder, &member);
		port->last = port->first;
	} else if (decode_known(decoder, &member, range_known)) {
		start = value_member(&member, "start");
		end = value_member(&member, "end");
		decode_range(decoder, &start, &end, port);
	}
}

/* The CRD refuses a protocol without destinationPort, its guide allows it: to
 * take it for every port would open or close more than was said.
 */
static bool decode_protocols_entry(struct decoder *decoder,
				   const struct value *value,
				   struct policy_rule *rule)
{
	static const char *const known[] = { "tcp", "udp", "sctp",
					     "destinationNamedPort", NULL };
	static const char *const protocol_known[] = { "destinationPort", NULL };
	const char *choice = decode_exactly_one(decoder, value, known);
	struct policy_port port = {};
	struct value member, destination;

	if (!choice)
		return false;
	member = value_member(value, choice);
	if (!strcmp(choice, "destinationNamedPort")) {
		decode_name(decoder, &member, rule);
		return true;
	}
	if (!decode_known(decoder, &member, protocol_known))
		return false;
	port.protocol = !strcmp(choice, "tcp") ? IPPROTO_TCP :
			!strcmp(choice, "udp") ? IPPROTO_UDP :
						 IPPROTO_SCTP;
	destination = value_member(&member, "destinationPort");
	if (!destination.json)
		decode_error(
			decoder, &destination,
			"is missing; for every port write {range: {start: 1, end: 65535}}");
	else
		decode_destination(decoder, &destination, &port);
	*array_add(rule->ports, rule->port_count) = port;
	return false;
}

static bool decode_ports_entry(struct decoder *decoder,
			       const struct value *value,
			       struct policy_rule *rule)
{
	static const char *const known[] = { "portNumber", "portRange",
					     "namedPort", NULL };
	static const char *const number_known[] = { "protocol", "port", NULL };
	static const char *const range_known[] = { "protocol", "start", "end",
						   NULL };
	const char *choice = decode_exactly_one(decoder, value, known);
	struct policy_port port = { .kind = POLICY_PORT_RANGE };
	struct value member, protocol, start, end;
	bool ranges;

	if (!choice)
		return false;
	member = value_member(value, choice);
	if (!strcmp(choice, "namedPort")) {
		decode_name(decoder, &member, rule);
		return true;
	}
	ranges = !strcmp(choice, "portRange");
	if (!decode_known(decoder, &member,
			  ranges ? range_known : number_known))
		return false;
	protocol = value_member(&member, "protocol");
	port.protocol = decode_protocol(decoder, &protocol);
	start = value_member(&member, ranges ? "start" : "port");
	end = value_member(&member, "end");
	if (ranges) {
		decode_range(decoder, &start, &end, &port);
	} else {
		port.first = decode_port(decoder, &start);
		port.last = port.first;
	}
	*array_add(rule->ports, rule->port_count) = port;
	return false;
}

bool decode_cluster_port(struct decoder *decoder, const struct value *value,
			 const struct cluster_dialect *dialect,
			 struct policy_rule *rule)
{
	if (!strcmp(dialect->ports, "ports"))
		return decode_ports_entry(decoder, value, rule);
	return decode_protocols_entry(decoder, value, rule);
}
