// SPDX-License-Identifier: GPL-2.0-only
#include "agent/api.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

#include "agent/credentials.h"
#include "agent/log.h"
#include "agent/sockets.h"
#include "agent/transfer.h"
#include "agent/trouble.h"
#include "clock.h"
#include "policy/memory.h"

/* What a request keeps to receive its next part into. */
#define BUFFER_KEPT ((size_t)1 << 20)

static const struct api_limits usual_limits = {
	.connect = 10000,
	.unacknowledged = 30000,
	.body = API_BODY_MAX,
	.outage = 2000,
};

/**
 * struct api - an API server
 * @event: the loop
 * @credentials: who and where
 * @multi: all transfers
 * @sockets: joins @multi to @event
 * @requests: all requests
 * @ready: those that have something to deliver, in the order it came
 * @limits: how long things may take
 * @unreachable: the request that ended last got no answer
 * @heard: when the server last sent anything, by clock_now(); 0 for never
 * @outage: the same, to be told of
 */
struct api {
	sd_event *event;
	struct credentials *credentials;
	CURLM *multi;
	struct sockets *sockets;
	struct request *requests;
	struct request *ready;
	struct api_limits limits;
	bool unreachable;
	uint64_t heard;
	struct trouble outage;
};

/**
 * struct request - a question that was asked
 * @api: to whom
 * @question: what to call back; its texts are not kept
 * @transfer: libcurl's part of it
 * @buffer: what was received and not delivered
 * @length: bytes in @buffer
 * @room: bytes that @buffer has room for
 * @silence: ends the request when nothing comes
 * @heard: when something came last, in microseconds of CLOCK_MONOTONIC
 * @status: HTTP status; 0 until all headers are there
 * @too_large: the body is
 * @silent: nothing came for too long
 * @told: the beginning was delivered
 * @finished: the transfer has ended
 * @queued: is in the list @ready of the API server
 * @result: how it ended
 * @gone: set when the request is freed; NULL while it delivers nothing
 * @prev: of all requests
 * @next: likewise
 * @ready_prev: of those that are ready
 * @ready_next: likewise
 */
struct request {
	struct api *api;
	struct question question;
	struct transfer transfer;
	char *buffer;
	size_t length;
	size_t room;
	sd_event_source *silence;
	uint64_t heard;
	long status;
	bool too_large;
	bool silent;
	bool told;
	bool finished;
	bool queued;
	CURLcode result;
	bool *gone;
	struct request *prev, *next;
	struct request *ready_prev, *ready_next;
};

static uint64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

static void set_ready(struct request *request)
{
	if (request->queued)
		return;
	request->queued = true;
	DL_APPEND2(request->api->ready, request, ready_prev, ready_next);
}

static void unset_ready(struct request *request)
{
	if (!request->queued)
		return;
	request->queued = false;
	DL_DELETE2(request->api->ready, request, ready_prev, ready_next);
}

static void note_answer(struct api *api)
{
	uint64_t lasted = trouble_ended(&api->outage, clock_now());

	api->unreachable = false;
	api->heard = clock_now();
	if (lasted)
		log_notice("API server %s answers again, after %llu s",
			   credentials_server(api->credentials),
			   (unsigned long long)(lasted /
						NANOSECONDS_PER_SECOND));
}

static void note_no_answer(struct api *api, const struct request *request,
			   const char *failure)
{
	api->unreachable = true;
	if (trouble_failed(&api->outage, clock_now(),
			   api->limits.outage * NANOSECONDS_PER_MILLISECOND,
			   request->silent ? -1 : (long)request->result))
		log_warning("API server %s is not reachable: %s; what is in force stays in force, and it is tried again",
			    credentials_server(api->credentials), failure);
}

/* --- What libcurl calls: it must not be called from here. */

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
	struct request *request = context;
	size_t length = size * count;
	long status = 0;

	request->heard = monotonic();
	if (length > 2 || (*line != '\r' && *line != '\n'))
		return length;
	curl_easy_getinfo(request->transfer.easy, CURLINFO_RESPONSE_CODE,
			  &status);
	/* 100 and the like come in front of the answer. */
	if (status >= 200) {
		request->status = status;
		set_ready(request);
	}
	return length;
}

