// SPDX-License-Identifier: GPL-2.0-only
#include "agent/refusals.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "agent/object.h"
#include "clock.h"
#include "policy/memory.h"

/* How late what is due may be told, in microseconds. */
#define TIMER_ACCURACY 1000

/**
 * struct refusal - an object that is refused
 * @id: kind and key
 * @resource: its kind
 * @api_version: what it is served under
 * @namespace: of the object; "" for objects of the cluster
 * @name: likewise
 * @uid: likewise
 * @resource_version: likewise
 * @text: why
 * @told: it was told, and nothing is new; else it waits
 * @due: when it is to be told again, of clock_now(); only if @told
 * @prev: in the list of those that wait, or were told
 * @next: likewise
 * @hh: in the table, by @id
 */
struct refusal {
	char *id;
	const struct resource *resource;
	char *api_version;
	char *namespace;
	char *name;
	char *uid;
	char *resource_version;
	char *text;
	bool told;
	uint64_t due;
	struct refusal *prev;
	struct refusal *next;
	UT_hash_handle hh;
};

/**
 * struct refusals - see refusals.h
 * @publisher: tells them
 * @repeat: nanoseconds until what was told is due again
 * @table: all
 * @waiting: those that are to be told
 * @told: the others, the first to be due in front
 * @offered: what the publisher tells at the moment; NULL if that is gone
 * @stale: what it tells of that is not so any more
 * @counts: how many of each kind
 * @timer: when the first of @told is due
 */
struct refusals {
	struct publisher *publisher;
	uint64_t repeat;
	struct refusal *table;
	struct refusal *waiting;
	struct refusal *told;
	struct refusal *offered;
	bool stale;
	size_t counts[RESOURCE_COUNT];
	sd_event_source *timer;
};

static const char *reason_of(const struct resource *resource)
{
	return resource->id < RESOURCE_NETWORK_POLICIES ? EVENT_OBJECT_REFUSED :
							  EVENT_POLICY_REFUSED;
}

/* --- whose turn it is */

