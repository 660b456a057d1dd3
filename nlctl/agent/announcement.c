// SPDX-License-Identifier: GPL-2.0-only
#include "agent/announcement.h"

#include <stdlib.h>

#include "clock.h"
#include "policy/memory.h"

#define MICROSECONDS_PER_MILLISECOND 1000ull

struct announcement *announcement_new(const char *namespace, const char *name,
				      const struct pace *pace)
{
	struct announcement *announcement = xcalloc(1, sizeof(*announcement));

	announcement->key = xasprintf("%s/%s", namespace, name);
	announcement->collection =
		xasprintf("/api/v1/namespaces/%s/events", namespace);
	announcement->path = xasprintf("%s/%s", announcement->collection, name);
	announcement->backoff = (struct backoff){
		.first = pace->first_pause / MICROSECONDS_PER_MILLISECOND,
		.max = pace->last_pause / MICROSECONDS_PER_MILLISECOND,
	};
	return announcement;
}

void announcement_begin(struct announcement *announcement)
{
	announcement->patched = false;
	announcement->posted = false;
}

/* What of an Event that the API server has is new. */
static json_t *changes_of(const struct announcement *announcement,
			  json_t *event)
{
	static const char *const fields[] = { "lastTimestamp", "message" };
	json_t *changes = json_object();
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set(changes, fields[i],
				json_object_get(event, fields[i]));
	/* Of one that was there already the answer says how much it is. */
	if (announcement->count)
		json_object_set_new(changes, "count",
				    json_integer(announcement->count + 1));
	return changes;
}

char *announcement_compose(struct announcement *announcement, json_t *event,
			   struct question *question)
{
	json_t *body;
	char *text;

	announcement->patching = announcement->exists && !announcement->patched;
	if (announcement->patching) {
		body = changes_of(announcement, event);
		question->method = "PATCH";
		question->path = announcement->path;
		question->content_type =
			"application/strategic-merge-patch+json";
	} else {
		body = json_incref(event);
		question->method = "POST";
		question->path = announcement->collection;
		question->content_type = "application/json";
	}
	text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	return text;
}

static enum verdict judge_post(struct announcement *announcement, long status)
{
	if (status == 403 || status >= 500)
		return VERDICT_POSTPONED;
	if (status != 409)
		return VERDICT_USUAL;
	announcement->exists = true;
	announcement->posted = true;
	return announcement->patched ? VERDICT_TAKEN : VERDICT_OTHERWISE;
}

static enum verdict judge_patch(struct announcement *announcement, long status)
{
	switch (status) {
	case 403:
		announcement->patched = true;
		return announcement->posted ? VERDICT_TAKEN : VERDICT_OTHERWISE;
	case 404:
		announcement->exists = false;
		announcement->count = 0;
		announcement->patched = true;
		return VERDICT_OTHERWISE;
	case 409:
		return VERDICT_TAKEN;
	default:
		return status >= 500 ? VERDICT_POSTPONED : VERDICT_USUAL;
	}
}

enum verdict announcement_judge(struct announcement *announcement, long status)
{
	return announcement->patching ? judge_patch(announcement, status) :
					judge_post(announcement, status);
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

void announcement_taken(struct announcement *announcement,
			const struct response *response)
{
	json_int_t count = count_in(response);

	if (count)
		announcement->count = count;
	else if (!announcement->patching)
		announcement->count = 1;
	else if (announcement->count)
		announcement->count++;
	announcement->exists = true;
}

uint64_t announcement_postpone(struct announcement *announcement, long status,
			       bool *differs)
{
	*differs = !announcement->backoff.failures ||
		   announcement->failed != status;
	announcement->failed = status;
	return backoff_failed(&announcement->backoff, 0, backoff_random()) *
	       NANOSECONDS_PER_MILLISECOND;
}

void announcement_free(struct announcement *announcement)
{
	free(announcement->key);
	free(announcement->collection);
	free(announcement->path);
	free(announcement->subject);
	json_decref(announcement->event);
	free(announcement);
}
