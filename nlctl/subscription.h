/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * To be told of events as they happen.
 */
#ifndef NLCTL_SUBSCRIPTION_H
#define NLCTL_SUBSCRIPTION_H

#include "netlink.h"

/* Groups of events, as bits. */
#define EVENT_DROPS 1u
#define EVENT_ACCEPTS 2u
#define EVENT_CHANGES 4u

/**
 * event_subscribe() - receive events on a connection
 * @netlink: the connection, which must not be used for requests afterwards
 * @wanted: bits of EVENT_*
 *
 * When the module is unloaded, that arrives as the error -ENODEV.
 *
 * Return: 0 or a negative errno value, see netlink.h.
 */
int event_subscribe(struct netlink *netlink, unsigned int wanted);

/**
 * netlink_descriptor() - what to poll() for events
 * @netlink: the connection
 */
int netlink_descriptor(const struct netlink *netlink);

#endif
