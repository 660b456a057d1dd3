/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Namespaces, and who refers to them.
 */
#ifndef NLCTL_POLICY_NAMESPACE_TABLE_H
#define NLCTL_POLICY_NAMESPACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>
#include "policy/label_index.h"
#include "policy/model.h"
#include "policy/touched.h"

struct identity;
struct peer_entry;

/**
 * struct namespace_record - a namespace, or what refers to one
 * @name: its name
 * @object: the namespace; NULL while nobody put it in, and its pods wait
 * @known: as peers and drafts know it; NULL when they do not
 * @identities: those of its pods
 * @identity_count: how many they are
 * @search: the last search for what a peer selects that found it
 * @policies: its policies, ordered by key
 * @policy_count: length of @policies
 * @peers: entries of the peer table about pods of this namespace only
 * @touched: see struct touched
 * @hh: finds it by @name
 */
struct namespace_record {
	char *name;
	const struct cluster_namespace *object;
	const struct cluster_namespace *known;
	struct identity *identities;
	size_t identity_count;
	uint64_t search;
	const struct network_policy **policies;
	size_t policy_count;
	struct peer_entry *peers;
	bool touched;
	UT_hash_handle hh;
};

/**
 * struct namespace_table - all namespaces; start with zeroes, but for @borrows
 * and @touched
 * @borrows: the namespaces that are put in stay those of who puts them in
 * @records: finds them by name
 * @labels: finds records by the labels that are known
 * @touched: receives what changes
 */
struct namespace_table {
	bool borrows;
	struct namespace_record *records;
	struct label_index labels;
	struct touched *touched;
};

/**
 * namespace_table_intern() - the record of a namespace
 * @table: the table
 * @name: its name
 *
 * Return: the record, which is new if need be, and then waits for its object.
 */
struct namespace_record *namespace_table_intern(struct namespace_table *table,
						const char *name);

/* Whether policies see a pod of that namespace. */
bool namespace_table_inhabited(const struct namespace_table *table,
			       const char *name);

/**
 * namespace_table_put() - put a namespace in, in the place of one of its name
 * @table: the table
 * @namespace: the namespace; taken over unless the table borrows
 *
 * One that says the same as before touches nothing.
 */
void namespace_table_put(struct namespace_table *table,
			 const struct cluster_namespace *namespace);

/* Take a namespace out; false when there is none of that name. */
bool namespace_table_remove(struct namespace_table *table, const char *name);

/**
 * namespace_table_learn() - take a namespace for known as it is
 * @table: the table
 * @namespace: one of its namespaces, after peers and drafts have seen to it
 */
void namespace_table_learn(struct namespace_table *table,
			   struct namespace_record *namespace);

/**
 * namespace_table_sweep() - forget a namespace that nothing refers to
 * @table: the table
 * @record: one that was touched; it loses its mark
 */
void namespace_table_sweep(struct namespace_table *table,
			   struct namespace_record *record);

/* Free what the table owns; identities must not be asked for theirs then. */
void namespace_table_clear(struct namespace_table *table);

#endif
