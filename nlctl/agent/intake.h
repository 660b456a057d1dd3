/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of the API server on their way to the compiler.
 */
#ifndef NLCTL_AGENT_INTAKE_H
#define NLCTL_AGENT_INTAKE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/attachments.h"
#include "agent/resource.h"
#include "agent/watcher.h"
#include "policy/compiler.h"

/**
 * struct intake_owner - who is told
 * @changed: the compiler was given something, which may make a difference
 * @heard: an object was taken in
 * @gone: an object that was taken in, or refused, is there no more; @key as
 *	object_key() says
 * @refused: an object cannot be decoded; @text says why and what holds instead
 * @blocks: the node's pods get their addresses from other blocks than before
 * @complete: every kind has been listed whole once
 * @context: passed to all
 */
struct intake_owner {
	void (*changed)(void *context);
	void (*heard)(void *context, const struct resource *resource,
		      const char *api_version, const json_t *object);
	void (*gone)(void *context, const struct resource *resource,
		     const char *key);
	void (*refused)(void *context, const struct resource *resource,
			const char *api_version, const json_t *object,
			const char *text);
	void (*blocks)(void *context, const struct network *blocks,
		       size_t count);
	void (*complete)(void *context);
	void *context;
};

struct intake;

/**
 * intake_new() - prepare to take objects in
 * @node: name of the node; must outlive the result
 * @compiler: receives them; must outlive the result
 * @attachments: what the CNI plugin says of the node's pods; likewise
 * @owner: who is told; copied
 *
 * Return: the intake, freed with intake_free().
 */
struct intake *intake_new(const char *node, struct compiler *compiler,
			  struct attachments *attachments,
			  const struct intake_owner *owner);

/**
 * intake_audience() - what watchers are to call
 * @intake: the intake
 */
struct audience intake_audience(struct intake *intake);

/**
 * intake_attached() - the attachments of a pod have changed
 * @intake: the intake
 * @key: namespace/name of the pod
 */
void intake_attached(struct intake *intake, const char *key);

/**
 * intake_enforced() - all that the compiler was given is in force
 * @intake: the intake
 * @generation: of the kernel's policy
 *
 * The CNI plugin is told of the pods that it waits for.
 */
void intake_enforced(struct intake *intake, uint64_t generation);

/**
 * intake_withdrawn() - though the kernel refused, pods that are gone are out of it
 * @intake: the intake
 * @generation: of the kernel's policy
 *
 * The CNI plugin is told of the pods that it waits to leave.
 */
void intake_withdrawn(struct intake *intake, uint64_t generation);

/**
 * intake_refused() - the kernel refused what the compiler was given
 * @intake: the intake
 * @text: why
 *
 * The CNI plugin is told of the pods that it waits for.
 */
void intake_refused(struct intake *intake, const char *text);

/**
 * intake_count() - how many objects of a kind there are
 * @intake: the intake
 * @id: the kind
 * @refused: set to how many of them are refused
 */
size_t intake_count(const struct intake *intake, enum resource_id id,
		    size_t *refused);

/**
 * intake_local_count() - how many pods of this node there are
 * @intake: the intake
 */
size_t intake_local_count(const struct intake *intake);

/**
 * intake_free() - free an intake
 * @intake: the intake, or NULL
 */
void intake_free(struct intake *intake);

#endif
