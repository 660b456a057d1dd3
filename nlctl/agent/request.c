// SPDX-License-Identifier: GPL-2.0-only
#include "agent/request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/memory.h"

static uint64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

bool request_is_success(const struct request *request)
{
	return request->status >= 200 && request->status < 300;
}

bool request_is_stream(const struct request *request)
{
	return request->question.received && request_is_success(request);
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
		request->owner->ready(request);
	}
	return length;
}

static size_t on_body(char *part, size_t size, size_t count, void *context)
{
	struct request *request = context;
	size_t length = size * count;

	request->heard = monotonic();
	reachability_heard(&request->owner->reachability);
	if (!request_is_stream(request) &&
	    request->length + length > request->owner->limits.body) {
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
	if (request_is_stream(request))
		request->owner->ready(request);
	return length;
}

/* --- What the loop calls. */

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
	request->owner->silent(request);
	return 0;
}

static void watch_silence(struct request *request, sd_event *event)
{
	int result =
		sd_event_add_time_relative(event, &request->silence,
					   CLOCK_MONOTONIC,
					   request->question.silence_limit *
						   1000,
					   1000, on_silence, request);

	/* A loop that has ended takes nothing more. */
	if (result < 0 && result != -ESTALE)
		abort();
}

/* --- What the owner calls. */

struct request *request_new(struct request_owner *owner, sd_event *event,
			    const struct credentials *credentials,
			    const struct question *question)
{
	struct request *request = xcalloc(1, sizeof(*request));
	CURL *easy;

	request->owner = owner;
	request->question = *question;
	request->heard = monotonic();
	transfer_begin(&request->transfer, credentials, &owner->limits,
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
	if (question->silence_limit)
		watch_silence(request, event);
	return request;
}

static char *failure_text(const struct request *request)
{
	if (request->silent)
		return xasprintf("nothing came for %llu ms",
				 (unsigned long long)
					 request->question.silence_limit);
	if (request->too_large)
		return xasprintf("the answer has more than %zu bytes",
				 request->owner->limits.body);
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

char *request_response(struct request *request, struct response *response)
{
	char *failure = failure_text(request);

	*response = (struct response){
		.failure = failure,
		.too_large = request->too_large,
		.status = request->status,
		.retry_after = retry_after(request),
		.body = "",
	};
	if (!request_is_stream(request) && request->length) {
		request->buffer[request->length] = '\0';
		response->body = request->buffer;
		response->length = request->length;
	}
	return failure;
}

void request_free(struct request *request)
{
	sd_event_source_disable_unref(request->silence);
	transfer_clear(&request->transfer);
	free(request->buffer);
	free(request);
}
