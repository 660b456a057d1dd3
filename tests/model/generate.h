/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_GENERATE_H
#define PODWALL_MODEL_GENERATE_H

#include "world.h"

/** struct scale - how much of everything there may be */
struct scale {
	u32 hosts;
	u32 identities;
	u32 peer_sets;
	u32 blocks;
	u32 excepts;
	u32 rule_sets;
	u32 rules;
	u32 pods;
};

struct address generate_address(void);
struct address generate_within(const struct network *network);
struct network generate_network(void);
struct network generate_related(const struct network *to);
u32 generate_id(u32 count);
struct host *generate_host(const struct scale *scale);
struct peers *generate_peers(const struct scale *scale, u32 id);
struct rules *generate_rules(const struct scale *scale, u32 id);
struct pod *generate_pod(const struct world *world, u32 index);
struct settings *generate_settings(const struct world *world,
				   const struct scale *scale);

#endif
