// SPDX-License-Identifier: GPL-2.0-only
#include "agent/watcher.h"

#include <stdlib.h>

#include "agent/api_object.h"
#include "agent/failure.h"
#include "agent/frames.h"
#include "agent/log.h"
#include "agent/trouble.h"
#include "agent/watch.h"
#include "clock.h"
#include "policy/memory.h"

const struct watcher_limits watcher_usual_limits = {
	.reflector = {
		.page = 500,
		.watch_min = 300,
		.watch_max = 600,
		.find = 60000,
	},
	/* A server answers within a minute, or says that it could not. */
	.silence = 65000,
	.answer = 300000,
	.overtime = 30000,
	.steady = 5000,
	.frame = FRAME_MAX,
	.patience = 10000,
};

/**
 * struct watcher - one kind of objects
 * @api: the API server
 * @audience: who is told
 * @limits: how much at once
 * @reflector: what is asked
 * @api_version: group and version of the kind
 * @request: what is being asked; NULL while nothing is
 * @timer: what is next: a request, or while a watch is open, to call it steady
 * @watch: what comes in a watch
 * @trouble: what keeps failing
 * @absent: it was told that the kind is not served
 * @counts: for metrics
 */
struct watcher {
	struct api *api;
	struct audience audience;
	struct watcher_limits limits;
	struct reflector reflector;
	char *api_version;
	struct request *request;
	sd_event_source *timer;
	struct watch watch;
	struct trouble trouble;
	bool absent;
	struct watcher_counts counts;
};

static const struct resource *kind_of(const struct watcher *watcher)
{
	return watcher->reflector.resource;
}

static void set_timer(struct watcher *watcher, uint64_t milliseconds)
{
	if (sd_event_source_set_time_relative(watcher->timer,
					      milliseconds * 1000) < 0 ||
	    sd_event_source_set_enabled(watcher->timer, SD_EVENT_ONESHOT) < 0)
		abort();
}

/* --- What is told to people. */

/* Must be called before the reflector learns of it: it names what was asked. */
static void note_failure(struct watcher *watcher,
			 const struct reflector_answer *answer,
			 const char *words)
{
	long code = answer->outcome == OUTCOME_STATUS ? answer->status :
							-(long)answer->outcome;
	bool plain = answer->status == 401 || answer->status == 403;
	char *text;

	watcher->counts.failures++;
	/* That the server is away is told of for all kinds. */
	if (answer->outcome == OUTCOME_BROKEN &&
	    !api_is_reachable(watcher->api)) {
		trouble_forget(&watcher->trouble);
		return;
	}
	if (!trouble_failed(&watcher->trouble, clock_now(),
			    plain ? 0 :
				    watcher->limits.patience *
					    NANOSECONDS_PER_MILLISECOND,
			    code))
		return;
	text = failure_text(&watcher->reflector, answer, words);
	log_warning("%s", text);
	free(text);
}

static void note_well(struct watcher *watcher)
{
	uint64_t lasted = trouble_ended(&watcher->trouble, clock_now());

	if (lasted)
		log_notice("%s are up to date again, after %llu s",
			   kind_of(watcher)->plural,
			   (unsigned long long)(lasted /
						NANOSECONDS_PER_SECOND));
}

/* --- What is told to the audience. */

static void tell_begin(struct watcher *watcher)
{
	watcher->audience.begin(watcher->audience.context, kind_of(watcher));
}

static void tell_end(struct watcher *watcher)
{
	watcher->audience.end(watcher->audience.context, kind_of(watcher));
	watcher->counts.complete = true;
}

static void tell_put(struct watcher *watcher, json_t *object)
{
	watcher->audience.put(watcher->audience.context, kind_of(watcher),
			      watcher->api_version, object);
}

static void tell_page(struct watcher *watcher, const struct page *page)
{
	json_t *object;
	size_t i;

	if (!watcher->reflector.listing)
		tell_begin(watcher);
	json_array_foreach(page->items, i, object)
		tell_put(watcher, object);
}

static void tell_news(struct watcher *watcher, enum reflector_news news)
{
	const char *kind = kind_of(watcher)->kind;

	switch (news) {
	case NEWS_FOUND:
		free(watcher->api_version);
		watcher->api_version =
			reflector_api_version(&watcher->reflector);
		if (watcher->absent)
			log_notice("the API server serves %s now, as %s", kind,
				   watcher->api_version);
		watcher->absent = false;
		watcher->counts.served = true;
		break;
	case NEWS_GONE:
		if (!watcher->absent) {
			log_notice("the API server does not serve %s; it is looked for again",
				   kind);
			tell_begin(watcher);
			tell_end(watcher);
		}
		watcher->absent = true;
		watcher->counts.served = false;
		note_well(watcher);
		break;
	case NEWS_LISTED:
		tell_end(watcher);
		watcher->counts.lists++;
		break;
	case NEWS_PAGE:
	case NEWS_NONE:
		break;
	}
}

/* --- What is asked, and answered. */

static void answered(struct watcher *watcher,
		     const struct reflector_answer *answer, const char *words)
{
	enum reflector_news news;
	uint64_t wait;

	if (failure_is(&watcher->reflector, answer))
		note_failure(watcher, answer, words);
	wait = reflector_answered(&watcher->reflector, answer, backoff_random(),
				  &news);
	set_timer(watcher, wait);
	tell_news(watcher, news);
}

static void on_found(void *context, const struct response *response)
{
	struct watcher *watcher = context;
	struct reflector_answer answer;
	char *words;

	watcher->request = NULL;
	if (!failure_read(response, &answer, &words) &&
	    watcher->reflector.step == REFLECTOR_FIND &&
	    !resource_is_listed(response->body, response->length,
				kind_of(watcher)->plural, &answer.served))
		answer.outcome = OUTCOME_NONSENSE;
	answered(watcher, &answer, words);
	free(words);
}

