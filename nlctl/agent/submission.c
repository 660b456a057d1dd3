// SPDX-License-Identifier: GPL-2.0-only
#include "agent/submission.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/backoff.h"
#include "agent/log.h"
#include "policy/memory.h"

/* For a request, in milliseconds. A webhook that hangs is given up by the API server
 * after half a minute at most, which then says so.
 */
#define TIME_LIMIT 35000

/* How late a timer may be, in microseconds. */
#define TIMER_ACCURACY 1000

#define MICROSECONDS_PER_MILLISECOND 1000ull

/**
 * struct submission - see submission.h
 * @event: the loop
 * @api: the API server
 * @pace: how often
 * @submitter: who sends
 * @request: what is under way; NULL without
 * @timer: when to ask for the next
 * @wanted: there may be something to send
 * @due: when the bucket of tokens is full again
 * @not_before: end of the pause after a failure
 * @backoff: failures in a row, which make that pause
 * @postponed: likewise of those that may be one write's own
 * @method: of the request under way
 * @told: HTTP status of the failure that was told last; 0 after a success
 * @counts: what became of requests
 */
struct submission {
	sd_event *event;
	struct api *api;
	struct pace pace;
	struct submitter submitter;
	struct request *request;
	sd_event_source *timer;
	bool wanted;
	uint64_t due;
	uint64_t not_before;
	struct backoff backoff;
	struct backoff postponed;
	char *method;
	long told;
	struct submission_counts counts;
};

/* What was told of a failure without an HTTP status. */
#define TOLD_NO_ANSWER (-1)

/* Microseconds of CLOCK_MONOTONIC. */
static uint64_t time_of(const struct submission *submission)
{
	uint64_t now = 0;

	sd_event_now(submission->event, CLOCK_MONOTONIC, &now);
	return now;
}

/* --- when */

/* The bucket as one moment: that at which it would be full. */
static uint64_t has_tokens_at(const struct submission *submission,
			      unsigned int count)
{
	uint64_t credit =
		(submission->pace.burst - count) * submission->pace.interval;

	return submission->due > credit ? submission->due - credit : 0;
}

static void schedule(struct submission *submission)
{
	uint64_t when = has_tokens_at(submission, 1);

	if (submission->request || !submission->wanted)
		return;
	if (when < submission->not_before)
		when = submission->not_before;
	sd_event_source_set_time(submission->timer, when);
	sd_event_source_set_enabled(submission->timer, SD_EVENT_ONESHOT);
}

static void take_token(struct submission *submission)
{
	uint64_t now = time_of(submission);

	if (submission->due < now)
		submission->due = now;
	submission->due += submission->pace.interval;
}

static uint64_t chance(uint64_t bound)
{
	return bound ? arc4random() % bound : 0;
}

static void pause_after_failure(struct submission *submission,
				struct backoff *backoff,
				unsigned int retry_after)
{
	uint64_t pause = backoff_failed(backoff, retry_after, backoff_random());

	submission->not_before =
		time_of(submission) + pause * MICROSECONDS_PER_MILLISECOND;
}

/* --- what came of it */

/* The words of the API server, which are an object of kind Status. */
static char *words_of(const struct response *response)
{
	json_t *status;
	const char *message;
	char *words;

	if (response->failure)
		return xstrdup(response->failure);
	status = json_loadb(response->body ? response->body : "",
			    response->length, 0, NULL);
	message = json_string_value(json_object_get(status, "message"));
	words = message ? xasprintf("%s (HTTP status %ld)", message,
				    response->status) :
			  xasprintf("HTTP status %ld", response->status);
	json_decref(status);
	return words;
}

/* Nothing is created in a namespace that is being deleted, whoever asks. */
static bool namespace_ends(const struct response *response)
{
	json_t *status = json_loadb(response->body ? response->body : "",
				    response->length, 0, NULL);
	const json_t *causes =
		json_object_get(json_object_get(status, "details"), "causes");
	bool ends = false;
	json_t *cause;
	size_t i;

	json_array_foreach(causes, i, cause) {
		const char *reason =
			json_string_value(json_object_get(cause, "reason"));

		ends |= reason && !strcmp(reason, "NamespaceTerminating");
	}
	json_decref(status);
	return ends;
}

/* The same again is not worth a line. */
static bool tell(struct submission *submission, long what)
{
	bool new = submission->told != what;

	submission->told = what;
	return new;
}

static void answered_well(struct submission *submission)
{
	backoff_reset(&submission->backoff);
	backoff_reset(&submission->postponed);
}

static void taken(struct submission *submission,
		  const struct response *response)
{
	submission->counts.taken++;
	answered_well(submission);
	submission->told = 0;
	submission->submitter.ended(submission->submitter.context, response);
}

static void tell_forbidden(struct submission *submission,
			   const struct response *response)
{
	char *words = words_of(response);

	if (tell(submission, response->status))
		log_error("the API server does not let the agent write %s: %s; grant the agent's account \"%s\"",
			  submission->submitter.what, words,
			  submission->submitter.permission);
	free(words);
}

static void forbidden(struct submission *submission,
		      const struct response *response)
{
	submission->counts.refused++;
	submission->not_before =
		time_of(submission) + submission->pace.forbidden_pause;
	tell_forbidden(submission, response);
	submission->submitter.ended(submission->submitter.context, response);
}

