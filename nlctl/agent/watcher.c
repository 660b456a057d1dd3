// SPDX-License-Identifier: GPL-2.0-only
#include "agent/watcher.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/api_object.h"
#include "agent/frames.h"
#include "agent/log.h"
#include "agent/trouble.h"
#include "clock.h"
#include "policy/memory.h"

/*
 * DOC: silence
 *
 * A watch of a quiet cluster says nothing for minutes: newer servers send a
 * bookmark each minute, older ones only when the watch is about to end. So
 * silence means nothing, and what finds a server that is gone is the kernel, whose
 * probes are not acknowledged (see DOC: connections). A server whose machine
 * acknowledges but which answers no more is found when the watch lasts longer than
 * the server was asked to let it last.
 */
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
 * @frames: of the watch
 * @begun: when the watch began, in nanoseconds of clock_now()
 * @steady: the watch works
 * @ending: how the watch ended, by what came in it
 * @ended: @ending counts
 * @words: what the server said about that; owned
 * @trouble: what keeps failing
 * @strange: an event of an unknown type was told of
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
	struct frames frames;
	uint64_t begun;
	bool steady;
	struct reflector_answer ending;
	bool ended;
	char *words;
	struct trouble trouble;
	bool strange;
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

static const char *what_is_asked(const struct watcher *watcher)
{
	switch (watcher->reflector.step) {
	case REFLECTOR_FIND:
		return "cannot be looked for";
	case REFLECTOR_DEFINITION:
		return "cannot be looked for in the storage of the API server";
	case REFLECTOR_LIST:
	case REFLECTOR_CHECK:
		return "cannot be listed";
	case REFLECTOR_WATCH:
		break;
	}
	return "cannot be watched";
}

/* What to do about a refusal; the caller frees it. */
static char *advice(const struct watcher *watcher, long status)
{
	const struct resource *resource = kind_of(watcher);
	const char *group = *resource->group ? resource->group : "\"\"";

	if (status == 401)
		return xstrdup(
			"; the API server does not take the credentials: renew the token or the client certificate");
	if (status == 404 && !resource->custom)
		return xstrdup("; is this an API server?");
	if (status != 403)
		return xstrdup("");
	switch (watcher->reflector.step) {
	case REFLECTOR_FIND:
		return xasprintf("; grant get of the path /apis/%s/*",
				 resource->group);
	case REFLECTOR_DEFINITION:
		return xasprintf(
			"; grant get of customresourcedefinitions (apiGroups: apiextensions.k8s.io) named %s.%s",
			resource->plural, resource->group);
	default:
		return xasprintf("; grant list and watch of %s (apiGroups: %s)",
				 resource->plural, group);
	}
}

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
	if (answer->outcome == OUTCOME_FINE) {
		log_warning("%s are not served: they are defined, but in no version that nlctl knows, or the API server is not ready to; what is known of them stays in force, an agent that knows of none waits for them, and it is tried again",
			    kind_of(watcher)->plural);
		return;
	}
	text = advice(watcher, answer->status);
	log_warning("%s %s: %s%s; what is known of them stays in force, and it is tried again",
		    kind_of(watcher)->plural, what_is_asked(watcher),
		    words ? words :
			    "the API server said something else than expected",
		    text);
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

/* That a custom kind is not there is none, unless it is defined. */
static bool is_failure(const struct watcher *watcher,
		       const struct reflector_answer *answer)
{
	if (watcher->reflector.step <= REFLECTOR_DEFINITION &&
	    answer->status == 404)
		return false;
	return answer->outcome != OUTCOME_FINE ||
	       watcher->reflector.step == REFLECTOR_DEFINITION;
}

static void answered(struct watcher *watcher,
		     const struct reflector_answer *answer, const char *words)
{
	enum reflector_news news;
	uint64_t wait;

	if (is_failure(watcher, answer))
		note_failure(watcher, answer, words);
	wait = reflector_answered(&watcher->reflector, answer, backoff_random(),
				  &news);
	set_timer(watcher, wait);
	tell_news(watcher, news);
}

/* How a request ended that has no success to decode; false if it has. */
static bool read_failure(const struct response *response,
			 struct reflector_answer *answer, char **words)
{
	struct api_status status = {};

