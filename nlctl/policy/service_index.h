/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Named ports, and the numbers that pods give them.
 */
#ifndef NLCTL_POLICY_SERVICE_INDEX_H
#define NLCTL_POLICY_SERVICE_INDEX_H

#include <stddef.h>
#include <stdint.h>
#include "policy/identity.h"
#include "policy/touched.h"

struct service_name;

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

/**
 * struct service_use - a draft asked for the numbers of a name
 * @service: the name
 * @draft: who asked
 * @build: in which of its builds
 * @prev: the use before this one of the name
 * @next: the one behind
 * @other: another use by the draft
 */
struct service_use {
	struct service_name *service;
	struct draft *draft;
	uint64_t build;
	struct service_use *prev;
	struct service_use *next;
	struct service_use *other;
};

/**
 * struct service_index - all names that are served or asked for; start with
 * zeroes, but for @touched
 * @names: finds them
 * @touched: receives the drafts whose answer changes
 */
struct service_index {
	struct service_name *names;
	struct touched *touched;
};

/* Put the ports of an identity in, or take them out. */
void service_index_add(struct service_index *index,
		       const struct identity *identity);
void service_index_remove(struct service_index *index,
			  const struct identity *identity);

/**
 * service_index_ask() - the numbers that pods give a name
 * @index: the index
 * @name: the port's name
 * @protocol: its protocol
 * @draft: who asks, and wants to be built anew when the answer changes
 * @build: number of its build in hand
 * @uses: its list of uses in this build
 * @count: set to the number of numbers
 *
 * Return: the numbers in order, valid until the index changes.
 */
const uint16_t *service_index_ask(struct service_index *index, const char *name,
				  uint8_t protocol, struct draft *draft,
				  uint64_t build, struct service_use **uses,
				  size_t *count);

/* Take back all that was asked in a list of uses. */
void service_index_drop(struct service_index *index, struct service_use *uses);

/* Free what the index owns; nobody uses it any more. */
void service_index_clear(struct service_index *index);

#endif
