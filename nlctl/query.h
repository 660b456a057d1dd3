/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions to the module that are answered in one message, and its events.
 */
#ifndef NLCTL_QUERY_H
#define NLCTL_QUERY_H

#include <stdint.h>

#include "explanation.h"
#include "netlink.h"
#include "policy/objects.h"

/**
 * struct status - what the module holds and has counted
 * @version: the module's version; owned
 * @generation: of the live policy
 * @enforcing: the hooks are registered in this network namespace
 * @limits: what may be held
 * @used: what is held
 * @accepted_packets: packets that were let pass
 * @denied_packets: packets that were dropped
 * @audited_packets: packets that audit mode let pass
 * @events_sent: drop events sent
 * @events_lost: drop events suppressed by the rate limit or lost
 * @commits_refused: transactions that were refused
 */
struct status {
	char *version;
	uint64_t generation;
	bool enforcing;
	struct amounts limits;
	struct amounts used;
	uint64_t accepted_packets;
	uint64_t denied_packets;
	uint64_t audited_packets;
	uint64_t events_sent;
	uint64_t events_lost;
	uint64_t commits_refused;
};

/* Functions that return int return 0 or a negative errno value, see netlink.h.
 */

/* Read the settings, and their generation unless that pointer is NULL. */
int read_settings(struct netlink *netlink, struct settings *settings,
		  uint64_t *generation);

/* Read the status, which the caller frees with status_clear(). */
int read_status(struct netlink *netlink, struct status *status);
void status_clear(struct status *status);

/* Have the live policy judge a connection; the caller frees the explanation
 * with explanation_clear().
 */
int read_explanation(struct netlink *netlink,
		     const struct connection *connection,
		     struct explanation *explanation);

/**
 * typedef drop_handler - take in one drop event
 * @drop: the event, which is freed afterwards
 * @data: the caller's
 */
typedef void (*drop_handler)(const struct drop *drop, void *data);

/**
 * read_drops() - take in the drop events that have arrived
 * @netlink: the connection, after netlink_subscribe()
 * @handler: called for each
 * @data: for @handler
 *
 * Return: as message_receive(): -ENOBUFS when events were lost.
 */
int read_drops(struct netlink *netlink, drop_handler handler, void *data);

#endif
