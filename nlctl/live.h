/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole state of the module as of one generation.
 */
#ifndef NLCTL_LIVE_H
#define NLCTL_LIVE_H

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
 * live_pause() - wait a little before something is tried again
 * @attempt: how often it was tried; the wait grows with it
 */
void live_pause(unsigned int attempt);

#endif
