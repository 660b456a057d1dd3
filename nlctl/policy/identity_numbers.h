/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The numbers of identities.
 */
#ifndef NLCTL_POLICY_IDENTITY_NUMBERS_H
#define NLCTL_POLICY_IDENTITY_NUMBERS_H

#include "policy/identity.h"
#include "policy/numbers.h"
#include "policy/objects.h"

/* Order identities by the key of the first of their pods, so that those of a
 * namespace stand together; those that own no address come last.
 */
void identities_sort(struct identity **identities, size_t count);

/**
 * identities_number() - give numbers to identities that a peer has
 * @numbers: those that are taken
 * @identities: the identities; sorted by this function
 * @count: length of @identities
 * @live: objects whose numbers are kept where possible, or NULL: a number goes
 *	to the identity that most of its addresses stand under now
 */
void identities_number(struct numbers *numbers, struct identity **identities,
		       size_t count, const struct objects *live);

#endif