static bool is_success(const struct request *request)
{
	return request->status >= 200 && request->status < 300;
}

/* Whether its body is delivered in parts. */
static bool is_stream(const struct request *request)
{
	return request->question.received && is_success(request);
}

static size_t on_body(char *part, size_t size, size_t count, void *context)
{
	struct request *request = context;
	size_t length = size * count;

	request->heard = monotonic();
	request->api->heard = clock_now();
	if (!is_stream(request) &&
	    request->length + length > request->api->limits.body) {
		request->too_large = true;
		return 0;
	}
	/* The 0 byte behind it has room, too. */
	if (request->length + length >= request->room) {
		if (!request->room)
			request->room = 16384;
		while (request->length + length >= request->room)
			request->room *= 2;
		request->buffer =
			xreallocarray(request->buffer, request->room, 1);
	}
	memcpy(request->buffer + request->length, part, length);
	request->length += length;
	if (is_stream(request))
		set_ready(request);
	return length;
}

/* --- What the loop calls. */

static void finish(struct request *request, CURLcode result)
{
	curl_multi_remove_handle(request->api->multi, request->transfer.easy);
	request->result = result;
	request->finished = true;
	set_ready(request);
}

static void free_request(struct request *request)
{
	struct api *api = request->api;

	if (request->gone)
		*request->gone = true;
	unset_ready(request);
	DL_DELETE(api->requests, request);
	if (!request->finished)
		curl_multi_remove_handle(api->multi, request->transfer.easy);
	sd_event_source_disable_unref(request->silence);
	transfer_clear(&request->transfer);
	free(request->buffer);
	free(request);
}

static char *failure_text(const struct request *request)
{
	if (request->silent)
		return xasprintf("nothing came for %llu ms",
				 (unsigned long long)
					 request->question.silence_limit);
	if (request->too_large)
		return xasprintf("the answer has more than %zu bytes",
				 request->api->limits.body);
	if (request->result == CURLE_ABORTED_BY_CALLBACK)
		return xstrdup("what came was not understood");
	if (request->result != CURLE_OK)
		return transfer_failure(&request->transfer, request->result);
	return NULL;
}

static unsigned int retry_after(const struct request *request)
{
	curl_off_t value = 0;

	/* Seconds or a date; libcurl reads both. */
	curl_easy_getinfo(request->transfer.easy, CURLINFO_RETRY_AFTER, &value);
	return value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : value;
}

static void complete(struct request *request)
{
	struct api *api = request->api;
	char *failure = failure_text(request);
	struct response response = {
		.failure = failure,
		.too_large = request->too_large,
		.status = request->status,
		.retry_after = retry_after(request),
		.body = "",
	};
	bool gone = false;

	if (!is_stream(request) && request->length) {
		request->buffer[request->length] = '\0';
		response.body = request->buffer;
		response.length = request->length;
	}
	if (!response.status && failure)
		note_no_answer(api, request, failure);
	if (response.status == 401)
		credentials_refused(api->credentials);
	request->gone = &gone;
	request->question.done(request->question.context, &response);
	request->gone = NULL;
	free(failure);
	if (!gone)
		free_request(request);
}

/* Hand over what a stream has received; false when the request is gone. */
static bool deliver_part(struct request *request)
{
	const struct question *question = &request->question;
	char *buffer = request->buffer;
	size_t length = request->length, room = request->room;
	bool gone = false, fine;

	request->buffer = NULL;
	request->length = 0;
	request->room = 0;
	request->gone = &gone;
	fine = question->received(question->context, buffer, length);
	if (gone || room > BUFFER_KEPT) {
		free(buffer);
	} else {
		request->buffer = buffer;
		request->room = room;
	}
	if (gone)
		return false;
	request->gone = NULL;
	if (!fine && !request->finished)
		finish(request, CURLE_ABORTED_BY_CALLBACK);
	else if (!fine)
		request->result = CURLE_ABORTED_BY_CALLBACK;
	return true;
}

