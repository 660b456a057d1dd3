/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where addresses lie, roughly.
 */
#ifndef NLCTL_POLICY_PREFIX_TABLE_H
#define NLCTL_POLICY_PREFIX_TABLE_H

#include <stdbool.h>
#include "policy/objects.h"

struct prefix;

/**
 * struct prefix_table - how many addresses begin alike; start with zeroes
 * @prefixes: finds them by the first 24 bits of IPv4, or 64 of IPv6: mostly
 *	the block that a node has for its pods
 */
struct prefix_table {
	struct prefix *prefixes;
};

/* Count an address, or count it no longer. */
void prefix_table_add(struct prefix_table *table, const struct ip *ip);
void prefix_table_remove(struct prefix_table *table, const struct ip *ip);

/**
 * prefix_table_meets() - whether a network may have any of the addresses
 * @table: the table
 * @network: the network
 *
 * Return: false only if it has none.
 */
bool prefix_table_meets(const struct prefix_table *table,
			const struct network *network);

/* Forget all addresses. */
void prefix_table_clear(struct prefix_table *table);

#endif
