/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_KUNIT_PEERS_H
#define PODWALL_KUNIT_PEERS_H

#include <kunit/test.h>
#include <linux/types.h>

#include "array.h"
#include "membership.h"

struct draft_peer_set;
struct podwall_ip;
struct podwall_peer_set;
struct podwall_regions;
struct podwall_row;
struct podwall_rule_set;

/**
 * struct peers - what regions and rows are made of
 * @sets: of struct podwall_peer_set pointers, references owned; by id
 * @identities: owned; from 1 on, each its own number
 * @regions: owned; of @sets
 * @membership: of all those
 */
struct peers {
	struct podwall_array sets;
	struct podwall_identities *identities;
	struct podwall_regions *regions;
	struct podwall_membership membership;
};

void peers_begin(struct kunit *test, struct peers *peers,
		 const struct draft_peer_set *drafts, size_t count,
		 u32 identities);
void peers_end(struct peers *peers);
void peers_replace(struct kunit *test, struct peers *peers,
		   const struct draft_peer_set *draft);
u32 peers_take(struct kunit *test, struct peers *peers, u32 identity);
void peers_refresh(struct kunit *test, struct peers *peers);
u32 peers_region(const struct peers *peers, const char *ip);

void peers_add_set(struct kunit *test, struct podwall_array *sets,
		   struct podwall_peer_set *set);
void peers_add_drafts(struct kunit *test, struct podwall_array *sets,
		      const struct draft_peer_set *drafts, size_t count);
void peers_free_sets(struct podwall_array *sets);
struct podwall_regions *peers_build_regions(struct kunit *test,
					    const struct podwall_array *sets,
					    const struct podwall_regions *old);
u64 peers_first_low(const struct podwall_regions *regions, u8 family,
		    u32 index);
u64 peers_first_high(const struct podwall_regions *regions, u8 family,
		     u32 index);
struct podwall_row *peers_build_programs(struct kunit *test,
					 const struct peers *peers,
					 const struct podwall_rule_set *set);

#endif
