/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The maps' keys and values, for policy.bpf.c and for who fills them. Of a key of
 * a trie, length says how many bits count of what comes after it.
 */
#ifndef EBPF_POLICY_H
#define EBPF_POLICY_H

#include <linux/types.h>

/* For any peer, and of an address that no prefix holds. */
#define IDENTITY_ANY 0
#define IDENTITY_WORLD 2

enum direction {
	DIRECTION_INGRESS,
	DIRECTION_EGRESS,
};

/**
 * struct address_key - a prefix of addresses
 * @length: ADDRESS_KEY_BITS and the prefix's own
 * @cluster: 0, the only one
 * @padding: 0
 * @family: AF_INET or AF_INET6
 * @address: of IPv4 in the first 4 bytes, the others 0
 */
struct address_key {
	__u32 length;
	__u16 cluster;
	__u8 padding;
	__u8 family;
	__u32 address[4];
};

#define ADDRESS_KEY_BITS 32

/**
 * struct policy_key - to which packets an entry applies
 * @length: POLICY_KEY_BITS and how many bits of the port count
 * @identity: of the peer
 * @direction: enum direction
 * @protocol: IPPROTO_UDP or IPPROTO_TCP
 * @port: the destination's
 */
struct policy_key {
	__u32 length;
	__u32 identity;
	__u8 direction;
	__u8 protocol;
	__be16 port;
};

#define POLICY_KEY_BITS 48
#define POLICY_KEY_FULL (POLICY_KEY_BITS + 16)

struct policy_entry {
	__u32 deny;
};

/* What of a packet says to which connection it belongs. */
struct connection4_key {
	__be32 destination;
	__be32 source;
	__be16 destination_port;
	__be16 source_port;
	__u8 protocol;
	__u8 direction;
} __attribute__((packed));

struct connection6_key {
	__u32 destination[4];
	__u32 source[4];
	__be16 destination_port;
	__be16 source_port;
	__u8 protocol;
	__u8 direction;
} __attribute__((packed));

/* last_seen is in nanoseconds since boot. */
struct connection {
	__u64 last_seen;
	__u64 packets;
	__u64 bytes;
};

/* accepted is 1 or 0. */
struct counter_key {
	__u8 accepted;
	__u8 direction;
	__u16 padding;
};

struct counter {
	__u64 packets;
	__u64 bytes;
};

#endif
