/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether an API server can be reached at all, which is told of once when it changes.
 */
#ifndef NLCTL_AGENT_REACHABILITY_H
#define NLCTL_AGENT_REACHABILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/trouble.h"

/**
 * struct reachability - of an API server; start with zeroes
 * @unreachable: the request that ended last got no answer
 * @heard: when the server last sent anything, by clock_now(); 0 for never
 * @outage: the same, to be told of
 */
struct reachability {
	bool unreachable;
	uint64_t heard;
	struct trouble outage;
};

/**
 * reachability_heard() - the server has sent something
 * @reachability: of the server
 */
void reachability_heard(struct reachability *reachability);

/**
 * reachability_answered() - the server has answered a request, whatever it said
 * @reachability: of the server
 * @server: its URL
 */
void reachability_answered(struct reachability *reachability,
			   const char *server);

/**
 * reachability_failed() - a request got no answer
 * @reachability: of the server
 * @server: its URL
 * @patience: milliseconds that this has to last before it is told of
 * @code: which failure, as for trouble_failed()
 * @failure: the same for people
 */
void reachability_failed(struct reachability *reachability, const char *server,
			 uint32_t patience, long code, const char *failure);

#endif
