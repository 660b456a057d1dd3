/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The open connections of a server: few, and none of them for long.
 */
#ifndef NLCTL_AGENT_CONNECTIONS_H
#define NLCTL_AGENT_CONNECTIONS_H

#include <stdint.h>
#include <systemd/sd-event.h>

struct connection;
struct connections;

/**
 * connections_new() - prepare to keep watch over connections
 * @event: the loop
 * @count_max: how many may be open: one more, and the oldest is cut off, lest those
 *	who say nothing keep out the others
 * @time: after which one is cut off, in microseconds
 *
 * Return: a new object, freed with connections_free().
 */
struct connections *connections_new(sd_event *event, unsigned int count_max,
				    uint64_t time);

/**
 * connections_add() - keep watch over a connection
 * @connections: the object
 * @descriptor: its socket, which stays the caller's: to be cut off is to be shut
 *	down
 *
 * Return: the connection, freed with connections_remove().
 */
struct connection *connections_add(struct connections *connections,
				   int descriptor);

/**
 * connections_remove() - a connection ends, before its socket is closed
 * @connections: the object
 * @connection: the connection
 */
void connections_remove(struct connections *connections,
			struct connection *connection);

/**
 * connections_free() - free the object; all connections have been removed
 * @connections: the object, or NULL
 */
void connections_free(struct connections *connections);

#endif
