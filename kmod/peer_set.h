/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_PEER_SET_H
#define PODWALL_PEER_SET_H

#include <linux/refcount.h>
#include <linux/types.h>

#include "array.h"
#include "ip.h"

struct podwall_error;

/**
 * struct podwall_block - a block of addresses without the exceptions inside it
 * @network: the block
 * @first_except: index of its first exception in the peer set's
 * @except_count: how many follow
 */
struct podwall_block {
	struct podwall_network network;
	u32 first_except;
	u32 except_count;
};

/**
 * struct podwall_peer_set - a named set of identities and blocks
 * @references: policies and transactions that hold it
 * @id: allotted by userspace
 * @identities: of u32; ascending without duplicates once frozen
 * @blocks: of struct podwall_block
 * @excepts: of struct podwall_network; a run for each block
 * @name: unique among the peer sets of a policy
 *
 * A transaction builds it; podwall_peer_set_freeze() ends that. From then on
 * it never changes.
 */
struct podwall_peer_set {
	refcount_t references;
	u32 id;
	struct podwall_array identities;
	struct podwall_array blocks;
	struct podwall_array excepts;
	char name[];
};

struct podwall_peer_set *podwall_peer_set_create(u32 id, const char *name);
int podwall_peer_set_add_identity(struct podwall_peer_set *set, u32 identity);
struct podwall_block *
podwall_peer_set_add_block(struct podwall_peer_set *set,
			   const struct podwall_network *network);
int podwall_peer_set_add_except(struct podwall_peer_set *set,
				struct podwall_block *block,
				const struct podwall_network *except);
const struct podwall_network *
podwall_peer_set_find_except(const struct podwall_peer_set *set,
			     const struct podwall_block *block,
			     const struct podwall_network *network);
void podwall_peer_set_freeze(struct podwall_peer_set *set);

struct podwall_peer_set *podwall_peer_set_get(struct podwall_peer_set *set);
void podwall_peer_set_put(struct podwall_peer_set *set);

u32 podwall_peer_set_members(const struct podwall_peer_set *set);
size_t podwall_peer_set_size(const struct podwall_peer_set *set);
bool podwall_peer_set_same_blocks(const struct podwall_peer_set *a,
				  const struct podwall_peer_set *b);

bool podwall_peer_set_holds(const struct podwall_peer_set *set, u32 identity,
			    const struct podwall_ip *ip);
struct podwall_peer_set *
podwall_peer_set_find(const struct podwall_array *peer_sets, u32 id);

#endif
