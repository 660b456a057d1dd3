/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_NODE_H
#define PODWALL_MODEL_NODE_H

#include "counts.h"
#include "error.h"
#include "ip.h"
#include "pool.h"
#include "world.h"

struct podwall_policy;
struct podwall_transaction;

/**
 * struct node - podwall on a node, and what it should be doing
 * @live: the policy; its reference is the node's
 * @world: what @live should hold
 * @counts: what should have been counted
 * @generation: commits so far
 * @error: of the last commit
 */
struct node {
	struct podwall_policy *live;
	struct world world;
	struct counts counts;
	u64 generation;
	struct podwall_error error;
};

struct podwall_ip node_ip(const struct address *address);
struct podwall_network node_network(const struct network *network);

void node_begin(struct node *node);
struct podwall_policy *node_build(struct node *node,
				  const struct list *changes);
int node_commit(struct node *node, const struct list *changes,
		const struct world *world);
void node_end(struct node *node);

#endif
