// SPDX-License-Identifier: GPL-2.0-only
#include "agent/publisher.h"

#include <stdlib.h>
#include <time.h>
#include <uthash.h>

#include "clock.h"
#include "policy/memory.h"

/* Events that wait to be sent, and that are remembered. */
#define QUEUE_MAX 256
#define REMEMBERED_MAX 1024

/* How long an Event is not said again: the API server keeps it for an hour. One
 * that it had, or did not take, is of an unknown age.
 */
#define CREATED_TIME (60 * 60 * NANOSECONDS_PER_SECOND)
#define OTHER_TIME (20 * 60 * NANOSECONDS_PER_SECOND)

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
 * @path: where to send it
 * @body: what to send; NULL once it was sent
 * @expires: when it may be said again, of clock_now(); once it was sent
 * @next: the one that waits behind it
 * @hh: in the table of all, in the order in which they were added
 */
struct announcement {
	char *key;
	char *path;
	char *body;
	uint64_t expires;
	struct announcement *next;
	UT_hash_handle hh;
};

/**
 * struct publisher - see publisher.h
 * @submission: sends them
 * @node: name of this node
 * @table: announcements by key
 * @first: the next to send; NULL without
 * @last: the last that waits; undefined without
 * @queued: how many wait
 * @dropped: how many found no room
 */
struct publisher {
	struct submission *submission;
	char *node;
	struct announcement *table;
	struct announcement *first;
	struct announcement *last;
	size_t queued;
	uint64_t dropped;
};

static void forget(struct publisher *publisher,
		   struct announcement *announcement)
{
	HASH_DEL(publisher->table, announcement);
	free(announcement->key);
	free(announcement->path);
	free(announcement->body);
	free(announcement);
}

static bool compose(void *context, struct question *question)
{
	struct publisher *publisher = context;

	if (!publisher->first)
		return false;
	question->method = "POST";
	question->path = publisher->first->path;
	question->content_type = "application/json";
	question->body = publisher->first->body;
	return true;
}

static void ended(void *context, long status)
{
	struct publisher *publisher = context;
	struct announcement *announcement = publisher->first;
	bool created = status >= 200 && status < 300;

	publisher->first = announcement->next;
	publisher->queued--;
	free(announcement->body);
	announcement->body = NULL;
	announcement->expires =
		clock_now() + (created ? CREATED_TIME : OTHER_TIME);
}

struct publisher *publisher_new(sd_event *event, struct api *api,
				const char *node, const struct pace *pace)
{
	struct publisher *publisher = xcalloc(1, sizeof(*publisher));
	const struct submitter submitter = {
		.what = "Events",
		.permission = "create events in all namespaces",
		.compose = compose,
		.ended = ended,
		.context = publisher,
	};

	publisher->node = xstrdup(node);
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
		if (!announcement->body) {
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
	if (publisher->first)
		publisher->last->next = announcement;
	else
		publisher->first = announcement;
	publisher->last = announcement;
	publisher->queued++;
}

static char *body_of(const struct publisher *publisher,
		     const struct object_reference *reference,
		     const char *reason, const char *message)
{
	struct timespec now;
	json_t *event;
	char *body;

	clock_gettime(CLOCK_REALTIME, &now);
	event = object_event(reference, reason, message, publisher->node,
			     now.tv_sec * NANOSECONDS_PER_SECOND);
	body = json_dumps(event, JSON_COMPACT);
	json_decref(event);
	return body;
}

/* Whether it waits, or was sent so lately that it need not be said again. */
static bool is_known(struct publisher *publisher, const char *key)
{
	struct announcement *known;

	HASH_FIND_STR(publisher->table, key, known);
	if (known && !known->body && known->expires <= clock_now()) {
		forget(publisher, known);
		return false;
	}
	return known;
}

void publisher_warn(struct publisher *publisher,
		    const struct object_reference *reference,
		    const char *reason, const char *message)
{
	const char *namespace = object_event_namespace(reference);
	char *name = object_event_name(reference, reason, message);
	char *key = xasprintf("%s/%s", namespace, name);
	struct announcement *announcement;

	free(name);
	if (is_known(publisher, key)) {
		free(key);
		return;
	}
	if (publisher->queued >= QUEUE_MAX) {
		publisher->dropped++;
		free(key);
		return;
	}
	make_room(publisher);
	announcement = xcalloc(1, sizeof(*announcement));
	announcement->key = key;
	announcement->path =
		xasprintf("/api/v1/namespaces/%s/events", namespace);
	announcement->body = body_of(publisher, reference, reason, message);
	append(publisher, announcement);
	submission_wake(publisher->submission);
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
