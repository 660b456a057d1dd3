/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The peer sets that rules refer to, each content described once.
 */
#ifndef NLCTL_POLICY_PEER_TABLE_H
#define NLCTL_POLICY_PEER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "policy/cluster.h"
#include "policy/model.h"
#include "policy/objects.h"
#include "policy/population.h"

/**
 * struct service - a named port as some pod serves it
 * @name: the port's name, borrowed
 * @protocol: its protocol
 * @port: its number, host byte order
 */
struct service {
	const char *name;
	uint8_t protocol;
	uint16_t port;
};

struct peer_text;
struct peer_name;
struct peer_use;

/**
 * struct peer_table - peer sets without names and ids yet; start with zeroes
 * @cluster: the nodes that peers select; set by the caller
 * @population: the pods that peers select; set by the caller
 * @peer_sets: the sets, in the order of their first use
 * @count: length of @peer_sets
 * @texts: finds a set by the whole text of what it holds
 * @names: finds a set by name, once it has one
 * @uses: finds a set by the peer of a policy
 */
struct peer_table {
	const struct cluster *cluster;
	const struct population *population;
	struct peer_set *peer_sets;
	size_t count;
	struct peer_text *texts;
	struct peer_name *names;
	struct peer_use *uses;
};

/**
 * peer_table_find() - the peer set of a peer
 * @table: the table
 * @peer: a from or to entry; must outlive the table
 * @namespace: namespace of its policy; NULL for one that all peers of which
 *	name their namespaces
 *
 * Return: index of the set, which is added if need be; it may be empty.
 */
size_t peer_table_find(struct peer_table *table, const struct policy_peer *peer,
		       const char *namespace);

/**
 * peer_table_find_serving() - the part of a peer that serves a named port
 * @table: the table
 * @peer: a to entry, or NULL for every pod
 * @namespace: namespace of its policy
 * @service: the port
 * @index: set to the index of the set
 *
 * Return: false when the peer has no such pod; then there is no set.
 */
bool peer_table_find_serving(struct peer_table *table,
			     const struct policy_peer *peer,
			     const char *namespace,
			     const struct service *service, size_t *index);

/**
 * peer_table_number() - give the sets their names and ids
 * @table: the table
 * @live: objects whose ids are kept for sets of the same name, or NULL
 *
 * A name is the text of what the set holds, cut to what the kernel takes.
 */
void peer_table_number(struct peer_table *table, const struct objects *live);

/**
 * peer_table_clear() - free what a table owns
 * @table: the table
 *
 * A caller that has taken @peer_sets over sets them to NULL and 0 before.
 */
void peer_table_clear(struct peer_table *table);

#endif
