/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random packets for a policy to classify.
 */
#ifndef CACHE_DRAW_H
#define CACHE_DRAW_H

#include <linux/types.h>

#include "ip.h"

struct objects;
struct podwall_policy;
struct podwall_row;

/** enum cache_peers - where the other end of the packets is */
enum cache_peers {
	/* An address with an identity. */
	CACHE_PEERS_KNOWN,
	/* Inside a block of a peer set, without identity. */
	CACHE_PEERS_EXTERNAL,
	CACHE_PEERS,
};

/** struct cache_packet - what is asked about it */
struct cache_packet {
	const struct podwall_row *row;
	struct podwall_ip peer;
	u8 protocol;
	u16 port;
};

void cache_draw(const struct podwall_policy *policy,
		const struct objects *objects, enum cache_peers peers,
		struct cache_packet *packet);

#endif
