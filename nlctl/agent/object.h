/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One object as the API gives it, for the compiler.
 */
#ifndef NLCTL_AGENT_OBJECT_H
#define NLCTL_AGENT_OBJECT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/resource.h"
#include "policy/cluster.h"
#include "policy/compiler.h"
#include "policy/objects.h"

/**
 * object_key() - what an object is known by among those of its kind
 * @object: the object
 *
 * Return: "namespace/name", or "name" for what is in no namespace, which the
 * caller frees; NULL when it has no name.
 */
char *object_key(const json_t *object);

/**
 * object_uid() - which object it is of those that had, or will have, its name
 * @object: the object
 *
 * Return: a hash of its uid; 0 without one.
 */
uint32_t object_uid(const json_t *object);

/**
 * object_decode() - decode an object
 * @resource: its kind
 * @api_version: what it is served under
 * @object: the object
 * @cluster: an empty cluster, which receives it
 *
 * Fields that nlctl does not know are passed over where that is safe; rules of
 * cluster policies whose peers it does not know fail closed.
 *
 * Return: NULL; or what is wrong with it, which the caller frees, and then
 * @cluster is empty.
 */
char *object_decode(const struct resource *resource, const char *api_version,
		    json_t *object, struct cluster *cluster);

/**
 * object_stand_in() - what stands in for a NetworkPolicy that cannot be decoded
 * @api_version: what it is served under
 * @object: the policy
 * @cluster: an empty cluster, which receives it
 *
 * It isolates the pods that the policy selects, and allows nothing. Where even
 * the selector cannot be read, or what directions it is about, it is about all
 * pods of the namespace, or both directions: a policy that nobody can read must
 * not leave open what it was to close.
 *
 * Return: whether @cluster has it; else not even its name could be read.
 */
bool object_stand_in(const char *api_version, json_t *object,
		     struct cluster *cluster);

/**
 * object_put() - hand what was decoded to the compiler
 * @cluster: what object_decode() has filled; empty afterwards
 * @compiler: receives it
 */
void object_put(struct cluster *cluster, struct compiler *compiler);

/**
 * object_remove() - take an object from the compiler
 * @resource: its kind
 * @key: see object_key()
 * @compiler: where it may be
 */
void object_remove(const struct resource *resource, const char *key,
		   struct compiler *compiler);

/**
 * object_blocks() - the blocks of addresses that a node's pods get
 * @node: the Node
 * @count: set to their number
 *
 * They are of spec.podCIDRs, or spec.podCIDR; what is none is left out.
 *
 * Return: the blocks, which the caller frees; NULL for none.
 */
struct network *object_blocks(const json_t *node, size_t *count);

#endif
