/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What pods have in common that every rule treats alike.
 */
#ifndef NLCTL_POLICY_IDENTITY_H
#define NLCTL_POLICY_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "policy/label_index.h"
#include "policy/model.h"

struct draft;
struct inhabitant;
struct namespace_record;

/**
 * struct identity - what pods of one namespace, of equal labels and of equal
 * named ports have in common
 * @key: all of that in one piece of memory, which @labels and @ports point into
 * @key_length: bytes of @key
 * @namespace: the namespace
 * @labels: the labels
 * @ports: the named ports
 * @port_count: length of @ports
 * @inhabitants: its pods, those of this node first; none while it waits to be
 *	freed
 * @draft: the rule sets of its pods; NULL while none of them is on this node
 * @owning: how many of its pods own an address
 * @number: allotted while a peer has it; else 0
 * @uses: how many peers have it
 * @known: peers and services know it
 * @touched: see struct touched
 * @use_touched: likewise
 * @previous: the one before in its namespace
 * @next: the one behind
 * @hh: finds it by @key
 */
struct identity {
	void *key;
	size_t key_length;
	struct namespace_record *namespace;
	struct labels labels;
	struct container_port *ports;
	size_t port_count;
	struct inhabitant *inhabitants;
	struct draft *draft;
	uint32_t owning;
	uint32_t number;
	uint32_t uses;
	bool known;
	bool touched;
	bool use_touched;
	struct identity *previous;
	struct identity *next;
	UT_hash_handle hh;
};

/**
 * struct identity_table - all identities; start with zeroes
 * @identities: finds them by key
 * @labels: finds them by label
 * @scratch: memory to write keys into
 * @scratch_size: bytes of @scratch
 */
struct identity_table {
	struct identity *identities;
	struct label_index labels;
	char *scratch;
	size_t scratch_size;
};

/**
 * identity_intern() - the identity of a pod
 * @table: the table
 * @pod: the pod
 * @namespace: its namespace
 *
 * Return: the identity, which is new if need be.
 */
struct identity *identity_intern(struct identity_table *table,
				 const struct cluster_pod *pod,
				 struct namespace_record *namespace);

/**
 * identity_free() - forget an identity
 * @table: the table
 * @identity: one without inhabitants
 */
void identity_free(struct identity_table *table, struct identity *identity);

/* Free what the table owns; namespaces must not be asked for identities then. */
void identity_table_clear(struct identity_table *table);

/**
 * identity_serves() - whether pods of an identity have a named port
 * @identity: the identity
 * @name: the port's name
 * @protocol: its protocol
 * @port: its number, host byte order
 */
bool identity_serves(const struct identity *identity, const char *name,
		     uint8_t protocol, uint16_t port);

/* Whether policies see it: its namespace is known, and a pod of it owns an
 * address.
 */
bool identity_lives(const struct identity *identity);

/* Whether such a pod is on this node. */
bool identity_is_local(const struct identity *identity);

#endif
