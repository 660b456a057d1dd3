/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What events have touched since the changes were collected last.
 */
#ifndef NLCTL_POLICY_TOUCHED_H
#define NLCTL_POLICY_TOUCHED_H

#include <stdbool.h>
#include <stddef.h>

struct address_record;
struct draft;
struct identity;
struct inhabitant;
struct namespace_record;
struct peer_entry;

/**
 * struct touched - lists of what has to be looked at again; start with zeroes
 * @identities: they may have come to life, died, or become local
 * @identity_count: length of @identities
 * @addresses: another pod may own them, or one of another identity, or one that
 *	came to life or died
 * @address_count: length of @addresses
 * @inhabitants: pods of this node that may look otherwise
 * @inhabitant_count: length of @inhabitants
 * @namespaces: they came, went, or have other labels or modes
 * @namespace_count: length of @namespaces
 * @drafts: other policies, or peers, may be theirs
 * @draft_count: length of @drafts
 * @peers: they may have other members, or nobody that asks for them
 * @peer_count: length of @peers
 * @used: identities whose first use by a peer came, or whose last went
 * @used_count: length of @used
 * @nodes: the labels or addresses of a node changed
 *
 * Each is in its list once, and knows by a mark of its own. Nothing in here is
 * freed before the lists are emptied.
 */
struct touched {
	struct identity **identities;
	size_t identity_count;
	struct address_record **addresses;
	size_t address_count;
	struct inhabitant **inhabitants;
	size_t inhabitant_count;
	struct namespace_record **namespaces;
	size_t namespace_count;
	struct draft **drafts;
	size_t draft_count;
	struct peer_entry **peers;
	size_t peer_count;
	struct identity **used;
	size_t used_count;
	bool nodes;
};

/* Put something into its list, unless it is there. */
void touch_identity(struct touched *touched, struct identity *identity);
void touch_address(struct touched *touched, struct address_record *address);
void touch_inhabitant(struct touched *touched, struct inhabitant *inhabitant);
void touch_namespace(struct touched *touched,
		     struct namespace_record *namespace);
void touch_draft(struct touched *touched, struct draft *draft);
void touch_peer(struct touched *touched, struct peer_entry *peer);
void touch_use(struct touched *touched, struct identity *identity);

/* Touch all addresses that a pod owns, or that all pods of an identity do. */
void touch_owned(struct touched *touched, const struct inhabitant *inhabitant);
void touch_addresses(struct touched *touched, const struct identity *identity);

/* Whether any list has something. */
bool touched_any(const struct touched *touched);

/* Free the lists; what was in them may be freed before. */
void touched_clear(struct touched *touched);

#endif
