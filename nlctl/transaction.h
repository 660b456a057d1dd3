/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whole changes of the policy, each in one transaction.
 *
 * All functions return 0 or a negative errno value, see netlink.h. After an
 * error nothing has changed; the kernel has dropped the transaction, and the
 * connection is good for reading and for another one.
 */
#ifndef NLCTL_TRANSACTION_H
#define NLCTL_TRANSACTION_H

#include <stdint.h>

#include "encode.h"
#include "netlink.h"
#include "policy/difference.h"
#include "policy/objects.h"

/**
 * transaction_change() - apply a difference
 * @netlink: the connection
 * @since: when it became known what to ask for, by clock_now(); 0 for now
 * @difference: what to change
 * @expected: generation that @difference was computed from
 * @generation: receives the new generation
 *
 * Return: -ESTALE when another writer committed meanwhile.
 */
int transaction_change(struct netlink *netlink, uint64_t since,
		       const struct difference *difference, uint64_t expected,
		       uint64_t *generation);

/**
 * transaction_replace() - replace all objects and settings
 * @netlink: the connection
 * @since: when it became known what to ask for, by clock_now(); 0 for now
 * @objects: all objects
 * @settings: all settings
 * @expected: generation that is to be replaced; NULL for any
 * @generation: receives the new generation
 *
 * Return: -ESTALE when another writer committed meanwhile.
 */
int transaction_replace(struct netlink *netlink, uint64_t since,
			const struct objects *objects,
			const struct settings *settings,
			const uint64_t *expected, uint64_t *generation);

/**
 * transaction_flush() - remove all objects
 * @netlink: the connection
 * @since: when it became known what to ask for, by clock_now(); 0 for now
 * @expected: generation that they were counted at
 * @generation: receives the new generation
 *
 * Return: -ESTALE when another writer committed meanwhile.
 */
int transaction_flush(struct netlink *netlink, uint64_t since,
		      uint64_t expected, uint64_t *generation);

/**
 * transaction_settings() - change settings
 * @netlink: the connection
 * @since: when it became known what to ask for, by clock_now(); 0 for now
 * @change: what to change
 * @expected: generation that is to be changed; NULL for any
 * @generation: receives the new generation
 *
 * Return: -ESTALE when another writer committed meanwhile.
 */
int transaction_settings(struct netlink *netlink, uint64_t since,
			 const struct settings_change *change,
			 const uint64_t *expected, uint64_t *generation);

#endif
