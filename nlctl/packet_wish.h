/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which packet is waited for.
 */
#ifndef NLCTL_PACKET_WISH_H
#define NLCTL_PACKET_WISH_H

#include <stdbool.h>
#include <sys/types.h>

#include "packet.h"

/**
 * struct packet_wish - which packet is waited for
 * @pod: key of the pod that is one of its ends; of the bytes that names of
 *	Kubernetes have alone
 * @denied: only one that is denied, in audit mode too
 * @direction: only one that was judged for the pod in this direction; 0 for
 *	either
 */
struct packet_wish {
	const char *pod;
	bool denied;
	enum podwall_direction direction;
};

/**
 * packet_wish_filter() - a wish as the kernel's filters of tracepoints have it
 * @wish: the wish
 * @netns: inode of the network namespace
 *
 * It may let packets of other pods pass, too.
 *
 * Return: the filter, which the caller frees.
 */
char *packet_wish_filter(const struct packet_wish *wish, ino_t netns);

/**
 * packet_wish_matches() - whether a packet that passes is of the pod
 * @wish: the wish
 * @packet: its pods
 */
bool packet_wish_matches(const struct packet_wish *wish,
			 const struct packet *packet);

#endif
