/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The agent's connection to the module, which comes and goes with it.
 */
#ifndef NLCTL_AGENT_MODULE_LINK_H
#define NLCTL_AGENT_MODULE_LINK_H

#include <stdbool.h>

#include "agent/complaint.h"
#include "netlink.h"

/**
 * struct module_link - the connection; starts with zeroes
 * @netlink: the connection; NULL while there is none
 * @missing: there was no module to connect to
 * @silence: why it could not be asked
 */
struct module_link {
	struct netlink *netlink;
	bool missing;
	struct complaint silence;
};

/**
 * module_link_open() - connect, unless that is done
 * @link: the connection
 *
 * The module may be loaded at any time. That there is none is told once.
 *
 * Return: whether there is a connection.
 */
bool module_link_open(struct module_link *link);

/* End a connection over which the module could not be asked, and tell why. */
void module_link_lose(struct module_link *link);

/* Note that the module has answered. */
void module_link_answered(struct module_link *link);

/* End the connection, and free what the structure owns. */
void module_link_close(struct module_link *link);

#endif
