/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a rule set answers a peer, for all protocols and ports at once.
 */
#ifndef NLCTL_GRAPH_RULE_ANSWERS_H
#define NLCTL_GRAPH_RULE_ANSWERS_H

#include <stddef.h>
#include <stdint.h>

#include "graph/peers.h"
#include "graph/port_map.h"
#include "policy/objects.h"

/**
 * DOC: All ports at once
 *
 * Of the rules that match a peer, each claims the intervals of its ports. One
 * sweep along the line of protocols and ports keeps the claims that are open, by
 * tier and in the order of the rules, in a heap for each tier. Between two ends
 * of claims nothing changes, and there the first claim of each tier decides as
 * the tiers do: admin, unless it passes; then the policy tier, or isolation;
 * then baseline; then accept. n claims cost n log n, however their ports overlap.
 *
 * Admin denies TCP 22, the policy tier accepts TCP 1-100 of an isolated pod:
 *
 *	0x060001 to 0x060015 accepted, 0x060016 denied by the admin rule,
 *	0x060017 to 0x060064 accepted, all else denied by isolation
 *
 * Peers that the same rules match get the same map without a sweep.
 */

/**
 * struct rule_answers - a rule set that is asked; start with zeroes and the
 * first three members
 * @objects: that the rule set is of
 * @peers: memberships of the peers
 * @maps: where the answers are kept
 * @rule_set: the rule set
 * @origins: by rule: the number of its origin
 * @peer_bits: by rule: its peer sets as bits of memberships
 * @matching: room for the numbers of the rules that match
 * @by_rules: finds what the same rules answered before
 * @by_membership: by membership: the number of the map plus one; 0 for unknown
 */
struct rule_answers {
	const struct objects *objects;
	const struct peers *peers;
	struct port_maps *maps;
	const struct rule_set *rule_set;
	uint32_t *origins;
	uint32_t **peer_bits;
	uint32_t *matching;
	struct rule_answers_entry *by_rules;
	uint32_t *by_membership;
};

/**
 * rule_answers_open() - prepare to ask a rule set
 * @answers: with @objects, @peers and @maps
 * @rule_set: the rule set
 */
void rule_answers_open(struct rule_answers *answers,
		       const struct rule_set *rule_set);

/**
 * rule_answers_ask() - what it answers a peer
 * @answers: the rule set
 * @membership: of the peer
 *
 * Return: the number of a map. Egress rule sets fill @egress of its segments,
 * ingress rule sets fill @ingress.
 */
uint32_t rule_answers_ask(struct rule_answers *answers, uint32_t membership);

/* Free what the structure owns and zero it; the structure itself stays. */
void rule_answers_clear(struct rule_answers *answers);

#endif
