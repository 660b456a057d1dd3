/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells Kubernetes what is wrong with its objects: Events on them.
 */
#ifndef NLCTL_AGENT_PUBLISHER_H
#define NLCTL_AGENT_PUBLISHER_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/api.h"
#include "agent/object_event.h"
#include "agent/submission.h"

/* Microseconds after which an Event that is still true is told again: the API server
 * forgets it an hour after it was told last.
 */
#define PUBLISHER_REPEAT 1800000000ull

struct publisher;

/**
 * publisher_new() - prepare to publish
 * @event: the loop
 * @api: the API server; must outlive the result
 * @node: name of this node; copied
 * @pace: how often, or NULL for what is right in a cluster; copied
 * @repeat: microseconds for which an Event that was told is not told again; 0 for
 *	PUBLISHER_REPEAT
 *
 * Return: a new object, freed with publisher_free().
 */
struct publisher *publisher_new(sd_event *event, struct api *api,
				const char *node, const struct pace *pace,
				uint64_t repeat);

/**
 * publisher_warn() - publish an Event of type Warning
 * @publisher: the object
 * @reference: the object that it is about; copied
 * @reason: why, one word: EVENT_POLICY_REFUSED; copied
 * @message: why, in words; copied
 *
 * What was said is not said again for half an hour, in which the API server has it.
 * So say it again and again, as long as it is true. Then the same Event is told anew:
 * its count is one more, its time and message are the latest. It begins with a count
 * of one again if the API server has forgotten it meanwhile.
 *
 * A message that is the same on all nodes makes one Event, whatever their number: all
 * agents tell it again, and take its count from what the API server answers, so it is
 * there as long as one of them says it. So is what an agent before this one has told.
 * An API server that permits no PATCH keeps an Event as it was created until it
 * forgets it; then it is created anew.
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
