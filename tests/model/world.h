/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_WORLD_H
#define PODWALL_MODEL_WORLD_H

#include <linux/types.h>

#include "pool.h"

/*
 * What podwall should hold, kept in the plainest way and apart from it: the
 * objects of docs/design.md. None of them changes once it is made.
 */

/** struct address - @bits is 32 or 128; bytes beyond are 0 */
struct address {
	u8 bits;
	u8 bytes[16];
};

struct network {
	struct address base;
	u8 length;
};

struct host {
	struct address address;
	u32 identity;
};

/** struct block - @excepts: of struct network */
struct block {
	struct network network;
	struct list excepts;
};

/** struct peers - a peer set; @blocks: of struct block */
struct peers {
	u32 id;
	const char *name;
	u32 identity_count;
	u32 identities[12];
	struct list blocks;
};

struct ports {
	u8 protocol;
	u16 first;
	u16 last;
};

/** struct rule - no peers and not @any_peer cannot be; likewise ports */
struct rule {
	u8 tier;
	u8 action;
	u32 priority;
	u64 cookie;
	bool any_peer;
	bool any_port;
	u32 peers_count;
	u32 peers[4];
	u32 ports_count;
	struct ports ports[4];
};

/** struct rules - a rule set; @list: of struct rule */
struct rules {
	u32 id;
	u8 direction;
	bool isolated;
	bool isolation_audited;
	struct list list;
};

struct pod {
	const char *key;
	const char *uid;
	u8 mode;
	u32 ingress;
	u32 egress;
	u32 ingress_enforced;
	u32 egress_enforced;
	u32 address_count;
	struct address addresses[3];
};

/** struct limits - 0 leaves a limit as it is initially */
struct limits {
	u32 addresses;
	u32 peer_sets;
	u32 rule_sets;
	u32 pods;
	u32 rules;
	u32 members;
};

/** struct settings - @guarded: of struct network */
struct settings {
	struct list guarded;
	bool judges_node_access;
	struct limits limits;
};

/**
 * struct world - what is in force
 * @hosts: of struct host
 * @peer_sets: of struct peers
 * @rule_sets: of struct rules
 * @pods: of struct pod
 */
struct world {
	struct list hosts;
	struct list peer_sets;
	struct list rule_sets;
	struct list pods;
	const struct settings *settings;
};

bool address_equal(const struct address *a, const struct address *b);
bool address_bit(const struct address *address, unsigned int bit);
void address_set_bit(struct address *address, unsigned int bit, bool value);
bool address_step(struct address *address, bool up);
struct address network_last(const struct network *network);
bool network_holds(const struct network *network,
		   const struct address *address);

struct host *world_host(const struct world *world,
			const struct address *address);
struct peers *world_peers(const struct world *world, u32 id);
struct rules *world_rules(const struct world *world, u32 id);
struct pod *world_pod(const struct world *world, const char *key);
struct pod *world_owner(const struct world *world,
			const struct address *address);
u32 peers_members(const struct peers *peers);

#endif
