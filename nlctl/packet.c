// SPDX-License-Identifier: GPL-2.0-only
#include "packet.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "style.h"
#include "verdict.h"

const struct decision *packet_decision(const struct packet *packet,
				       enum podwall_direction direction)
{
	size_t i;

	for (i = 0; i < packet->decision_count; i++)
		if (packet->decisions[i].direction == direction)
			return &packet->decisions[i];
	return NULL;
}

bool packet_is_fragment(const struct packet *packet)
{
	return protocol_has_ports(packet->connection.protocol) &&
	       !packet->connection.server_port;
}

static char *end_text(const struct ip *ip, uint16_t port, const char *pod)
{
	char address[NETWORK_TEXT_MAX];
	char *text;

	ip_text(ip, address);
	if (!port)
		text = xstrdup(address);
	else if (ip->family == AF_INET6)
		text = xasprintf("[%s]:%u", address, port);
	else
		text = xasprintf("%s:%u", address, port);
	if (pod) {
		char *longer = xasprintf("%s (%s)", text, pod);

		free(text);
		text = text_clean(longer);
	}
	return text;
}

static void print_decision(const struct decision *decision)
{
	bool ingress = decision->direction == PODWALL_DIRECTION_INGRESS;
	bool audited = verdict_audited(decision->verdict, decision->mode);
	char *text = text_clean(decision_text(decision,
					      ingress ? "server" : "client"));

	printf("  %-8s ", name_of(ENUMERATION_DIRECTION, decision->direction));
	printf("%s%s%s, %s",
	       style_begin(verdict_style(decision->verdict, audited)),
	       verdict_text(decision->verdict, decision->mode), style_end(),
	       text);
	if (decision->rule_set)
		printf(", rule set %u", decision->rule_set);
	putchar('\n');
	free(text);
}

void packet_print(const struct packet *packet)
{
	const struct connection *connection = &packet->connection;
	char *client = end_text(&connection->client, connection->client_port,
				packet->client_pod);
	char *server = end_text(&connection->server, connection->server_port,
				packet->server_pod);
	char protocol[PROTOCOL_TEXT_MAX];
	size_t i;

	printf("%spacket%s of %s -> %s, %s, length %" PRIu32
	       ", judged by generation %" PRIu64 "\n",
	       style_begin(STYLE_STRONG), style_end(), client, server,
	       protocol_text(connection->protocol, protocol), packet->length,
	       packet->generation);
	for (i = 0; i < packet->decision_count; i++)
		print_decision(&packet->decisions[i]);
	free(server);
	free(client);
}

static json_t *end_json(const struct ip *ip, uint16_t port, const char *pod)
{
	char address[NETWORK_TEXT_MAX];
	json_t *object = json_pack("{s:s}", "address", ip_text(ip, address));

	if (port)
		json_object_set_new(object, "port", json_integer(port));
	if (pod)
		json_object_set_new(object, "pod", json_text(pod));
	return object;
}

json_t *packet_json(const struct packet *packet)
{
	const struct connection *connection = &packet->connection;
	char protocol[PROTOCOL_TEXT_MAX];
	json_t *object = json_object();
	size_t i;

	json_object_set_new(object, "client",
			    end_json(&connection->client,
				     connection->client_port,
				     packet->client_pod));
	json_object_set_new(object, "server",
			    end_json(&connection->server,
				     connection->server_port,
				     packet->server_pod));
	json_object_set_new(object, "protocol",
			    json_string(protocol_text(connection->protocol,
						      protocol)));
	json_object_set_new(object, "length", json_integer(packet->length));
	json_object_set_new(object, "generation",
			    json_number(packet->generation));
	for (i = 0; i < packet->decision_count; i++)
		json_object_set_new(object,
				    name_of(ENUMERATION_DIRECTION,
					    packet->decisions[i].direction),
				    decision_json(&packet->decisions[i]));
	return object;
}

void packet_clear(struct packet *packet)
{
	size_t i;

	for (i = 0; i < packet->decision_count; i++)
		decision_clear(&packet->decisions[i]);
	free(packet->client_pod);
	free(packet->server_pod);
	*packet = (struct packet){};
}
