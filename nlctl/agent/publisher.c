// SPDX-License-Identifier: GPL-2.0-only
#include "agent/publisher.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

#include "agent/announcement.h"
#include "agent/announcement_table.h"
#include "agent/log.h"
#include "clock.h"
#include "policy/memory.h"

/* Events that wait to be sent. */
#define QUEUE_MAX 256

/* How late a timer may be, in microseconds. */
#define TIMER_ACCURACY 1000

/* What has to be granted. */
#define PERMISSION "create and patch events in all namespaces"

static const struct pace usual_pace = {
	.burst = 20,
	.interval = 2000000,
	.spread = 3000000,
	.first_pause = 2000000,
	.last_pause = 300000000,
	.next_pause = 30000000,
};

/**
 * struct publisher - see publisher.h
 * @submission: sends them
 * @timer: when there may be something to send again
 * @repeat: nanoseconds until what was said may be said again
 * @source: who has more to tell when nothing waits
 * @table: Events that wait, or were told
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
	sd_event_source *timer;
	uint64_t repeat;
	struct publisher_source source;
	struct announcement_table table;
	struct announcement *queue;
	size_t queued;
	struct announcement *current;
	bool sourced;
	char *body;
	bool denied;
	uint64_t dropped;
};

static json_t *event_of(const struct publisher *publisher,
			const struct warning *warning)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return object_event(&warning->reference, warning->reason,
			    warning->message, publisher->table.node,
			    now.tv_sec * NANOSECONDS_PER_SECOND);
}

/* --- what is sent */

/* An object that is good and refused in turn, every few seconds, would have all nodes
 * tell one Event as often. What is told again for being due has waited longer.
 */
static bool is_fresh(const struct publisher *publisher,
		     const struct warning *warning)
{
	const struct announcement *known =
		announcement_table_find(&publisher->table, warning);

	return known && known->expires > clock_now() + publisher->repeat / 2;
}

/* Of those that wait, the first that was not put off. */
static struct announcement *first_waiting(const struct publisher *publisher)
{
	uint64_t now = clock_now();
	struct announcement *announcement;

	DL_FOREACH(publisher->queue, announcement)
		if (announcement->not_before <= now)
			break;
	return announcement;
}

/* Microseconds until what was told before may be told again: what is new finds half of
 * what may be sent at once.
 */
static uint64_t wait_for_spare(const struct publisher *publisher)
{
	return submission_wait(publisher->submission,
			       publisher->table.pace.burst / 2 + 1);
}

/* Look again when something that waits may be sent. */
static void plan(struct publisher *publisher)
{
	uint64_t next = UINT64_MAX, wait = wait_for_spare(publisher);
	const struct announcement *announcement;

	if (publisher->source.next && wait)
		next = clock_now() + wait * NANOSECONDS_PER_MICROSECOND;
	DL_FOREACH(publisher->queue, announcement)
		if (announcement->not_before < next)
			next = announcement->not_before;
	sd_event_source_set_time(publisher->timer,
				 next / NANOSECONDS_PER_MICROSECOND + 1);
	sd_event_source_set_enabled(publisher->timer, next == UINT64_MAX ?
							      SD_EVENT_OFF :
							      SD_EVENT_ONESHOT);
}

static int on_planned(sd_event_source *timer, uint64_t due, void *context)
{
	struct publisher *publisher = context;

	(void)timer;
	(void)due;
	submission_wake(publisher->submission);
	return 0;
}

/* The next to tell and what it says, or NULL. */
static json_t *next_event(struct publisher *publisher,
			  struct announcement **announcement)
{
	const struct publisher_source *source = &publisher->source;
	struct warning warning;
	bool spare;

	*announcement = first_waiting(publisher);
	publisher->sourced = !*announcement;
	if (*announcement)
		return json_incref((*announcement)->event);
	/* What is half told is told to its end. */
	spare = publisher->current || !wait_for_spare(publisher);
	while (source->next && source->next(source->context, spare, &warning)) {
		if (!is_fresh(publisher, &warning)) {
			*announcement =
				announcement_table_put(&publisher->table,
						       &warning,
						       publisher->current);
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
	if (!announcement) {
		plan(publisher);
		return false;
	}
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

static bool postpone(void *context, long status)
{
	struct publisher *publisher = context;
	const struct publisher_source *source = &publisher->source;
	struct announcement *announcement = publisher->current;
	bool differs;
	uint64_t pause = announcement_postpone(announcement, status, &differs);

	publisher->current = NULL;
	if (publisher->sourced && source->next) {
		source->postponed(source->context, pause);
	} else if (!publisher->sourced && announcement->event) {
		announcement->not_before = clock_now() + pause;
		DL_DELETE(publisher->queue, announcement);
		DL_APPEND(publisher->queue, announcement);
	}
	return differs;
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
	backoff_reset(&announcement->backoff);
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
		.postpone = postpone,
		.ended = ended,
		.context = publisher,
	};

	publisher->repeat = (repeat ? repeat : PUBLISHER_REPEAT) *
			    NANOSECONDS_PER_MICROSECOND;
	if (!pace)
		pace = &usual_pace;
	announcement_table_begin(&publisher->table, node, pace);
	publisher->submission = submission_new(event, api, pace, &submitter);
	/* Only want of memory or of descriptors can be in the way. */
	if (sd_event_add_time(event, &publisher->timer, CLOCK_BOOTTIME, 0,
			      TIMER_ACCURACY, on_planned, publisher) < 0)
		abort();
	sd_event_source_set_enabled(publisher->timer, SD_EVENT_OFF);
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
	struct announcement *announcement =
		announcement_table_put(&publisher->table, warning,
				       publisher->current);

	free(announcement->subject);
	announcement->subject = xstrdup(subject);
	announcement->event = event_of(publisher, warning);
	announcement->not_before = 0;
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
	struct announcement *known =
		announcement_table_find(&publisher->table, &warning);

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
	if (!publisher)
		return;
	submission_free(publisher->submission);
	sd_event_source_disable_unref(publisher->timer);
	announcement_table_clear(&publisher->table);
	free(publisher->body);
	free(publisher);
}
