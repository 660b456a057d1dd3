/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions to the module that are answered in one message.
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
 * @events_sent: events sent
 * @events_lost: events suppressed by the rate limit or lost
 * @commits_refused: transactions that were refused
 * @traffic: what was decided for all, by direction and reason; owned
 * @traffic_count: length of @traffic
 * @commits: transactions that were committed
 * @desired_generation: that somebody asked for last; more than @generation while
 *	that is not in force
 * @delay: how long the last commit took to be enforced, in nanoseconds
 * @delay_sum: the same of all commits together
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
	struct traffic *traffic;
	size_t traffic_count;
	uint64_t commits;
	uint64_t desired_generation;
	uint64_t delay;
	uint64_t delay_sum;
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

#endif
