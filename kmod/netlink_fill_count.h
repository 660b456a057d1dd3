/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_NETLINK_FILL_COUNT_H
#define PODWALL_NETLINK_FILL_COUNT_H

struct podwall_count;
struct podwall_traffic_counts;
struct sk_buff;

/* What all kinds of traffic take in a message, in bytes, with room to spare. */
#define PODWALL_FILL_TRAFFIC_ROOM 2048

/** struct podwall_count_types - where in an attribute set a count stands */
struct podwall_count_types {
	int connections;
	int packets;
	int bytes;
	int pad;
};

int podwall_fill_count(struct sk_buff *skb,
		       const struct podwall_count_types *types,
		       const struct podwall_count *count);
int podwall_fill_traffic(struct sk_buff *skb, int type,
			 const struct podwall_traffic_counts *counts);

#endif
