/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The addresses of peers that hold no identities: blocks, those pods inside of a
 * block that serve a named port, and nodes.
 */
#ifndef NLCTL_POLICY_PEER_BLOCKS_H
#define NLCTL_POLICY_PEER_BLOCKS_H

#include "policy/peer_table.h"

/* Find all addresses of a peer of a block or of nodes. */
void peer_fill_blocks(struct peer_table *table, struct peer_entry *peer);

/**
 * peer_table_refill_blocks() - see to the parts of blocks that serve ports
 * @table: the table
 *
 * Only touched addresses are looked at: those that have got another owner, whose
 * owner has got another identity, or the identity of which came to life or died.
 */
void peer_table_refill_blocks(struct peer_table *table);

/* Fill the peers of nodes anew. */
void peer_table_refill_nodes(struct peer_table *table);

#endif
