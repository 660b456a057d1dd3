/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Claims on addresses that are not followed, and what is told of them; for
 * address_table.c.
 */
#ifndef NLCTL_POLICY_CLAIM_WARNING_H
#define NLCTL_POLICY_CLAIM_WARNING_H

#include "policy/address_table.h"

/* Note whether somebody claims the address who does not own it. */
void contest_note(struct address_table *table, struct address_record *address);

/* Free what contests and warnings take. */
void claim_warnings_clear(struct address_table *table);

#endif
