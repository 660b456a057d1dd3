/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attempts that were denied while somebody looked.
 */
#ifndef NLCTL_GRAPH_ATTEMPTS_H
#define NLCTL_GRAPH_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event.h"
#include "graph/graph.h"

/* Different attempts at most, and outside addresses that get vertices. */
#define ATTEMPTS_MAX 4096
#define ATTEMPT_ADDRESSES_MAX 24

/**
 * struct attempt - packets of one client to one port of one server
 * @client: key of the pod, or the address
 * @server: likewise
 * @client_ip: the address
 * @server_ip: the address
 * @client_is_pod: the client is a registered pod
 * @server_is_pod: the server is a registered pod
 * @protocol: IP protocol number
 * @port: of the server; 0 for none
 * @audited: the packets passed in audit mode
 * @reason: an enum podwall_reason
 * @origin: what decided, or NULL
 * @packets: how many
 * @from: number of the client's vertex, after attempts_place()
 * @to: likewise
 */
struct attempt {
	char *client;
	char *server;
	struct ip client_ip;
	struct ip server_ip;
	bool client_is_pod;
	bool server_is_pod;
	uint8_t protocol;
	uint16_t port;
	bool audited;
	uint32_t reason;
	char *origin;
	uint64_t packets;
	size_t from;
	size_t to;
};

/**
 * struct attempts - all of them; start with zeroes
 * @list: the attempts, most packets first after attempts_place()
 * @count: length of @list
 * @by_key: finds one that is there already
 * @left_out: packets of attempts beyond the first ATTEMPTS_MAX
 */
struct attempts {
	struct attempt *list;
	size_t count;
	struct attempt_entry *by_key;
	uint64_t left_out;
};

/* Count a drop. */
void attempts_add(struct attempts *attempts, const struct event *event);

/**
 * attempts_place() - find the vertices of all attempts
 * @attempts: the attempts
 * @graph: the graph, which shows these vertices from now on
 *
 * Outside addresses get vertices of their own, as long as there are few. Attempts
 * that concern nobody the caller asked about are dropped.
 */
void attempts_place(struct attempts *attempts, struct graph *graph);

/* The port of an attempt as people write it; the caller frees the text. */
char *attempt_port_text(const struct attempt *attempt);

/* Free what the structure owns and zero it; the structure itself stays. */
void attempts_clear(struct attempts *attempts);

#endif