static void plan(struct refusals *refusals)
{
	if (!refusals->told) {
		sd_event_source_set_enabled(refusals->timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time(refusals->timer,
				 refusals->told->due /
						 NANOSECONDS_PER_MICROSECOND +
					 1);
	sd_event_source_set_enabled(refusals->timer, SD_EVENT_ONESHOT);
}

static void wait_again(struct refusals *refusals, struct refusal *refusal)
{
	DL_DELETE(refusals->told, refusal);
	DL_APPEND(refusals->waiting, refusal);
	refusal->told = false;
}

static int on_due(sd_event_source *timer, uint64_t due, void *context)
{
	struct refusals *refusals = context;
	uint64_t now = clock_now();

	(void)timer;
	(void)due;
	while (refusals->told && refusals->told->due <= now)
		wait_again(refusals, refusals->told);
	if (refusals->waiting)
		publisher_wake(refusals->publisher);
	plan(refusals);
	return 0;
}

static bool next(void *context, struct warning *warning)
{
	struct refusals *refusals = context;
	const struct refusal *refusal = refusals->waiting;

	refusals->offered = refusals->waiting;
	refusals->stale = false;
	if (!refusal)
		return false;
	*warning = (struct warning){
		.reference = {
			.api_version = refusal->api_version,
			.kind = refusal->resource->kind,
			.namespace = refusal->namespace,
			.name = refusal->name,
			.uid = refusal->uid,
			.resource_version = refusal->resource_version,
		},
		.reason = reason_of(refusal->resource),
		.message = refusal->text,
	};
	return true;
}

static void told(void *context)
{
	struct refusals *refusals = context;
	struct refusal *refusal = refusals->offered;

	refusals->offered = NULL;
	if (!refusal)
		return;
	DL_DELETE(refusals->waiting, refusal);
	if (refusals->stale) {
		/* It had its turn: one that changes all the time holds up no other. */
		DL_APPEND(refusals->waiting, refusal);
		return;
	}
	DL_APPEND(refusals->told, refusal);
	refusal->told = true;
	refusal->due = clock_now() + refusals->repeat;
	plan(refusals);
}

/* --- what is refused */

static struct refusal *find(const struct refusals *refusals,
			    const struct resource *resource, const char *key)
{
	char *id = xasprintf("%s %s", resource->kind, key);
	struct refusal *refusal;

	HASH_FIND_STR(refusals->table, id, refusal);
	free(id);
	return refusal;
}

static struct refusal *add(struct refusals *refusals,
			   const struct resource *resource, const char *key)
{
	struct refusal *refusal = xcalloc(1, sizeof(*refusal));

	refusal->id = xasprintf("%s %s", resource->kind, key);
	refusal->resource = resource;
	HASH_ADD_KEYPTR(hh, refusals->table, refusal->id, strlen(refusal->id),
			refusal);
	DL_APPEND(refusals->waiting, refusal);
	refusals->counts[resource->id]++;
	return refusal;
}

/* As much as an Event can say, and a little of what follows, by which it is known to be
 * longer; without the half of a character at its end.
 */
static char *copy_text(const char *text)
{
	size_t length = strnlen(text, OBJECT_EVENT_MESSAGE_MAX + 4);

	while (length > OBJECT_EVENT_MESSAGE_MAX + 1 &&
	       ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return xasprintf("%.*s", (int)length, text);
}

/* Returns whether that makes another Event. */
static bool set(struct refusal *refusal, const char *api_version,
		const json_t *object, const char *text)
{
	struct object_reference reference;
	struct refusal before = *refusal;
	bool differs;

	object_reference_read(&reference, refusal->resource->kind, api_version,
			      object);
	refusal->api_version = xstrdup(api_version);
	refusal->namespace = xstrdup(reference.namespace);
	refusal->name = xstrdup(reference.name);
	refusal->uid = xstrdup(reference.uid);
	refusal->resource_version = xstrdup(reference.resource_version);
	refusal->text = copy_text(text);
	differs = !before.text || strcmp(before.text, refusal->text) != 0 ||
		  strcmp(before.uid, refusal->uid) != 0;
	free(before.api_version);
	free(before.namespace);
	free(before.name);
	free(before.uid);
	free(before.resource_version);
	free(before.text);
	return differs;
}

void refusals_put(struct refusals *refusals, const struct resource *resource,
		  const char *api_version, const json_t *object,
		  const char *text)
{
	char *key = object_key(object);
	struct refusal *refusal = key ? find(refusals, resource, key) : NULL;

	if (key && !refusal)
		refusal = add(refusals, resource, key);
	free(key);
	if (!refusal || !set(refusal, api_version, object, text))
		return;
	if (refusal->told)
		wait_again(refusals, refusal);
	else if (refusal == refusals->offered)
		refusals->stale = true;
	publisher_wake(refusals->publisher);
}

static void drop(struct refusals *refusals, struct refusal *refusal)
{
	if (refusal == refusals->offered)
		refusals->offered = NULL;
	if (refusal->told)
		DL_DELETE(refusals->told, refusal);
	else
		DL_DELETE(refusals->waiting, refusal);
	HASH_DEL(refusals->table, refusal);
	refusals->counts[refusal->resource->id]--;
	free(refusal->id);
	free(refusal->api_version);
	free(refusal->namespace);
	free(refusal->name);
	free(refusal->uid);
	free(refusal->resource_version);
	free(refusal->text);
	free(refusal);
}

void refusals_remove(struct refusals *refusals, const struct resource *resource,
		     const char *key)
{
	struct refusal *refusal;

	/* Most that is asked for is of a kind of which nothing is refused. */
	if (!refusals->counts[resource->id])
		return;
	refusal = find(refusals, resource, key);
	if (refusal)
		drop(refusals, refusal);
}

size_t refusals_count(const struct refusals *refusals, enum resource_id id)
{
	return refusals->counts[id];
}

struct refusals *refusals_new(sd_event *event, struct publisher *publisher,
			      uint64_t repeat)
{
	struct refusals *refusals = xcalloc(1, sizeof(*refusals));
	const struct publisher_source source = {
		.next = next,
		.told = told,
		.context = refusals,
	};

	refusals->publisher = publisher;
	refusals->repeat = repeat * NANOSECONDS_PER_MICROSECOND;
	/* Only want of memory or of descriptors can be in the way. */
	if (sd_event_add_time(event, &refusals->timer, CLOCK_BOOTTIME, 0,
			      TIMER_ACCURACY, on_due, refusals) < 0)
		abort();
	sd_event_source_set_enabled(refusals->timer, SD_EVENT_OFF);
	publisher_follow(publisher, &source);
	return refusals;
}

void refusals_free(struct refusals *refusals)
{
	const struct publisher_source none = {};

	if (!refusals)
		return;
	publisher_follow(refusals->publisher, &none);
	while (refusals->table)
		drop(refusals, refusals->table);
	sd_event_source_disable_unref(refusals->timer);
	free(refusals);
}
