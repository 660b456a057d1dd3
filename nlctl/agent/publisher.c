// SPDX-License-Identifier: GPL-2.0-only
#include "agent/publisher.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>
#include <uthash.h>

#include "agent/log.h"
#include "clock.h"
#include "policy/memory.h"

/* Events that wait to be sent, and that are remembered. */
#define QUEUE_MAX 256
#define REMEMBERED_MAX 1024

/* What has to be granted. */
#define PERMISSION "create and patch events in all namespaces"

static const struct pace usual_pace = {
	.burst = 20,
	.interval = 2000000,
	.spread = 3000000,
	.first_pause = 2000000,
	.last_pause = 300000000,
	.forbidden_pause = 600000000,
};

/**
 * struct announcement - an Event that waits, or that was sent
 * @key: its namespace and name
 * @collection: path of the Events of its namespace
 * @path: its own
 * @event: what is to be sent; NULL once it was
 * @body: of the last request
 * @exists: the API server has it, as far as is known
 * @count: how often that was told, as it has it; 0 while unknown
 * @expires: when it may be said again, of clock_now(); once it was sent
 * @next: the one that waits behind it
 * @hh: in the table of all, in the order in which they were last said
 */
struct announcement {
	char *key;
	char *collection;
	char *path;
	json_t *event;
	char *body;
	bool exists;
	json_int_t count;
	uint64_t expires;
	struct announcement *next;
	UT_hash_handle hh;
};

/**
 * struct publisher - see publisher.h
 * @submission: sends them
 * @node: name of this node
 * @repeat: nanoseconds until what was sent may be said again
 * @table: announcements by key
 * @first: the next to send; NULL without
 * @last: the last that waits; undefined without
 * @queued: how many wait
 * @patching: the last request was a PATCH
 * @patched: a PATCH of the first was answered, and another request follows
 * @posted: likewise a POST
 * @denied: the API server permits no PATCH, which was told
 * @dropped: how many found no room
 */
struct publisher {
	struct submission *submission;
	char *node;
	uint64_t repeat;
	struct announcement *table;
	struct announcement *first;
	struct announcement *last;
	size_t queued;
	bool patching;
	bool patched;
	bool posted;
	bool denied;
	uint64_t dropped;
};

static void forget(struct publisher *publisher,
		   struct announcement *announcement)
{
	HASH_DEL(publisher->table, announcement);
	free(announcement->key);
	free(announcement->collection);
	free(announcement->path);
	json_decref(announcement->event);
	free(announcement->body);
	free(announcement);
}

/* What of an Event that the API server has is new. */
static json_t *changes_of(const struct announcement *announcement)
{
	static const char *const fields[] = { "lastTimestamp", "message" };
	json_t *changes = json_object();
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set(changes, fields[i],
				json_object_get(announcement->event,
						fields[i]));
	/* Of one that was there already the answer says how much it is. */
	if (announcement->count)
		json_object_set_new(changes, "count",
				    json_integer(announcement->count + 1));
	return changes;
}

static bool compose(void *context, struct question *question)
{
	struct publisher *publisher = context;
	struct announcement *announcement = publisher->first;
	json_t *body;

	if (!announcement)
		return false;
	publisher->patching = announcement->exists && !publisher->patched;
	if (publisher->patching) {
		body = changes_of(announcement);
		question->method = "PATCH";
		question->path = announcement->path;
		question->content_type =
			"application/strategic-merge-patch+json";
	} else {
		body = json_incref(announcement->event);
		question->method = "POST";
		question->path = announcement->collection;
		question->content_type = "application/json";
	}
	free(announcement->body);
	announcement->body = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	question->body = announcement->body;
	return true;
}

/* --- what came of it */

static void deny(struct publisher *publisher)
{
	if (!publisher->denied)
		log_error("the API server does not let the agent patch Events, so that one that is still true may be missing for half an hour; grant the agent's account \"" PERMISSION
			  "\"");
	publisher->denied = true;
}

/* A POST finds an Event that an agent has created before, and a PATCH tells it
 * again. A PATCH finds none, or is not permitted, and a POST creates it. Each follows
 * the other once, so that there are three requests at most.
 */
static enum verdict judge(void *context, long status)
{
	struct publisher *publisher = context;
	struct announcement *announcement = publisher->first;
	bool patched = publisher->patched, posted = publisher->posted;

	publisher->patched |= publisher->patching;
	publisher->posted |= !publisher->patching;
	if (!publisher->patching && status == 409) {
		announcement->exists = true;
		return patched ? VERDICT_TAKEN : VERDICT_OTHERWISE;
	}
	if (!publisher->patching)
		return VERDICT_USUAL;
	switch (status) {
	case 403:
		deny(publisher);
		return posted ? VERDICT_TAKEN : VERDICT_OTHERWISE;
	case 404:
		announcement->exists = false;
		announcement->count = 0;
		return VERDICT_OTHERWISE;
	case 409: /* Another agent tells it at this moment. */
		return VERDICT_TAKEN;
	default:
		return VERDICT_USUAL;
	}
}

