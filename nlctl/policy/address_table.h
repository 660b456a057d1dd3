/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses, and who says that they are his own.
 */
#ifndef NLCTL_POLICY_ADDRESS_TABLE_H
#define NLCTL_POLICY_ADDRESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>
#include "policy/objects.h"
#include "policy/prefix_table.h"
#include "policy/problem.h"
#include "policy/touched.h"

struct contest;
struct inhabitant;
struct told_warning;

/**
 * struct claim - a pod says that an address is its own
 * @inhabitant: the pod
 * @address: the address
 * @next: another claim on the address
 */
struct claim {
	struct inhabitant *inhabitant;
	struct address_record *address;
	struct claim *next;
};

/**
 * struct address_record - an address of a pod or of a node
 * @ip: the address; the bytes that its family leaves open are zero
 * @published: the identity that it stood under when changes were collected
 *	last; 0 for none
 * @nodes: how many nodes have it; then no pod owns it
 * @touched: see struct touched
 * @claims: who claims it, in any order
 * @owner: whose it is; NULL when it is nobody's
 * @hh: finds it by @ip
 */
struct address_record {
	struct ip ip;
	uint32_t published;
	uint32_t nodes;
	bool touched;
	struct claim *claims;
	struct inhabitant *owner;
	UT_hash_handle hh;
};

/**
 * struct address_table - all addresses; start with zeroes, but for @touched
 * @records: finds them by address
 * @prefixes: counts them
 * @contests: those that somebody claims who does not own them
 * @told: warnings that were told and still hold
 * @contests_changed: some warning may have come or gone
 * @touched: receives what changes
 *
 * Of several pods with one address the one on this node owns it, then the one
 * that is not being deleted, then the one that runs, then the first by key. Who
 * claims an address that a node has is taken for a pod of the host network, and
 * owns none of what it claims.
 */
struct address_table {
	struct address_record *records;
	struct prefix_table prefixes;
	struct contest *contests;
	struct told_warning *told;
	bool contests_changed;
	struct touched *touched;
};

/**
 * address_table_claim() - say which addresses a pod claims
 * @table: the table
 * @inhabitant: the pod; what it claimed before and does not now it gives up
 * @ips: the addresses
 * @count: length of @ips
 */
void address_table_claim(struct address_table *table,
			 struct inhabitant *inhabitant, const struct ip *ips,
			 size_t count);

/**
 * address_table_rank() - settle again what a pod claims
 * @table: the table
 * @inhabitant: the pod, which has another rank among those that claim the same
 */
void address_table_rank(struct address_table *table,
			struct inhabitant *inhabitant);

/* A node has the address, or has it no longer. */
void address_table_add_node(struct address_table *table, const struct ip *ip);
void address_table_remove_node(struct address_table *table,
			       const struct ip *ip);

/**
 * address_table_warn() - tell of claims that were not followed
 * @table: the table
 * @problems: receives a warning for each that was not told of before, or not
 *	in these words
 */
void address_table_warn(struct address_table *table, struct problems *problems);

/* Forget an address that nobody has and that the kernel does not know. */
void address_table_sweep(struct address_table *table,
			 struct address_record *address);

/* Free what the table owns. */
void address_table_clear(struct address_table *table);

#endif
