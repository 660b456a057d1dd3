/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_NAIVE_H
#define PODWALL_MODEL_NAIVE_H

#include <linux/types.h>

#include "world.h"

/** struct question - what a rule set is asked about */
struct question {
	struct address peer;
	u8 protocol;
	bool has_port;
	u16 port;
	bool skips_policy_tier;
};

/**
 * struct answer - @rule: index of the rule that decided, or -1; @audited: it
 * is a denial that is not in force, whatever the pod's mode
 */
struct answer {
	u8 verdict;
	u8 reason;
	u8 tier;
	int rule;
	bool audited;
};

/** struct flow - a connection */
struct flow {
	struct address client;
	struct address server;
	u8 protocol;
	bool has_port;
	u16 port;
	bool translated;
	bool from_node;
	bool to_node;
};

struct answer naive_evaluate(const struct world *world,
			     const struct rules *rules,
			     const struct question *question);
struct answer naive_egress(const struct world *world, const struct flow *flow);
struct answer naive_ingress(const struct world *world, const struct flow *flow);

#endif
