/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet as the module's tracepoint saw it judged.
 */
#ifndef NLCTL_PACKET_H
#define NLCTL_PACKET_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explanation.h"

/**
 * struct packet - a packet, and how it was decided
 * @connection: that it belongs to
 * @client_pod: key of the registered pod that is the client, or NULL; owned
 * @server_pod: key of the registered pod that is the server, or NULL; owned
 * @length: of the packet from the IP header on, in bytes
 * @generation: of the policy that judged
 * @decisions: of the directions that were traced, in the order of judgement
 * @decision_count: length of @decisions
 */
struct packet {
	struct connection connection;
	char *client_pod;
	char *server_pod;
	uint32_t length;
	uint64_t generation;
	struct decision decisions[2];
	size_t decision_count;
};

/**
 * packet_decision() - how a direction of a packet was decided
 * @packet: the packet
 * @direction: the direction
 *
 * Return: the decision; NULL when it was not traced.
 */
const struct decision *packet_decision(const struct packet *packet,
				       enum podwall_direction direction);

/**
 * packet_is_fragment() - whether a packet has no ports, though its protocol has
 * @packet: the packet
 */
bool packet_is_fragment(const struct packet *packet);

/* Tell of a packet: two or three lines for a person, or an object. */
void packet_print(const struct packet *packet);
json_t *packet_json(const struct packet *packet);

/* Free what the structure owns and zero it. */
void packet_clear(struct packet *packet);

#endif
