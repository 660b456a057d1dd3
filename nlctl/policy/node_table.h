/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nodes, and the addresses that they take.
 */
#ifndef NLCTL_POLICY_NODE_TABLE_H
#define NLCTL_POLICY_NODE_TABLE_H

#include <stdbool.h>
#include <uthash.h>
#include "policy/address_table.h"
#include "policy/model.h"
#include "policy/touched.h"

/** struct node_record - a node, found by its name */
struct node_record {
	const struct cluster_node *node;
	UT_hash_handle hh;
};

/**
 * struct node_table - all nodes; start with zeroes, but for @borrows,
 * @addresses and @touched
 * @borrows: the nodes that are put in stay those of who puts them in
 * @records: finds them by name
 * @addresses: is told which addresses nodes have
 * @touched: receives what changes
 */
struct node_table {
	bool borrows;
	struct node_record *records;
	struct address_table *addresses;
	struct touched *touched;
};

/**
 * node_table_put() - put a node in, in the place of one of its name
 * @table: the table
 * @node: the node; taken over unless the table borrows
 *
 * One with the labels and addresses of before touches nothing.
 */
void node_table_put(struct node_table *table, const struct cluster_node *node);

/* Take a node out; false when there is none of that name. */
bool node_table_remove(struct node_table *table, const char *name);

/* Free what the table owns; its address table keeps what it was told. */
void node_table_clear(struct node_table *table);

#endif
