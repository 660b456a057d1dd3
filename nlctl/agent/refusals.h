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
 * However many there are, each has its turn, and none is lost. The publisher takes one
 * when it may send again: one each two seconds in the long run. So with thousands it
 * matters which. They wait in three lines, and the first line that is not empty has the
 * turn:
 *
 *	news	refused since all objects were listed, or in another way than before:
 *		somebody has made the mistake just now, and looks
 *	first	refused when the agent began; few know of it who do not know already
 *	again	was told half an hour ago; Kubernetes will forget it in another half
 *
 * A line that was passed over twice has a turn all the same, so none stands still while
 * objects change all the time. Besides, what is told again leaves half of what may be
 * sent at once to the others.
 *
 * What was told is put off until it is due again, and so is what cannot be told while
 * others can (publisher.h). Those stand in the order in which they are due, so one timer
 * is enough; then each goes to the end of a line:
 *
 *	news	first	again	later
 *	-	a b c	-	-			a is told
 *	-	b c	-	a (12:30)		b is told
 *	-	c	-	a (12:30) b (12:31)	x is refused
 *	x	c	-	a (12:30) b (12:31)	x is told, in front of c
 *	...
 *	y	-	a	b (12:31) ...		12:30: a is due, and told behind y
 *
 * The agents of all nodes learn of a mistake at once, and shall not tell it again at
 * once: each has chosen how much longer than half an hour it waits, up to five minutes.
 *
 * An object keeps its place while its text changes, and so is told with the newest. With
 * more objects than can be told in half an hour, some 900, each is told less often.
 *
 * The lines have as many entries as there are refused objects, as the intake's inventory
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
 * refusals_listed() - what is refused from now on is news
 * @refusals: the refusals
 */
void refusals_listed(struct refusals *refusals);

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