static void on_listed(void *context, const struct response *response)
{
	struct watcher *watcher = context;
	struct reflector_answer answer;
	struct page page = {};
	char *words;

	watcher->request = NULL;
	if (!failure_read(response, &answer, &words)) {
		if (page_decode(&page, response->body, response->length)) {
			answer.resource_version = page.resource_version;
			answer.token = page.token;
		}
		if (!answer.resource_version || !*answer.resource_version) {
			answer.outcome = OUTCOME_NONSENSE;
		} else if (reflector_stands_still(&watcher->reflector,
						  answer.token)) {
			answer.outcome = OUTCOME_NONSENSE;
			words = xstrdup("a page of the list is followed by itself");
		} else if (watcher->reflector.step == REFLECTOR_LIST) {
			tell_page(watcher, &page);
		}
	}
	answered(watcher, &answer, words);
	page_clear(&page);
	free(words);
}

/* --- The watch. */

static void on_watch_begun(void *context)
{
	struct watcher *watcher = context;

	watcher->counts.watches++;
	watcher->counts.watching = true;
	set_timer(watcher, watcher->limits.steady);
}

static void note_steady(struct watcher *watcher)
{
	if (watcher->watch.steady)
		return;
	watcher->watch.steady = true;
	reflector_steady(&watcher->reflector);
	note_well(watcher);
}

static void on_event(void *context, const struct watch_event *event)
{
	struct watcher *watcher = context;

	if (!reflector_seen(&watcher->reflector, event->resource_version)) {
		watch_end(&watcher->watch, OUTCOME_BACKWARDS,
			  "the storage of the API server went back in time");
		return;
	}
	note_steady(watcher);
	if (event->type == WATCH_EVENT_BOOKMARK)
		return;
	watcher->counts.events++;
	if (event->type == WATCH_EVENT_PUT)
		tell_put(watcher, event->object);
	else
		watcher->audience.removed(watcher->audience.context,
					  kind_of(watcher), event->object);
}

static bool on_watch_part(void *context, const char *part, size_t length)
{
	struct watcher *watcher = context;

	return watch_take(&watcher->watch, part, length);
}

static void on_watched(void *context, const struct response *response)
{
	struct watcher *watcher = context;
	struct reflector_answer answer;
	char *words;

	watcher->request = NULL;
	watcher->counts.watching = false;
	failure_read(response, &answer, &words);
	watch_close(&watcher->watch, clock_now(), watcher->reflector.seconds,
		    &answer, &words);
	if (answer.outcome == OUTCOME_FINE && !answer.early)
		note_steady(watcher);
	answered(watcher, &answer, words);
	free(words);
}

static void ask(struct watcher *watcher)
{
	bool watch = watcher->reflector.step == REFLECTOR_WATCH;
	char *path = reflector_path(&watcher->reflector, backoff_random());
	struct question question = {
		.method = "GET",
		.path = path,
		.time_limit = watcher->limits.answer,
		.silence_limit = watcher->limits.silence,
		.done = watcher->reflector.step <= REFLECTOR_DEFINITION ?
				on_found :
				on_listed,
		.context = watcher,
	};

	if (watch) {
		question.time_limit = watcher->reflector.seconds * 1000ull +
				      watcher->limits.overtime;
		/* See DOC: silence. */
		question.silence_limit = 0;
		question.begun = on_watch_begun;
		question.received = on_watch_part;
		question.done = on_watched;
		watch_begin(&watcher->watch, clock_now(),
			    watcher->limits.frame);
	}
	watcher->request = api_ask(watcher->api, &question);
	free(path);
}

static int on_time(sd_event_source *source, uint64_t time, void *context)
{
	struct watcher *watcher = context;

	(void)source;
	(void)time;
	if (watcher->request)
		note_steady(watcher);
	else
		ask(watcher);
	return 0;
}

struct watcher *watcher_new(sd_event *event, struct api *api,
			    const struct resource *resource,
			    const struct audience *audience)
{
	struct watcher *watcher = xcalloc(1, sizeof(*watcher));

	watcher->api = api;
	watcher->audience = *audience;
	watcher->limits = watcher_usual_limits;
	watcher->counts.served = !resource->custom;
	watcher->watch.resource = resource;
	watcher->watch.happened = on_event;
	watcher->watch.context = watcher;
	reflector_begin(&watcher->reflector, resource,
			&watcher->limits.reflector);
	watcher->api_version = reflector_api_version(&watcher->reflector);
	if (sd_event_add_time_relative(event, &watcher->timer, CLOCK_MONOTONIC,
				       0, 1000, on_time, watcher) < 0)
		abort();
	return watcher;
}

void watcher_limit(struct watcher *watcher, const struct watcher_limits *limits)
{
	const struct resource *resource = kind_of(watcher);

	watcher->limits = *limits;
	reflector_clear(&watcher->reflector);
	reflector_begin(&watcher->reflector, resource, &limits->reflector);
}

struct watcher_counts watcher_counts(const struct watcher *watcher)
{
	return watcher->counts;
}

const struct resource *watcher_resource(const struct watcher *watcher)
{
	return kind_of(watcher);
}

void watcher_free(struct watcher *watcher)
{
	if (!watcher)
		return;
	api_cancel(watcher->request);
	sd_event_source_disable_unref(watcher->timer);
	watch_clear(&watcher->watch);
	reflector_clear(&watcher->reflector);
	free(watcher->api_version);
	free(watcher);
}
