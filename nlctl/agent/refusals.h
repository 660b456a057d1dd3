/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects that cannot be decoded: an Event on each says so, and again from time to
 * time, as long as it is so.
 */
#ifndef NLCTL_AGENT_REFUSALS_H
#define NLCTL_AGENT_REFUSALS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/publisher.h"
#include "agent/resource.h"

/**
 * DOC: In which order refused objects are told
 *
 * However many there are, each has its turn, and none is lost. They wait in one list,
 * and the publisher takes the first when it may send again: one each two seconds in the
 * long run. What was told goes to the end of another list, with the time when it is due
 * again; as that is the same while later for all, the first of that list is due first,
 * and one timer is enough. What is due goes to the end of the list of those that wait:
 *
 *	waiting		told
 *	a b c		-		a is told
 *	b c		a (12:30)	b is told
 *	c		a (12:30) b (12:31)
 *	...
 *	-		a (12:30) b (12:31) c (12:32)
 *	a		b (12:31) c (12:32)	12:30: a is due
 *
 * An object keeps its place while its text changes, and so is told with the newest; one
 * that was told with another text waits again, at the end. With more objects than can be
 * told in half an hour, some 900, each is told less often.
 *
 * The list has as many entries as there are refused objects, as the intake's inventory
 * has: less than two kilobytes each, mostly about half of one.
 */

struct refusals;

/**
 * refusals_new() - nothing is refused yet
 * @event: the loop
 * @publisher: tells them, and follows the result; must outlive it
 * @repeat: microseconds until what is still refused is told again
 *
 * Return: the refusals, freed with refusals_free().
 */
struct refusals *refusals_new(sd_event *event, struct publisher *publisher,
			      uint64_t repeat);

/**
 * refusals_put() - an object is refused
 * @refusals: the refusals
 * @resource: its kind
 * @api_version: what it is served under; copied
 * @object: the object; what an Event refers to it by is copied
 * @text: why, and what holds instead; copied, as far as an Event can say it
 */
void refusals_put(struct refusals *refusals, const struct resource *resource,
		  const char *api_version, const json_t *object,
		  const char *text);

/**
 * refusals_remove() - an object is good again, or gone
 * @refusals: the refusals
 * @resource: its kind
 * @key: see object_key()
 */
void refusals_remove(struct refusals *refusals, const struct resource *resource,
		     const char *key);

/**
 * refusals_count() - how many objects of a kind are refused
 * @refusals: the refusals
 * @id: the kind
 */
size_t refusals_count(const struct refusals *refusals, enum resource_id id);

/**
 * refusals_free() - tell no more
 * @refusals: the refusals, or NULL
 */
void refusals_free(struct refusals *refusals);

#endif
