/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells Kubernetes what is wrong with its objects: Events on them.
 */
#ifndef NLCTL_AGENT_PUBLISHER_H
#define NLCTL_AGENT_PUBLISHER_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/announcement_table.h"
#include "agent/api.h"
#include "agent/object_event.h"
#include "agent/submission.h"

/* Microseconds after which an Event that is still true is told again: the API server
 * forgets it an hour after it was told last.
 */
#define PUBLISHER_REPEAT 1800000000ull

struct publisher;

/**
 * struct publisher_source - who has more to tell than may wait at once
 * @next: gives the next warning, which is told if nothing else waits; what it borrows
 *	has to live until the loop goes on; false when there is none. Without @spare
 *	one that was never told, as half of what may be sent at once is kept for those
 * @told: the API server has taken what @next gave last, or has refused it for good
 * @postponed: it could not be told, and is not to be given for so many nanoseconds
 * @context: passed to all
 *
 * @next is called in front of each request, so what is told is what is so by then. It
 * gives the same again until it was told or put off, unless something else has become
 * the next.
 */
struct publisher_source {
	bool (*next)(void *context, bool spare, struct warning *warning);
	void (*told)(void *context);
	void (*postponed)(void *context, uint64_t pause);
	void *context;
};

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
 * A message that is the same on all nodes makes one Event, whatever their number, but
 * for EVENT_LIMIT_EXCEEDED (object_event_name()): all agents tell it again, and take its
 * count from what the API server answers, so it is there as long as one of them says it.
 * So is what an agent before this one has told.
 * An API server that permits no PATCH keeps an Event as it was created until it
 * forgets it; then it is created anew.
 *
 * One that cannot be told, while the server takes others, waits behind them, longer each
 * time. While the server takes none, or asks for patience, all wait.
 *
 * While it waits, what is said of the same object for the same reason takes its place,
 * or, once that was sent, goes to the end. So much waits and no more; what goes beyond
 * that is counted as dropped, and can be said again.
 */
void publisher_warn(struct publisher *publisher,
		    const struct object_reference *reference,
		    const char *reason, const char *message);

/**
 * publisher_follow() - ask a source when nothing waits
 * @publisher: the object
 * @source: the source; copied
 *
 * Its warnings are told as often as it gives them, but for one that was told less than
 * half of the time ago after which it is told again: that counts as told.
 */
void publisher_follow(struct publisher *publisher,
		      const struct publisher_source *source);

/**
 * publisher_wake() - the source has something to tell
 * @publisher: the object
 */
void publisher_wake(struct publisher *publisher);

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
