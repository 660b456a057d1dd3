/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule sets of an identity that has pods on this node.
 */
#ifndef NLCTL_POLICY_DRAFT_H
#define NLCTL_POLICY_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include "policy/identity.h"
#include "policy/objects.h"
#include "policy/peer_table.h"
#include "policy/policy_table.h"
#include "policy/rule_table.h"
#include "policy/service_index.h"

/* The rule sets of a pod: those of both directions, and those that say what of
 * them is enforced.
 */
enum {
	PART_INGRESS,
	PART_EGRESS,
	PART_INGRESS_ENFORCED,
	PART_EGRESS_ENFORCED,
	PARTS
};

/**
 * struct part - one of the rule sets
 * @exists: the pods need it
 * @rule_set: it on its way from draft_build() to draft_settle(): its rules refer
 *	to peers by handle
 * @content: what it is; NULL when there is none
 */
struct part {
	bool exists;
	struct rule_set rule_set;
	struct rule_content *content;
};

/**
 * struct draft - what the pods of an identity share: by definition policies and
 * rules treat them alike
 * @identity: the identity; NULL for a draft that waits to be freed
 * @parts: its rule sets
 * @peers: the peers that it asked for
 * @services: the named ports that it asked for
 * @touched: see struct touched
 */
struct draft {
	struct identity *identity;
	struct part parts[PARTS];
	struct peer_use *peers;
	struct service_use *services;
	bool touched;
};

/* A draft for an identity, touched, to be built. */
struct draft *draft_new(struct touched *touched, struct identity *identity);

/**
 * draft_free() - take back all that a draft uses, and free it
 * @draft: the draft
 * @peers: the peers that it asked for
 * @rules: its rule sets
 */
void draft_free(struct draft *draft, struct peer_table *peers,
		struct rule_table *rules);

/**
 * draft_build() - build the rule sets anew
 * @draft: the draft
 * @policies: the policies
 * @peers: receives the peers that its rules refer to
 */
void draft_build(struct draft *draft, const struct policy_table *policies,
		 struct peer_table *peers);

/**
 * draft_settle() - let the rule sets that were built be those of the draft
 * @draft: a draft that was built
 * @peers: its peers, which have ids now
 * @rules: receives the rule sets
 */
void draft_settle(struct draft *draft, const struct peer_table *peers,
		  struct rule_table *rules);

/* The id of a part, which has one after rule_table_number(); 0 for none. */
uint32_t draft_id(const struct draft *draft, size_t part);

#endif
