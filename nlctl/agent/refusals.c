// SPDX-License-Identifier: GPL-2.0-only
#include "agent/refusals.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <utlist.h>

#include "agent/backoff.h"
#include "agent/object.h"
#include "agent/turns.h"
#include "clock.h"
#include "policy/memory.h"

/* How late what is due may be told, in microseconds. */
#define TIMER_ACCURACY 1000

/* Up to which part of the time until something is told again each agent adds to it. */
#define JITTER_PART 6

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
 * @line: where it waits
 * @then: where it waits when it is due; only in LINE_LATER
 * @due: when that is, of clock_now(); likewise
 * @prev: in its line
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
	enum line line;
	enum line then;
	uint64_t due;
	struct refusal *prev;
	struct refusal *next;
	UT_hash_handle hh;
};

/**
 * struct refusals - see refusals.h
 * @publisher: tells them
 * @repeat: nanoseconds until what was told is due again, on this node
 * @table: all
 * @lines: those that wait; in LINE_LATER the first to be due in front
 * @turns: which lines had theirs
 * @listed: what is refused is news
 * @offered: what the publisher tells at the moment; NULL if that is gone
 * @stale: what it tells of that is not so any more
 * @counts: how many of each kind
 * @timer: when the first of LINE_LATER is due
 */
struct refusals {
	struct publisher *publisher;
	uint64_t repeat;
	struct refusal *table;
	struct refusal *lines[LINE_COUNT];
	struct turns turns;
	bool listed;
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
	const struct refusal *first = refusals->lines[LINE_LATER];

	if (!first) {
		sd_event_source_set_enabled(refusals->timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time(refusals->timer,
				 first->due / NANOSECONDS_PER_MICROSECOND + 1);
	sd_event_source_set_enabled(refusals->timer, SD_EVENT_ONESHOT);
}

static void leave(struct refusals *refusals, struct refusal *refusal)
{
	DL_DELETE(refusals->lines[refusal->line], refusal);
}

static void join(struct refusals *refusals, struct refusal *refusal,
		 enum line line)
{
	DL_APPEND(refusals->lines[line], refusal);
	refusal->line = line;
}

/* Most are due later than all others. */
static void put_off(struct refusals *refusals, struct refusal *refusal,
		    uint64_t pause, enum line then)
{
	struct refusal **later = &refusals->lines[LINE_LATER];
	struct refusal *before = *later ? (*later)->prev : NULL;

	leave(refusals, refusal);
	refusal->line = LINE_LATER;
	refusal->then = then;
	refusal->due = clock_now() + pause;
	while (before && before->due > refusal->due)
		before = before == *later ? NULL : before->prev;
	if (before)
		DL_APPEND_ELEM(*later, before, refusal);
	else
		DL_PREPEND(*later, refusal);
	plan(refusals);
}

static int on_due(sd_event_source *timer, uint64_t due, void *context)
{
	struct refusals *refusals = context;
	struct refusal *first;
	uint64_t now = clock_now();

	(void)timer;
	(void)due;
	while ((first = refusals->lines[LINE_LATER]) && first->due <= now) {
		leave(refusals, first);
		join(refusals, first, first->then);
		publisher_wake(refusals->publisher);
	}
	plan(refusals);
	return 0;
}

static void look_at_lines(const struct refusals *refusals,
			  bool waits[LINE_LATER])
{
	enum line line;

	for (line = LINE_NEWS; line < LINE_LATER; line++)
		waits[line] = refusals->lines[line];
}

static void count_turn(struct refusals *refusals, enum line line)
{
	bool waits[LINE_LATER];

	look_at_lines(refusals, waits);
	turns_taken(&refusals->turns, waits, line);
}

static bool next(void *context, bool spare, struct warning *warning)
{
	struct refusals *refusals = context;
	struct refusal *refusal = NULL;
	bool waits[LINE_LATER];
	enum line line;

	look_at_lines(refusals, waits);
	line = turns_next(&refusals->turns, waits, spare);
	if (line != LINE_LATER)
		refusal = refusals->lines[line];
	refusals->offered = refusal;
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

/* The line of what is to be told for the first time, or in another way. */
static enum line line_of_new(const struct refusals *refusals)
{
	return refusals->listed ? LINE_NEWS : LINE_FIRST;
}

/* NULL if it is gone, or another Event by now, which waits: it holds up no other. */
static struct refusal *take_offered(struct refusals *refusals)
{
	struct refusal *refusal = refusals->offered;

	refusals->offered = NULL;
	if (!refusal)
		return NULL;
	count_turn(refusals, refusal->line);
	if (!refusals->stale)
		return refusal;
	leave(refusals, refusal);
	join(refusals, refusal, line_of_new(refusals));
	return NULL;
}

static void told(void *context)
{
	struct refusals *refusals = context;
	struct refusal *refusal = take_offered(refusals);

	if (refusal)
		put_off(refusals, refusal, refusals->repeat, LINE_AGAIN);
}

static void postponed(void *context, uint64_t pause)
{
	struct refusals *refusals = context;
	struct refusal *refusal = take_offered(refusals);

	if (refusal)
		put_off(refusals, refusal, pause, refusal->line);
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
	join(refusals, refusal, line_of_new(refusals));
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

void refusals_listed(struct refusals *refusals)
{
	refusals->listed = true;
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
	if (refusal == refusals->offered)
		refusals->stale = true;
	if (refusal->line > line_of_new(refusals)) {
		leave(refusals, refusal);
		join(refusals, refusal, line_of_new(refusals));
	}
	publisher_wake(refusals->publisher);
}

static void drop(struct refusals *refusals, struct refusal *refusal)
{
	if (refusal == refusals->offered)
		refusals->offered = NULL;
	leave(refusals, refusal);
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
		.postponed = postponed,
		.context = refusals,
	};

	refusals->publisher = publisher;
	repeat += repeat / JITTER_PART * backoff_random() >> 32;
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