	*answer = (struct reflector_answer){
		.status = response->status,
		.retry_after = response->retry_after,
	};
	*words = NULL;
	if (response->too_large && response->status < 300) {
		answer->outcome = OUTCOME_TOO_LARGE;
	} else if (response->status >= 300) {
		answer->outcome = OUTCOME_STATUS;
		api_status_parse(&status, response->body, response->length);
		if (!answer->retry_after)
			answer->retry_after = status.retry_after;
		*words = xasprintf("%ld: %s", response->status,
				   status.message ? status.message :
						    "without a word");
		free(status.message);
		return true;
	} else if (response->failure) {
		answer->outcome = OUTCOME_BROKEN;
	} else {
		return false;
	}
	*words = xstrdup(response->failure);
	return true;
}

static void on_found(void *context, const struct response *response)
{
	struct watcher *watcher = context;
	struct reflector_answer answer;
	char *words;

	watcher->request = NULL;
	if (!read_failure(response, &answer, &words) &&
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
	if (!read_failure(response, &answer, &words)) {
		if (page_decode(&page, response->body, response->length)) {
			answer.resource_version = page.resource_version;
			answer.token = page.token;
		}
		if (!answer.resource_version || !*answer.resource_version)
			answer.outcome = OUTCOME_NONSENSE;
		else if (watcher->reflector.step == REFLECTOR_LIST)
			tell_page(watcher, &page);
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
	if (watcher->steady)
		return;
	watcher->steady = true;
	reflector_steady(&watcher->reflector);
	note_well(watcher);
}

/* The watch is of no use any more. */
static void end_watch(struct watcher *watcher, enum reflector_outcome outcome,
		      const char *words)
{
	watcher->ended = true;
	watcher->ending.outcome = outcome;
	free(watcher->words);
	watcher->words = xstrdup(words);
}

static void take_error(struct watcher *watcher, const json_t *object)
{
	struct api_status status;

	api_status_decode(&status, object);
	/* An error that has no code is one of the server. */
	watcher->ending.status = status.code >= 400 ? status.code : 500;
	watcher->ending.retry_after = status.retry_after;
	end_watch(watcher, OUTCOME_STATUS,
		  status.message ? status.message : "an error without a word");
	free(status.message);
}

static void take_event(struct watcher *watcher, const struct watch_event *event)
{
	if (event->type == WATCH_EVENT_ERROR) {
		take_error(watcher, event->object);
		return;
	}
	if (event->type == WATCH_EVENT_UNKNOWN) {
		if (!watcher->strange)
			log_warning("a watch of %s has events of type %s, which are passed over",
				    kind_of(watcher)->plural, event->word);
		watcher->strange = true;
		return;
	}
	if (!reflector_seen(&watcher->reflector, event->resource_version)) {
		end_watch(watcher, OUTCOME_BACKWARDS,
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
	struct watch_event event;
	const char *frame;
	size_t frame_length;

	frames_put(&watcher->frames, part, length);
	while (!watcher->ended) {
		switch (frames_next(&watcher->frames, &frame, &frame_length)) {
		case FRAMES_NONE:
			return true;
		case FRAMES_TOO_LONG:
			end_watch(watcher, OUTCOME_TOO_LARGE,
				  "an event of the watch is too large");
			return false;
		case FRAMES_ONE:
			break;
		}
		if (watch_event_decode(&event, frame, frame_length)) {
			take_event(watcher, &event);
			watch_event_clear(&event);
		} else {
			end_watch(watcher, OUTCOME_NONSENSE,
				  "what came is no event of a watch");
		}
	}
	return false;
}

/* What a server cuts off in the middle of an event is not used: it comes again. */
static void on_watched(void *context, const struct response *response)
{
	struct watcher *watcher = context;
	uint64_t lasted = clock_now() - watcher->begun;
	struct reflector_answer answer;
	char *words;

	watcher->request = NULL;
	watcher->counts.watching = false;
	frames_clear(&watcher->frames);
	read_failure(response, &answer, &words);
	if (watcher->ended) {
		answer = watcher->ending;
		free(words);
		words = watcher->words;
		watcher->words = NULL;
	}
	answer.steady = watcher->steady;
	/* A server lets a watch last a little less than it was asked to. */
	answer.early = lasted / (NANOSECONDS_PER_SECOND / 10) <
		       watcher->reflector.seconds * 9ull;
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
		question.silence_limit = 0;
		question.begun = on_watch_begun;
		question.received = on_watch_part;
		question.done = on_watched;
		watcher->frames.max = watcher->limits.frame;
		watcher->begun = clock_now();
		watcher->steady = false;
		watcher->ended = false;
		watcher->ending = (struct reflector_answer){};
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
	frames_clear(&watcher->frames);
	reflector_clear(&watcher->reflector);
	free(watcher->api_version);
	free(watcher->words);
	free(watcher);
}
