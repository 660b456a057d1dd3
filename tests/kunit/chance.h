/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_KUNIT_CHANCE_H
#define PODWALL_KUNIT_CHANCE_H

#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/types.h>

struct draft_block;
struct draft_peer_set;
struct podwall_port_range;
struct podwall_query;
struct podwall_rule_set;

/* Few values each, so that random rules meet random questions. */
#define CHANCE_IDENTITIES 12

struct podwall_ip chance_ip(struct rnd_state *random);
void chance_block(struct rnd_state *random, struct draft_block *block);
void chance_peer_set(struct rnd_state *random, struct draft_peer_set *set,
		     u32 id);
struct podwall_port_range chance_range(struct rnd_state *random);
struct podwall_rule_set *chance_rule_set(struct kunit *test,
					 struct rnd_state *random, u32 id,
					 u32 rules, u32 peer_sets);
void chance_query(struct rnd_state *random, struct podwall_query *query);

#endif
