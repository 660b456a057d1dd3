/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module tells of its own accord.
 */
#ifndef NLCTL_EVENT_H
#define NLCTL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "explanation.h"
#include "netlink.h"
#include "policy/objects.h"
#include "subscription.h"

/**
 * struct event - a packet on which a judgement is reported
 * @accepted: the first packet of a connection that passed; else a packet that
 *	was dropped, or would have been but for audit mode
 * @connection: that it belongs to
 * @decision: that is reported
 * @client_pod: key of the registered pod that is the client, or NULL; owned
 * @server_pod: key of the registered pod that is the server, or NULL; owned
 * @length: of the packet from the IP header on, in bytes
 * @lost: events lost in this network namespace so far
 * @pod_lost: events of the judged pod lost so far
 * @generation: of the policy that judged
 * @time: nanoseconds since 1970
 */
struct event {
	bool accepted;
	struct connection connection;
	struct decision decision;
	char *client_pod;
	char *server_pod;
	uint32_t length;
	uint64_t lost;
	uint64_t pod_lost;
	uint64_t generation;
	uint64_t time;
};

/**
 * struct change - a commit
 * @generation: that it led to
 * @command: name of the process that asked for it; owned
 * @process: its id in the initial process namespace
 * @user: its user in the initial user namespace
 * @requests: how many requests it staged
 * @delay: how long it took to be enforced, in nanoseconds
 * @used: what the policy holds now
 * @time: nanoseconds since 1970
 * @lost: events lost in this network namespace so far
 */
struct change {
	uint64_t generation;
	char *command;
	uint32_t process;
	uint32_t user;
	uint32_t requests;
	uint64_t delay;
	struct amounts used;
	uint64_t time;
	uint64_t lost;
};

/**
 * struct event_handlers - who takes events in
 * @event: called for each event; freed afterwards
 * @change: called for each change; freed afterwards. NULL when none is wanted
 * @data: for both
 */
struct event_handlers {
	void (*event)(const struct event *event, void *data);
	void (*change)(const struct change *change, void *data);
	void *data;
};

/**
 * event_read() - take in the events that have arrived
 * @netlink: the connection, after event_subscribe()
 * @handlers: who takes them in
 *
 * Return: as message_receive(): -ENOBUFS when events were lost.
 */
int event_read(struct netlink *netlink, const struct event_handlers *handlers);

/* Copy an event; the copy is freed with event_clear(). */
void event_copy(struct event *copy, const struct event *event);

/* Free what the structure owns and zero it; the structure itself stays. */
void event_clear(struct event *event);
void change_clear(struct change *change);

#endif
