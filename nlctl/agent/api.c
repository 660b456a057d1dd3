// SPDX-License-Identifier: GPL-2.0-only
#include "agent/api.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <utlist.h>

#include "agent/credentials.h"
#include "agent/request.h"
#include "agent/sockets.h"
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
 * @owner: of all requests
 */
struct api {
	sd_event *event;
	struct credentials *credentials;
	CURLM *multi;
	struct sockets *sockets;
	struct request *requests;
	struct request *ready;
	struct request_owner owner;
};

static void set_ready(struct request *request)
{
	if (request->queued)
		return;
	request->queued = true;
	DL_APPEND2(request->owner->api->ready, request, ready_prev, ready_next);
}

static void unset_ready(struct request *request)
{
	if (!request->queued)
		return;
	request->queued = false;
	DL_DELETE2(request->owner->api->ready, request, ready_prev, ready_next);
}

static void finish(struct request *request, CURLcode result)
{
	curl_multi_remove_handle(request->owner->api->multi,
				 request->transfer.easy);
	request->result = result;
	request->finished = true;
	set_ready(request);
}

static void free_request(struct request *request)
{
	struct api *api = request->owner->api;

	if (request->gone)
		*request->gone = true;
	unset_ready(request);
	DL_DELETE(api->requests, request);
	if (!request->finished)
		curl_multi_remove_handle(api->multi, request->transfer.easy);
	request_free(request);
}

static void complete(struct request *request)
{
	struct api *api = request->owner->api;
	struct response response;
	bool gone = false;
	char *failure;

	failure = request_response(request, &response);
	if (!response.status && failure)
		reachability_failed(&api->owner.reachability,
				    credentials_server(api->credentials),
				    api->owner.limits.outage,
				    request->silent ? -1 :
						      (long)request->result,
				    failure);
	if (response.status == 401)
		credentials_refused(api->credentials);
	request->gone = &gone;
	request->question.done(request->question.context, &response);
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
	struct api *api = request->owner->api;
	bool gone = false;

	if (request->status && !request->told) {
		request->told = true;
		reachability_answered(&api->owner.reachability,
				      credentials_server(api->credentials));
		if (request_is_success(request) && request->question.begun) {
			request->gone = &gone;
			request->question.begun(request->question.context);
			if (gone)
				return;
			request->gone = NULL;
		}
	}
	if (request_is_stream(request) && request->length &&
	    !deliver_part(request))
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

static void on_silent(struct request *request)
{
	struct api *api = request->owner->api;

	finish(request, CURLE_OPERATION_TIMEDOUT);
	deliver_all(api);
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

struct api *api_new(sd_event *event, struct credentials *credentials)
{
	struct api *api = xcalloc(1, sizeof(*api));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	api->event = sd_event_ref(event);
	api->credentials = credentials;
	api->owner.api = api;
	api->owner.limits = usual_limits;
	api->owner.ready = set_ready;
	api->owner.silent = on_silent;
	api->multi = curl_multi_init();
	if (!api->multi)
		abort();
	api->sockets = sockets_new(event, api->multi, on_acted, api);
	return api;
}

void api_limit(struct api *api, const struct api_limits *limits)
{
	struct api_limits *own = &api->owner.limits;

	if (limits->connect)
		own->connect = limits->connect;
	if (limits->unacknowledged)
		own->unacknowledged = limits->unacknowledged;
	if (limits->body)
		own->body = limits->body;
	if (limits->outage)
		own->outage = limits->outage;
}

bool api_is_reachable(const struct api *api)
{
	return !api->owner.reachability.unreachable;
}

uint64_t api_heard(const struct api *api)
{
	return api->owner.reachability.heard;
}

struct request *api_ask(struct api *api, const struct question *question)
{
	struct request *request;

	credentials_refresh(api->credentials);
	request = request_new(&api->owner, api->event, api->credentials,
			      question);
	DL_APPEND(api->requests, request);
	if (curl_multi_add_handle(api->multi, request->transfer.easy) !=
	    CURLM_OK)
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
