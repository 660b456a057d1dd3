/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to objects.
 */
#ifndef NLCTL_DECODE_H
#define NLCTL_DECODE_H

#include "netlink.h"
#include "policy/objects.h"

/**
 * read_objects() - list all objects of one generation
 * @netlink: the connection
 * @objects: receives them, ordered; empty after an error
 * @generation: the generation that they have to be of
 *
 * Return: 0; -EAGAIN when the kernel has moved on to another generation; or
 * another negative errno value, see netlink.h.
 */
int read_objects(struct netlink *netlink, struct objects *objects,
		 uint64_t generation);

/**
 * read_pods() - list the pods alone
 * @netlink: the connection
 * @objects: receives the pods; everything else in it is empty
 *
 * Return: as read_objects().
 */
int read_pods(struct netlink *netlink, struct objects *objects);

#endif
