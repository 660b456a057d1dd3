/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names and ids of peer sets.
 */
#ifndef NLCTL_POLICY_PEER_IDS_H
#define NLCTL_POLICY_PEER_IDS_H

#include "policy/peer_table.h"

/**
 * peers_number() - give names and ids to peers that rules refer to
 * @table: the table; those that were touched are looked at
 * @live: objects whose ids are kept for sets of the same name, or NULL
 *
 * A name is the text of what the peer holds, cut to what the kernel takes. It
 * stays as long as the peer, and so does the id as long as rules refer to it.
 */
void peers_number(struct peer_table *table, const struct objects *live);

#endif
