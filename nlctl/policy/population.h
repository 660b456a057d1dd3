/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pods that policies see, with the addresses that are theirs and the
 * identities they stand under; namespaces and nodes.
 */
#ifndef NLCTL_POLICY_POPULATION_H
#define NLCTL_POLICY_POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "policy/address_table.h"
#include "policy/identity.h"
#include "policy/model.h"
#include "policy/namespace_table.h"
#include "policy/node_table.h"
#include "policy/objects.h"
#include "policy/touched.h"

struct file_name;

/**
 * struct local_pod - what is kept of a pod of this node besides
 * @pod: the pod; NULL when it is here no longer, and only the kernel knows it
 * @published: as it was collected last; without key if it was not
 */
struct local_pod {
	const struct cluster_pod *pod;
	struct pod published;
};

/**
 * struct inhabitant - a pod, wherever it is
 * @key: namespace/name
 * @identity: NULL for one of the host network, and one that has ended
 * @claims: the addresses that it says are its own; NULL without @identity
 * @claim_count: length of @claims
 * @owned: how many of them it owns
 * @shared: how many of them are those of nodes; above 0 it owns none
 * @local: it is on this node
 * @runs: its phase is Running
 * @deleting: see struct cluster_pod
 * @gone: it was removed, and waits to be freed
 * @touched: see struct touched
 * @origin: see struct cluster_pod; the file's name belongs to the population
 * @here: more of a pod of this node, or NULL
 * @prev: the one before of the identity; that of the first is the last
 * @next: the one behind
 * @hh: finds it by @key
 */
struct inhabitant {
	char *key;
	struct identity *identity;
	struct claim *claims;
	uint32_t claim_count;
	uint32_t owned;
	uint32_t shared;
	bool local;
	bool runs;
	bool deleting;
	bool gone;
	bool touched;
	struct origin origin;
	struct local_pod *here;
	struct inhabitant *prev;
	struct inhabitant *next;
	UT_hash_handle hh;
};

/**
 * struct population - all of these; population_init() begins one
 * @node: name of this node; NULL when every pod is taken for one of it
 * @borrows: the objects that are put in stay those of who puts them in
 * @namespaces: all namespaces
 * @nodes: all nodes
 * @inhabitants: found by key
 * @identities: all identities
 * @addresses: all addresses
 * @pods: how many inhabitants are there and not gone
 * @files: names of files that pods were read from
 * @touched: receives what changes
 *
 * Left out are pods of the host network, those that have ended and those
 * without address; of pods of other nodes no more is kept than what decides.
 */
struct population {
	const char *node;
	bool borrows;
	struct namespace_table namespaces;
	struct node_table nodes;
	struct inhabitant *inhabitants;
	struct identity_table identities;
	struct address_table addresses;
	size_t pods;
	struct file_name *files;
	struct touched *touched;
};

/**
 * population_init() - begin a population
 * @population: receives it; freed with population_clear()
 * @node: name of this node, which must live as long; NULL when every pod is
 *	taken for one of it
 * @borrows: the objects that are put in stay those of who puts them in
 * @touched: receives what changes
 */
void population_init(struct population *population, const char *node,
		     bool borrows, struct touched *touched);

/**
 * population_put_pod() - put a pod in, in the place of one of its key
 * @population: the population
 * @pod: the pod; taken over unless the population borrows
 */
void population_put_pod(struct population *population,
			const struct cluster_pod *pod);

/* Take a pod out; false when there is none of that key. */
bool population_remove_pod(struct population *population, const char *key);

/* The pod of that key, or NULL. */
struct inhabitant *population_find(const struct population *population,
				   const char *key);

/**
 * population_sweep() - free what nobody needs any more
 * @population: the population
 *
 * It looks through the lists of what was touched, and empties those of its own.
 */
void population_sweep(struct population *population);

/* Free what the population owns. */
void population_clear(struct population *population);

#endif
