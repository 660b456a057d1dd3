/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the machine is like that the module works on.
 */
#ifndef NLCTL_MACHINE_H
#define NLCTL_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "bypass.h"
#include "query.h"

/**
 * struct machine - what is known of the machine
 * @bypass: what bypasses the hooks, and what else to warn of
 * @connections: that conntrack tracks
 * @connections_max: that it can track
 * @has_connections: both are known
 */
struct machine {
	struct bypass bypass;
	uint64_t connections;
	uint64_t connections_max;
	bool has_connections;
};

/**
 * machine_has_module() - whether the module is loaded
 *
 * To ask the module itself would load it, if it can be.
 */
bool machine_has_module(void);

/**
 * machine_look() - find out about the current network namespace
 * @machine: receives the findings; freed with machine_clear()
 * @status: what the module says
 */
void machine_look(struct machine *machine, const struct status *status);

/**
 * machine_clear() - free what the structure owns and zero it
 * @machine: the findings
 */
void machine_clear(struct machine *machine);

#endif