static void deliver(struct request *request)
{
	bool gone = false;

	if (request->status && !request->told) {
		request->told = true;
		note_answer(request->api);
		if (is_success(request) && request->question.begun) {
			request->gone = &gone;
			request->question.begun(request->question.context);
			if (gone)
				return;
			request->gone = NULL;
		}
	}
	if (is_stream(request) && request->length && !deliver_part(request))
		return;
	if (request->finished)
		complete(request);
}

static void deliver_all(struct api *api)
{
	struct request *request;

	while (api->ready) {
		request = api->ready;
		unset_ready(request);
		deliver(request);
	}
}

static void on_acted(void *context)
{
	struct api *api = context;
	struct request *request;
	CURLMsg *message;
	char *private;
	int left;

	while ((message = curl_multi_info_read(api->multi, &left))) {
		CURLcode result = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
				  &private);
		request = (struct request *)private;
		finish(request, result);
	}
	deliver_all(api);
}

static int on_silence(sd_event_source *source, uint64_t time, void *context)
{
	struct request *request = context;
	uint64_t end = request->heard + request->question.silence_limit * 1000;

	(void)time;
	if (monotonic() < end) {
		sd_event_source_set_time(source, end);
		sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
		return 0;
	}
	request->silent = true;
	finish(request, CURLE_OPERATION_TIMEDOUT);
	deliver_all(request->api);
	return 0;
}

static void watch_silence(struct request *request)
{
	int result =
		sd_event_add_time_relative(request->api->event,
					   &request->silence, CLOCK_MONOTONIC,
					   request->question.silence_limit *
						   1000,
					   1000, on_silence, request);

	/* A loop that has ended takes nothing more. */
	if (result < 0 && result != -ESTALE)
		abort();
}

struct api *api_new(sd_event *event, struct credentials *credentials)
{
	struct api *api = xcalloc(1, sizeof(*api));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	api->event = sd_event_ref(event);
	api->credentials = credentials;
	api->limits = usual_limits;
	api->multi = curl_multi_init();
	if (!api->multi)
		abort();
	api->sockets = sockets_new(event, api->multi, on_acted, api);
	return api;
}

void api_limit(struct api *api, const struct api_limits *limits)
{
	if (limits->connect)
		api->limits.connect = limits->connect;
	if (limits->unacknowledged)
		api->limits.unacknowledged = limits->unacknowledged;
	if (limits->body)
		api->limits.body = limits->body;
	if (limits->outage)
		api->limits.outage = limits->outage;
}

bool api_is_reachable(const struct api *api)
{
	return !api->unreachable;
}

uint64_t api_heard(const struct api *api)
{
	return api->heard;
}

struct request *api_ask(struct api *api, const struct question *question)
{
	struct request *request = xcalloc(1, sizeof(*request));
	CURL *easy;

	credentials_refresh(api->credentials);
	request->api = api;
	request->question = *question;
	request->heard = monotonic();
	transfer_begin(&request->transfer, api->credentials, &api->limits,
		       question);
	request->question.method = NULL;
	request->question.path = NULL;
	request->question.content_type = NULL;
	request->question.body = NULL;
	easy = request->transfer.easy;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
	DL_APPEND(api->requests, request);
	if (question->silence_limit)
		watch_silence(request);
	if (curl_multi_add_handle(api->multi, easy) != CURLM_OK)
		abort();
	return request;
}

void api_cancel(struct request *request)
{
	if (request)
		free_request(request);
}

void api_free(struct api *api)
{
	struct request *request, *next;

	if (!api)
		return;
	DL_FOREACH_SAFE(api->requests, request, next)
		free_request(request);
	curl_multi_cleanup(api->multi);
	sockets_free(api->sockets);
	sd_event_unref(api->event);
	free(api);
}
