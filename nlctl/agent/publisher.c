// SPDX-License-Identifier: GPL-2.0-only
#include "agent/publisher.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uthash.h>
#include <utlist.h>

#include "agent/announcement.h"
#include "agent/log.h"
#include "clock.h"
#include "policy/memory.h"

/* Events that wait to be sent, and that are remembered: more than the pace permits to
 * tell in the hour for which the API server has them. Of one that is not remembered it
 * takes two requests to learn that it is there, and to tell it again.
 */
#define QUEUE_MAX 256
#define REMEMBERED_MAX 2048

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
 * struct publisher - see publisher.h
 * @submission: sends them
 * @node: name of this node
 * @repeat: nanoseconds until what was said may be said again
 * @source: who has more to tell when nothing waits
 * @table: Events by key, in the order in which they were last said
 * @queue: those that wait
 * @queued: how many wait
 * @current: the Event of the last request, until that has ended; NULL without
 * @sourced: @current came from @source
 * @body: of the last request; NULL without
 * @denied: the API server permits no PATCH, which was told
 * @dropped: how many found no room
 */
struct publisher {
	struct submission *submission;
	char *node;
	uint64_t repeat;
	struct publisher_source source;
	struct announcement *table;
	struct announcement *queue;
	size_t queued;
	struct announcement *current;
	bool sourced;
	char *body;
	bool denied;
	uint64_t dropped;
};

/* --- what is remembered */

static char *name_of(const struct publisher *publisher,
		     const struct warning *warning)
{
	return object_event_name(&warning->reference, warning->reason,
				 warning->message, publisher->node);
}

static struct announcement *find(const struct publisher *publisher,
				 const struct warning *warning)
{
	char *name = name_of(publisher, warning);
	char *key = xasprintf("%s/%s",
			      object_event_namespace(&warning->reference),
			      name);
	struct announcement *announcement;

	HASH_FIND_STR(publisher->table, key, announcement);
	free(key);
	free(name);
	return announcement;
}

/* The oldest that neither waits nor is under way makes room. */
static void make_room(struct publisher *publisher)
{
	struct announcement *announcement = NULL, *next = NULL;

	if (HASH_COUNT(publisher->table) < REMEMBERED_MAX)
		return;
	HASH_ITER(hh, publisher->table, announcement, next) {
		if (announcement->event || announcement == publisher->current)
			continue;
		HASH_DEL(publisher->table, announcement);
		announcement_free(announcement);
		return;
	}
}

/* The Event that a warning makes, as the newest of all. */
static struct announcement *announcement_of(struct publisher *publisher,
					    const struct warning *warning)
{
	struct announcement *announcement = find(publisher, warning);
	char *name;

	if (announcement) {
		HASH_DEL(publisher->table, announcement);
	} else {
		make_room(publisher);
		name = name_of(publisher, warning);
		announcement = announcement_new(
			object_event_namespace(&warning->reference), name);
		free(name);
	}
	HASH_ADD_KEYPTR(hh, publisher->table, announcement->key,
			strlen(announcement->key), announcement);
	return announcement;
}

static json_t *event_of(const struct publisher *publisher,
			const struct warning *warning)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return object_event(&warning->reference, warning->reason,
			    warning->message, publisher->node,
			    now.tv_sec * NANOSECONDS_PER_SECOND);
}

/* --- what is sent */

/* An object that is good and refused in turn, every few seconds, would have all nodes
 * tell one Event as often. What is told again for being due has waited longer.
 */
static bool is_fresh(const struct publisher *publisher,
		     const struct warning *warning)
{
	const struct announcement *known = find(publisher, warning);

	return known && known->expires > clock_now() + publisher->repeat / 2;
}

/* The next to tell and what it says, or NULL. */
static json_t *next_event(struct publisher *publisher,
			  struct announcement **announcement)
{
	const struct publisher_source *source = &publisher->source;
	struct warning warning;

	*announcement = publisher->queue;
	publisher->sourced = !publisher->queue;
	if (publisher->queue)
		return json_incref(publisher->queue->event);
	while (source->next && source->next(source->context, &warning)) {
		if (!is_fresh(publisher, &warning)) {
			*announcement = announcement_of(publisher, &warning);
			return event_of(publisher, &warning);
		}
		source->told(source->context);
	}
	return NULL;
}

