/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a compiler consists of; for compiler.c and the files it is split into.
 */
#ifndef NLCTL_POLICY_COMPILER_STATE_H
#define NLCTL_POLICY_COMPILER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include "policy/compiler.h"
#include "policy/draft.h"
#include "policy/numbers.h"
#include "policy/peer_table.h"
#include "policy/policy_table.h"
#include "policy/population.h"
#include "policy/rule_table.h"
#include "policy/service_index.h"
#include "policy/touched.h"

/**
 * struct outdated - what changes were collected from, until the next ones are
 * @peer_sets: each in memory of its own, as the other two
 * @peer_set_count: length of @peer_sets
 * @contents: no longer in the rule table
 * @content_count: length of @contents
 * @pods: pods
 * @pod_count: length of @pods
 * @addresses: one array for what was and is
 */
struct outdated {
	struct peer_set **peer_sets;
	size_t peer_set_count;
	struct rule_content **contents;
	size_t content_count;
	struct pod **pods;
	size_t pod_count;
	struct address *addresses;
};

/**
 * struct compiler - see the DOC block in compiler.c
 * @node: name of this node, or NULL
 * @touched: what events touched
 * @population: pods, namespaces and nodes
 * @policies: policies
 * @services: named ports
 * @peers: the peers of policies
 * @rules: rule sets
 * @numbers: of identities
 * @numbered: numbers were allotted before, and stay
 * @outdated: what the last changes point to
 * @counts: of what was collected
 */
struct compiler {
	char *node;
	struct touched touched;
	struct population population;
	struct policy_table policies;
	struct service_index services;
	struct peer_table peers;
	struct rule_table rules;
	struct numbers numbers;
	bool numbered;
	struct outdated outdated;
	struct compiler_counts counts;
};

#endif
