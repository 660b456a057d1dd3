/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pods and addresses that no rule tells apart.
 */
#ifndef NLCTL_GRAPH_CLASS_H
#define NLCTL_GRAPH_CLASS_H

#include <stddef.h>
#include <stdint.h>

#include "graph/graph.h"

/* Where there is no address of a family. */
#define NO_ADDRESSES UINT32_MAX

enum class_family {
	CLASS_IPV4,
	CLASS_IPV6,
	CLASS_FAMILIES,
};

/**
 * struct class_key - what those of a class have in common
 * @kind: an enum graph_kind
 * @namespace: number of the first pod of the namespace; 0 for other kinds
 * @egress: rule set of the pods; 0 for none
 * @egress_enforced: likewise
 * @ingress: likewise
 * @ingress_enforced: likewise
 * @audit: the pods are in audit mode
 * @focus: the caller asked about them; 0 for other kinds
 * @addresses: by family: number of their addresses, or NO_ADDRESSES
 */
struct class_key {
	uint32_t kind;
	uint32_t namespace;
	uint32_t egress;
	uint32_t egress_enforced;
	uint32_t ingress;
	uint32_t ingress_enforced;
	uint32_t audit;
	uint32_t focus;
	uint32_t addresses[CLASS_FAMILIES];
};

/**
 * struct class_addresses - the addresses of one family that a pod has
 * @memberships: theirs, ascending and each once: what the same peer sets hold is
 *	the same to everybody
 * @count: length of @memberships, 1 at least; more where a pod has several
 *	addresses of the family, and not all are held alike
 */
struct class_addresses {
	uint32_t *memberships;
	size_t count;
};

/**
 * struct classes - all classes
 * @keys: the classes by number
 * @count: length of @keys
 * @addresses: addresses by number
 * @address_count: length of @addresses
 * @of_pod: by pod of the objects: its class
 * @of_region: by region: its class, or SIZE_MAX
 * @by_key: finds a class that is there already
 * @by_memberships: finds addresses that are there already
 */
struct classes {
	struct class_key *keys;
	size_t count;
	struct class_addresses *addresses;
	size_t address_count;
	size_t *of_pod;
	size_t *of_region;
	struct class_entry *by_key;
	struct addresses_entry *by_memberships;
};

/**
 * classes_build() - put all pods and regions into classes
 * @source: what the graph is built from
 * @peers: its regions
 * @classes: receives the result; freed with classes_clear()
 */
void classes_build(const struct graph_source *source, const struct peers *peers,
		   struct classes *classes);

/* The namespace that a key begins with, as its length. */
size_t class_namespace_length(const char *key);

/* Free what the structure owns and zero it; the structure itself stays. */
void classes_clear(struct classes *classes);

#endif