/* What was composed before and has not ended is no reason to do it again: something
 * else may be next by now.
 */
static bool compose(void *context, struct question *question)
{
	struct publisher *publisher = context;
	struct announcement *announcement;
	json_t *event = next_event(publisher, &announcement);

	if (announcement && announcement != publisher->current)
		announcement_begin(announcement);
	publisher->current = announcement;
	if (!announcement)
		return false;
	free(publisher->body);
	publisher->body = announcement_compose(announcement, event, question);
	question->body = publisher->body;
	json_decref(event);
	return true;
}

static enum verdict judge(void *context, long status)
{
	struct publisher *publisher = context;

	if (status == 403 && publisher->current->patching) {
		if (!publisher->denied)
			log_error("the API server does not let the agent patch Events, so that one that is still true may be missing for half an hour; grant the agent's account \"%s\"",
				  PERMISSION);
		publisher->denied = true;
	}
	return announcement_judge(publisher->current, status);
}

static void dequeue(struct publisher *publisher,
		    struct announcement *announcement)
{
	DL_DELETE(publisher->queue, announcement);
	publisher->queued--;
	json_decref(announcement->event);
	announcement->event = NULL;
}

static void ended(void *context, const struct response *response)
{
	struct publisher *publisher = context;
	struct announcement *announcement = publisher->current;

	if (response->status >= 200 && response->status < 300) {
		announcement_taken(announcement, response);
		publisher->denied &= !announcement->patching;
	}
	announcement->expires = clock_now() + publisher->repeat;
	publisher->current = NULL;
	if (publisher->sourced && publisher->source.next)
		publisher->source.told(publisher->source.context);
	else if (!publisher->sourced && announcement->event)
		dequeue(publisher, announcement);
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

/* --- what waits */

static char *subject_of(const struct warning *warning)
{
	const struct object_reference *reference = &warning->reference;
	const char *uid = reference->uid;

	return xasprintf("%s %s/%s %s %s", reference->kind,
			 object_event_namespace(reference), reference->name,
			 uid ? uid : "", warning->reason);
}

static struct announcement *find_waiting(const struct publisher *publisher,
					 const char *subject)
{
	struct announcement *announcement;

	DL_FOREACH(publisher->queue, announcement)
		if (!strcmp(announcement->subject, subject))
			return announcement;
	return NULL;
}

static void enqueue(struct publisher *publisher, const struct warning *warning,
		    const char *subject, struct announcement *instead_of)
{
	struct announcement *announcement = announcement_of(publisher, warning);

	free(announcement->subject);
	announcement->subject = xstrdup(subject);
	announcement->event = event_of(publisher, warning);
	if (instead_of && instead_of != publisher->current) {
		DL_REPLACE_ELEM(publisher->queue, instead_of, announcement);
		json_decref(instead_of->event);
		instead_of->event = NULL;
	} else {
		/* That had its turn: what changes all the time holds up no other. */
		if (instead_of)
			dequeue(publisher, instead_of);
		DL_APPEND(publisher->queue, announcement);
		publisher->queued++;
	}
	submission_wake(publisher->submission);
}

void publisher_warn(struct publisher *publisher,
		    const struct object_reference *reference,
		    const char *reason, const char *message)
{
	const struct warning warning = { *reference, reason, message };
	char *subject = subject_of(&warning);
	struct announcement *waiting = find_waiting(publisher, subject);
	struct announcement *known = find(publisher, &warning);

	if (known && known->event) {
		json_decref(known->event);
		known->event = event_of(publisher, &warning);
	} else if (known && known->expires > clock_now()) {
		/* What waits is no longer so, and what is so was said. */
		if (waiting)
			dequeue(publisher, waiting);
	} else if (waiting || publisher->queued < QUEUE_MAX) {
		enqueue(publisher, &warning, subject, waiting);
	} else {
		publisher->dropped++;
	}
	free(subject);
}

void publisher_follow(struct publisher *publisher,
		      const struct publisher_source *source)
{
	publisher->source = *source;
}

void publisher_wake(struct publisher *publisher)
{
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
	HASH_ITER(hh, publisher->table, announcement, next) {
		HASH_DEL(publisher->table, announcement);
		announcement_free(announcement);
	}
	free(publisher->body);
	free(publisher->node);
	free(publisher);
}