static void refused(struct submission *submission,
		    const struct response *response)
{
	char *words = words_of(response);

	submission->counts.refused++;
	answered_well(submission);
	/* Objects and their namespaces go; that is nobody's mistake. */
	if (response->status != 404 && response->status != 403 &&
	    tell(submission, response->status))
		log_warning("the API server does not take %s: %s",
			    submission->submitter.what, words);
	free(words);
	submission->submitter.ended(submission->submitter.context, response);
}

static void tell_failed(struct submission *submission,
			const struct response *response)
{
	char *words = words_of(response);

	if (tell(submission,
		 response->failure ? TOLD_NO_ANSWER : response->status))
		log_warning("cannot send %s: %s; it is tried again",
			    submission->submitter.what, words);
	free(words);
}

static void failed(struct submission *submission,
		   const struct response *response)
{
	submission->counts.failed++;
	pause_after_failure(submission, &submission->backoff,
			    response->retry_after);
	tell_failed(submission, response);
}

static void postpone(struct submission *submission,
		     const struct response *response)
{
	submission->counts.failed++;
	pause_after_failure(submission, &submission->postponed,
			    response->retry_after);
	if (!submission->submitter.postpone(submission->submitter.context,
					    response->status))
		return;
	if (response->status == 403)
		tell_forbidden(submission, response);
	else
		tell_failed(submission, response);
}

/* Whether another try of the same may have another end. */
static bool may_pass(const struct response *response)
{
	if (response->failure || response->status >= 500 ||
	    response->status < 400)
		return true;
	switch (response->status) {
	case 401: /* The token is being replaced. */
	case 408:
	case 409: /* Somebody else was faster at changing it. */
	case 429:
		return true;
	default:
		return false;
	}
}

static enum verdict judge(const struct submission *submission,
			  const struct response *response)
{
	const struct submitter *submitter = &submission->submitter;
	enum verdict verdict = VERDICT_USUAL;

	if (response->failure)
		return VERDICT_USUAL;
	if (response->status >= 200 && response->status < 300)
		return VERDICT_TAKEN;
	if (submitter->judge)
		verdict =
			submitter->judge(submitter->context, response->status);
	if (verdict == VERDICT_USUAL && response->status == 409 &&
	    !strcmp(submission->method, "POST"))
		return VERDICT_TAKEN;
	return verdict;
}

static void done(void *context, const struct response *response)
{
	struct submission *submission = context;
	enum verdict verdict = judge(submission, response);
	long status = response->status;

	submission->request = NULL;
	if (verdict == VERDICT_TAKEN)
		taken(submission, response);
	else if (verdict == VERDICT_OTHERWISE)
		backoff_reset(&submission->backoff);
	else if (status == 403 && namespace_ends(response))
		refused(submission, response);
	else if (verdict == VERDICT_POSTPONED)
		postpone(submission, response);
	else if (may_pass(response))
		failed(submission, response);
	else if (status == 403)
		forbidden(submission, response);
	else
		refused(submission, response);
	submission->wanted = true;
	schedule(submission);
}

/* --- sending */

static int ask_next(sd_event_source *timer, uint64_t now, void *context)
{
	struct submission *submission = context;
	struct question question = {
		.time_limit = TIME_LIMIT,
		.done = done,
		.context = submission,
	};

	(void)timer;
	(void)now;
	submission->wanted =
		submission->submitter.compose(submission->submitter.context,
					      &question);
	if (!submission->wanted)
		return 0;
	free(submission->method);
	submission->method = xstrdup(question.method);
	take_token(submission);
	submission->request = api_ask(submission->api, &question);
	return 0;
}

struct submission *submission_new(sd_event *event, struct api *api,
				  const struct pace *pace,
				  const struct submitter *submitter)
{
	struct submission *submission = xcalloc(1, sizeof(*submission));

	submission->event = sd_event_ref(event);
	submission->api = api;
	submission->pace = *pace;
	submission->submitter = *submitter;
	submission->backoff = (struct backoff){
		.first = pace->first_pause / MICROSECONDS_PER_MILLISECOND,
		.max = pace->last_pause / MICROSECONDS_PER_MILLISECOND,
	};
	submission->postponed = (struct backoff){
		.first = pace->first_pause / MICROSECONDS_PER_MILLISECOND,
		.max = pace->next_pause / MICROSECONDS_PER_MILLISECOND,
	};
	/* Only want of memory or of descriptors can be in the way. */
	if (sd_event_add_time(event, &submission->timer, CLOCK_MONOTONIC, 0,
			      TIMER_ACCURACY, ask_next, submission) < 0)
		abort();
	sd_event_source_set_enabled(submission->timer, SD_EVENT_OFF);
	return submission;
}

void submission_wake(struct submission *submission)
{
	uint64_t now = time_of(submission);
	uint64_t start;

	if (submission->wanted)
		return;
	submission->wanted = true;
	start = now + chance(submission->pace.spread);
	if (submission->not_before < start)
		submission->not_before = start;
	schedule(submission);
}

uint64_t submission_wait(const struct submission *submission,
			 unsigned int count)
{
	uint64_t when = has_tokens_at(submission, count);
	uint64_t now = time_of(submission);

	return when > now ? when - now : 0;
}

void submission_hurry(struct submission *submission)
{
	api_cancel(submission->request);
	submission->request = NULL;
	submission->due = 0;
	submission->not_before = 0;
	submission->wanted = true;
	schedule(submission);
}

struct submission_counts submission_counts(const struct submission *submission)
{
	return submission->counts;
}

void submission_free(struct submission *submission)
{
	if (!submission)
		return;
	api_cancel(submission->request);
	sd_event_source_disable_unref(submission->timer);
	sd_event_unref(submission->event);
	free(submission->method);
	free(submission);
}
