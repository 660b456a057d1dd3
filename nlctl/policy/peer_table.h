/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The peers that rules refer to, each once, whatever policies name it.
 */
#ifndef NLCTL_POLICY_PEER_TABLE_H
#define NLCTL_POLICY_PEER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "policy/model.h"
#include "policy/numbers.h"
#include "policy/objects.h"
#include "policy/population.h"
#include "policy/service_index.h"
#include "policy/touched.h"

struct peer_alias;

/**
 * struct peer_use - a draft asked for a peer
 * @peer: the peer
 * @draft: who asked
 * @build: in which of its builds
 * @prev: the use before this one of the peer
 * @next: the one behind
 * @other: another use by the draft
 */
struct peer_use {
	struct peer_entry *peer;
	struct draft *draft;
	uint64_t build;
	struct peer_use *prev;
	struct peer_use *next;
	struct peer_use *other;
};

/**
 * struct peer_entry - a peer, and what it holds
 * @text: says what it holds, in whole; no two peers have the same
 * @peer: a copy of the from or to entry
 * @namespace: the only namespace that it is about; NULL for others, and for
 *	blocks and nodes
 * @serving: only pods that serve @service
 * @service: owns its name
 * @handle: what rules of drafts call it
 * @member_count: how many identities it holds
 * @left: numbers in @published whose identities it holds no longer
 * @left_count: length of @left
 * @joined: identities that it holds and @published does not
 * @joined_count: length of @joined
 * @blocks: its blocks, ordered
 * @block_count: length of @blocks
 * @changed: @blocks, @left or @joined are others than were collected
 * @id: number of its peer set; 0 for none
 * @name: of its peer set
 * @published: the set as it was collected; without name if it was not
 * @uses: who asks for it
 * @touched: see struct touched
 * @prev: the one before of its kind (of its namespace, or of all the others)
 * @next: the one behind
 * @hh: finds it by @text
 * @by_name: finds it by @name
 */
struct peer_entry {
	char *text;
	struct policy_peer peer;
	struct namespace_record *namespace;
	bool serving;
	struct service service;
	uint32_t handle;
	size_t member_count;
	uint32_t *left;
	size_t left_count;
	struct identity **joined;
	size_t joined_count;
	struct block *blocks;
	size_t block_count;
	bool changed;
	uint32_t id;
	char *name;
	struct peer_set published;
	struct peer_use *uses;
	bool touched;
	struct peer_entry *prev;
	struct peer_entry *next;
	UT_hash_handle hh;
	UT_hash_handle by_name;
};

/**
 * struct peer_table - all peers; start with zeroes, but for @population,
 * @services and @touched
 * @population: the pods and nodes that peers select
 * @services: the ports that they serve
 * @touched: receives peers and drafts that have to be seen to
 * @entries: finds peers by text
 * @by_handle: the peers by handle
 * @handle_count: length of @by_handle
 * @handles: those that are taken, from 1
 * @wide: peers about pods of any namespace
 * @fixed: all other peers but those of one namespace: of blocks and of nodes
 * @names: finds peers by the names of their sets
 * @ids: the ids of sets that are taken
 * @aliases: finds the text of a from or to entry
 * @searches: how many searches there were (peer_search.c)
 * @draft: the draft that is being built
 * @build: number of that build
 * @peer_uses: what it has asked for
 * @service_uses: likewise
 */
struct peer_table {
	struct population *population;
	struct service_index *services;
	struct touched *touched;
	struct peer_entry *entries;
	struct peer_entry **by_handle;
	size_t handle_count;
	struct numbers handles;
	struct peer_entry *wide;
	struct peer_entry *fixed;
	struct peer_entry *names;
	struct numbers ids;
	struct peer_alias *aliases;
	uint64_t searches;
	struct draft *draft;
	uint64_t build;
	struct peer_use *peer_uses;
	struct service_use *service_uses;
};

/**
 * peer_table_begin() - begin to build a draft
 * @table: the table
 * @draft: who asks from now on
 */
void peer_table_begin(struct peer_table *table, struct draft *draft);

/**
 * peer_table_find() - the peer of a policy
 * @table: the table
 * @peer: a from or to entry
 * @namespace: namespace of its policy; NULL for one that all peers of which
 *	name their namespaces
 *
 * Return: handle of the peer, which is added if need be; it may be empty.
 */
uint32_t peer_table_find(struct peer_table *table,
			 const struct policy_peer *peer, const char *namespace);

/**
 * peer_table_find_serving() - the part of a peer that serves a named port
 * @table: the table
 * @peer: a to entry, or NULL for every pod
 * @namespace: namespace of its policy
 * @service: the port
 * @handle: set to the handle of that part
 *
 * Return: false when the peer has no such pod.
 */
bool peer_table_find_serving(struct peer_table *table,
			     const struct policy_peer *peer,
			     const char *namespace,
			     const struct service *service, uint32_t *handle);

/* Take back all that was asked in a list of uses. */
void peer_table_drop(struct peer_table *table, struct peer_use *uses);

/* Forget the addresses of the peers of some rules, which are about to be
 * freed.
 */
void peer_table_forget(struct peer_table *table,
		       const struct policy_rule *rules, size_t count);

/* Whether it holds pods, by their labels: it is no block, and none of nodes. */
bool peer_is_of_pods(const struct peer_entry *peer);

/* Whether rules refer to it: who asks for a part without pods makes no rule. */
bool peer_is_wanted(const struct peer_entry *peer);

/* Note that a peer holds others than before. */
void peer_changed(struct peer_table *table, struct peer_entry *peer);

/* Have those who ask for a peer look again whether it has anybody. */
void peer_touch_drafts(const struct peer_table *table,
		       const struct peer_entry *peer);

/* Free a peer that nobody asks for, and that was emptied. */
void peer_table_remove(struct peer_table *table, struct peer_entry *peer);

/* Free what the table owns. */
void peer_table_clear(struct peer_table *table);

#endif
