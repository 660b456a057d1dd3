/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policies, found by what they are about.
 */
#ifndef NLCTL_POLICY_POLICY_TABLE_H
#define NLCTL_POLICY_POLICY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include "policy/model.h"
#include "policy/peer_table.h"
#include "policy/population.h"
#include "policy/rule_set_builder.h"
#include "policy/touched.h"

struct policy_record;

/**
 * struct policy_table - all policies; start with zeroes, but for @borrows,
 * @population, @peers and @touched
 * @borrows: the policies that are put in stay those of who puts them in
 * @population: has the policies of each namespace
 * @peers: forgets what it knows of policies that are freed
 * @touched: receives the drafts of the pods that a policy is about
 * @policies: finds NetworkPolicies by key
 * @cluster_policies: those of the whole cluster, in the order that they are
 *	judged in
 * @cluster_policy_count: length of @cluster_policies
 */
struct policy_table {
	bool borrows;
	struct population *population;
	struct peer_table *peers;
	struct touched *touched;
	struct policy_record *policies;
	const struct cluster_policy **cluster_policies;
	size_t cluster_policy_count;
};

/* Put a policy in, in the place of one of its key; taken over unless the table
 * borrows.
 */
void policy_table_put(struct policy_table *table,
		      const struct network_policy *policy);
void policy_table_put_cluster(struct policy_table *table,
			      const struct cluster_policy *policy);

/* Take a policy out; false when there is none of that key. */
bool policy_table_remove(struct policy_table *table, const char *key);
bool policy_table_remove_cluster(struct policy_table *table, const char *key);

/* How many NetworkPolicies there are. */
size_t policy_table_count(const struct policy_table *table);

/**
 * policy_table_select() - the policies that concern an identity
 * @table: the table
 * @identity: the identity
 * @direction: the direction
 * @selection: receives them; the caller frees its two lists
 */
void policy_table_select(const struct policy_table *table,
			 const struct identity *identity,
			 enum podwall_direction direction,
			 struct selection *selection);

/* Free what the table owns. */
void policy_table_clear(struct policy_table *table);

#endif
