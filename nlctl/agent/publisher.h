/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells Kubernetes what is wrong with its objects: Events on them.
 */
#ifndef NLCTL_AGENT_PUBLISHER_H
#define NLCTL_AGENT_PUBLISHER_H

#include <systemd/sd-event.h>

#include "agent/api.h"
#include "agent/object_event.h"
#include "agent/submission.h"

/* Reasons of Events. */
#define EVENT_POLICY_REFUSED "PolicyRefused"
#define EVENT_OBJECT_REFUSED "ObjectRefused"
#define EVENT_LIMIT_EXCEEDED "LimitExceeded"

struct publisher;

/**
 * publisher_new() - prepare to publish
 * @event: the loop
 * @api: the API server; must outlive the result
 * @node: name of this node; copied
 * @pace: how often, or NULL for what is right in a cluster; copied
 *
 * Return: a new object, freed with publisher_free().
 */
struct publisher *publisher_new(sd_event *event, struct api *api,
				const char *node, const struct pace *pace);

/**
 * publisher_warn() - publish an Event of type Warning
 * @publisher: the object
 * @reference: the object that it is about; copied
 * @reason: why, one word: EVENT_POLICY_REFUSED; copied
 * @message: why, in words; copied
 *
 * What was said is not said again for as long as the API server keeps an Event,
 * an hour; for 20 minutes, if another agent said it first, or it was refused. So
 * say it again with each comparison, as long as it is true. A message that is the
 * same on all nodes makes one Event, whatever their number.
 *
 * So much waits and no more; what goes beyond that is counted as dropped, and can
 * be said again.
 */
void publisher_warn(struct publisher *publisher,
		    const struct object_reference *reference,
		    const char *reason, const char *message);

/**
 * publisher_counts() - what became of Events
 * @publisher: the object
 */
struct submission_counts publisher_counts(const struct publisher *publisher);

/**
 * publisher_free() - forget what waits, and free the object
 * @publisher: the object, or NULL
 */
void publisher_free(struct publisher *publisher);

#endif
