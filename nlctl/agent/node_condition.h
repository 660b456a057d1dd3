/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The condition PodwallReady of the node: whether its policy is in force.
 */
#ifndef NLCTL_AGENT_NODE_CONDITION_H
#define NLCTL_AGENT_NODE_CONDITION_H

#include <jansson.h>
#include <stdbool.h>
#include <systemd/sd-event.h>

#include "agent/api.h"
#include "agent/submission.h"

#define NODE_CONDITION_TYPE "PodwallReady"

struct node_condition;

/**
 * node_condition_new() - prepare to tell the condition
 * @event: the loop
 * @api: the API server; must outlive the result
 * @node: name of this node
 * @pace: how often, or NULL for what is right in a cluster; copied
 *
 * Nothing is told before node_condition_set().
 *
 * Return: a new object, freed with node_condition_free().
 */
struct node_condition *node_condition_new(sd_event *event, struct api *api,
					  const char *node,
					  const struct pace *pace);

/**
 * node_condition_known() - learn what the API server has
 * @condition: the object
 * @node: the node as the API gave it
 *
 * An agent that begins anew would otherwise take its first word for a change. Call
 * it with each version of the node that comes.
 */
void node_condition_known(struct node_condition *condition, const json_t *node);

/**
 * node_condition_set() - tell the condition, if it has changed
 * @condition: the object
 * @ready: whether the policy of the cluster is in force on this node
 * @reason: why, one word: "PolicyInForce"; copied
 * @message: why, in words; copied
 *
 * It is told again every 5 minutes, as a sign of life. Changes that follow one
 * another quickly are one. A message that alone has changed waits for that sign.
 */
void node_condition_set(struct node_condition *condition, bool ready,
			const char *reason, const char *message);

/**
 * node_condition_end() - tell that the agent ends
 * @condition: the object
 * @done: called from the loop, when the API server has it, or will not in time
 *	(2 s); at once if nothing was ever told. It must not free the object
 * @context: passed to it
 *
 * The condition becomes Unknown: what is in force stays in force, but nobody
 * follows what changes.
 */
void node_condition_end(struct node_condition *condition,
			void (*done)(void *context), void *context);

/**
 * node_condition_counts() - what became of it
 * @condition: the object
 */
struct submission_counts
node_condition_counts(const struct node_condition *condition);

/**
 * node_condition_free() - free the object
 * @condition: the object, or NULL
 */
void node_condition_free(struct node_condition *condition);

#endif