/* How often an Event was told, as the API server has it; 0 when it does not say. */
static json_int_t count_in(const struct response *response)
{
	json_t *event = json_loadb(response->body ? response->body : "",
				   response->length, 0, NULL);
	json_int_t count = json_integer_value(json_object_get(event, "count"));

	json_decref(event);
	return count > 0 ? count : 0;
}

static void note_taken(struct publisher *publisher,
		       const struct response *response)
{
	struct announcement *announcement = publisher->first;
	json_int_t count = count_in(response);

	if (count)
		announcement->count = count;
	else if (!publisher->patching)
		announcement->count = 1;
	else if (announcement->count)
		announcement->count++;
	announcement->exists = true;
	publisher->denied &= !publisher->patching;
}

static void ended(void *context, const struct response *response)
{
	struct publisher *publisher = context;
	struct announcement *announcement = publisher->first;

	if (response->status >= 200 && response->status < 300)
		note_taken(publisher, response);
	publisher->patched = false;
	publisher->posted = false;
	publisher->first = announcement->next;
	publisher->queued--;
	json_decref(announcement->event);
	announcement->event = NULL;
	free(announcement->body);
	announcement->body = NULL;
	announcement->expires = clock_now() + publisher->repeat;
}

struct publisher *publisher_new(sd_event *event, struct api *api,
				const char *node, const struct pace *pace,
				uint64_t repeat)
{
	struct publisher *publisher = xcalloc(1, sizeof(*publisher));
	const struct submitter submitter = {
		.what = "Events",
		.permission = PERMISSION,
		.compose = compose,
		.judge = judge,
		.ended = ended,
		.context = publisher,
	};

	publisher->node = xstrdup(node);
	publisher->repeat = (repeat ? repeat : PUBLISHER_REPEAT) *
			    NANOSECONDS_PER_MICROSECOND;
	publisher->submission = submission_new(event, api,
					       pace ? pace : &usual_pace,
					       &submitter);
	return publisher;
}

/* The oldest that does not wait makes room. */
static void make_room(struct publisher *publisher)
{
	struct announcement *announcement, *next;

	if (HASH_COUNT(publisher->table) < REMEMBERED_MAX)
		return;
	HASH_ITER(hh, publisher->table, announcement, next) {
		if (!announcement->event) {
			forget(publisher, announcement);
			return;
		}
	}
}

static void append(struct publisher *publisher,
		   struct announcement *announcement)
{
	HASH_ADD_KEYPTR(hh, publisher->table, announcement->key,
			strlen(announcement->key), announcement);
	announcement->next = NULL;
	if (publisher->first)
		publisher->last->next = announcement;
	else
		publisher->first = announcement;
	publisher->last = announcement;
	publisher->queued++;
}

static json_t *event_of(const struct publisher *publisher,
			const struct object_reference *reference,
			const char *reason, const char *message)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return object_event(reference, reason, message, publisher->node,
			    now.tv_sec * NANOSECONDS_PER_SECOND);
}

static struct announcement *find(const struct publisher *publisher,
				 const char *key)
{
	struct announcement *announcement;

	HASH_FIND_STR(publisher->table, key, announcement);
	return announcement;
}

/* It waits, or was sent so lately that it need not be said again. */
static bool is_fresh(const struct announcement *announcement)
{
	return announcement->event || announcement->expires > clock_now();
}

static struct announcement *
new_announcement(const char *key, const char *namespace, const char *name)
{
	struct announcement *announcement = xcalloc(1, sizeof(*announcement));

	announcement->key = xstrdup(key);
	announcement->collection =
		xasprintf("/api/v1/namespaces/%s/events", namespace);
	announcement->path = xasprintf("%s/%s", announcement->collection, name);
	return announcement;
}

void publisher_warn(struct publisher *publisher,
		    const struct object_reference *reference,
		    const char *reason, const char *message)
{
	const char *namespace = object_event_namespace(reference);
	char *name =
		object_event_name(reference, reason, message, publisher->node);
	char *key = xasprintf("%s/%s", namespace, name);
	struct announcement *announcement = find(publisher, key);

	if (announcement && is_fresh(announcement))
		goto out;
	if (publisher->queued >= QUEUE_MAX) {
		publisher->dropped++;
		goto out;
	}
	if (announcement) {
		HASH_DEL(publisher->table, announcement);
	} else {
		make_room(publisher);
		announcement = new_announcement(key, namespace, name);
	}
	announcement->event = event_of(publisher, reference, reason, message);
	append(publisher, announcement);
	submission_wake(publisher->submission);
out:
	free(name);
	free(key);
}

struct submission_counts publisher_counts(const struct publisher *publisher)
{
	struct submission_counts counts =
		submission_counts(publisher->submission);

	counts.dropped += publisher->dropped;
	return counts;
}

void publisher_free(struct publisher *publisher)
{
	struct announcement *announcement, *next;

	if (!publisher)
		return;
	submission_free(publisher->submission);
	HASH_ITER(hh, publisher->table, announcement, next)
		forget(publisher, announcement);
	free(publisher->node);
	free(publisher);
}
