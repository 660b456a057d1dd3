/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a peer of pods selects, found without holding it against everybody.
 */
#ifndef NLCTL_POLICY_PEER_SEARCH_H
#define NLCTL_POLICY_PEER_SEARCH_H

#include <stdbool.h>
#include "policy/peer_table.h"

/* Whether a peer of pods is about a namespace; NULL for one that is not there. */
bool peer_selects_namespace(const struct peer_entry *peer,
			    const struct cluster_namespace *namespace);

/* Whether it selects the pods of an identity, if it is about their namespace. */
bool peer_selects_pods(const struct peer_entry *peer,
		       const struct identity *identity);

/**
 * peer_search() - do something with all identities that a peer selects
 * @table: the table
 * @peer: a peer of pods
 * @act: called once for each identity that is known, in any order; must leave
 *	pods and namespaces alone
 *
 * Namespaces are those that are known.
 */
void peer_search(struct peer_table *table, struct peer_entry *peer,
		 void (*act)(struct peer_table *table, struct peer_entry *peer,
			     struct identity *identity));

#endif
