/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole state of the module as of one generation.
 */
#ifndef NLCTL_LIVE_H
#define NLCTL_LIVE_H

#include <stdbool.h>

#include "netlink.h"
#include "policy/objects.h"

/**
 * live_read() - read all objects and settings of one generation
 * @netlink: the connection
 * @objects: receives the objects; freed with objects_clear()
 * @settings: receives the settings; freed with settings_clear()
 *
 * Begins anew when another writer commits meanwhile, but not forever.
 *
 * Return: 0 or a negative errno value, see netlink.h; then both are empty.
 */
int live_read(struct netlink *netlink, struct objects *objects,
	      struct settings *settings);

/**
 * live_retry() - whether to try again what another writer was faster at
 * @error: what came of it
 * @attempts: how often it was tried; 0 in front of the first time
 *
 * For the end of a loop; waits a little, and longer each time.
 *
 * Return: true when @error is -ESTALE, unless that happened often enough.
 */
bool live_retry(int error, unsigned int *attempts);

#endif
