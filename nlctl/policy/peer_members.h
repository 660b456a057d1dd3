/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The identities that each peer holds.
 */
#ifndef NLCTL_POLICY_PEER_MEMBERS_H
#define NLCTL_POLICY_PEER_MEMBERS_H

#include "policy/peer_table.h"

/* Find all that a new peer holds. */
void peer_fill(struct peer_table *table, struct peer_entry *peer);

/* Let the peers that nobody asks for any more go of all that they hold. */
void peer_table_empty_unused(struct peer_table *table);

/**
 * peer_table_hold() - hold an identity against all peers
 * @table: the table
 * @identity: one that came to life or died, or whose namespace's labels changed
 *
 * Its mark of being known, and its namespace's, say what peers had seen before.
 * A part that serves a port and turns empty, or is no longer so, touches the
 * drafts that asked for it.
 */
void peer_table_hold(struct peer_table *table, struct identity *identity);

/**
 * peer_render() - the peer set that a peer comes to
 * @peer: the peer, whose members all have their numbers
 *
 * Return: a peer set with the name and id of @peer, in the order that struct
 * objects promises; the caller frees it.
 */
struct peer_set peer_render(const struct peer_entry *peer);

/* The peer set is what is known of @peer from now on; taken over. */
void peer_settle(struct peer_entry *peer, const struct peer_set *peer_set);

#endif
