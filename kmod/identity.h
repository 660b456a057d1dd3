/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_IDENTITY_H
#define PODWALL_IDENTITY_H

#include <linux/refcount.h>
#include <linux/types.h>

/**
 * struct podwall_identity - an identity that addresses have
 * @id: allotted by userspace; never 0
 * @users: addresses that have it; a free number has none
 * @next: number of the next identity of its chain; 0 ends it
 */
struct podwall_identity {
	u32 id;
	u32 users;
	u32 next;
};

/**
 * struct podwall_identities - small numbers for the identities of addresses
 * @references: policies that hold it
 * @count: numbers in use or free; 0 is no identity
 * @room: entries that fit
 * @head_bits: logarithm of the number of chains
 * @free: chain of the numbers that may be taken
 * @waiting: chain of those freed before @grace_period began
 * @freed: chain of those freed since
 * @grace_period: after which no packet remembers those in @waiting
 * @entries: by number
 * @heads: chains by hash of the id
 */
struct podwall_identities {
	refcount_t references;
	u32 count;
	u32 room;
	u32 head_bits;
	u32 free;
	u32 waiting;
	u32 freed;
	unsigned long grace_period;
	struct podwall_identity *entries;
	u32 *heads;
};

struct podwall_identities *podwall_identities_create(void);
struct podwall_identities *
podwall_identities_clone(const struct podwall_identities *identities);
struct podwall_identities *
podwall_identities_get(struct podwall_identities *identities);
void podwall_identities_put(struct podwall_identities *identities);
size_t podwall_identities_size(const struct podwall_identities *identities);

u32 podwall_identities_take(struct podwall_identities *identities, u32 id);
void podwall_identities_sweep(struct podwall_identities *identities);
u32 podwall_identities_find(const struct podwall_identities *identities,
			    u32 id);

#endif
