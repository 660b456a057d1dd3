/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to the API server, any number at a time, over libcurl.
 *
 * Everything happens in one thread, out of an sd-event loop: callbacks run from
 * there, never from within a function of this file, and may call any but
 * api_free(). Whether the server can be reached at all is told of here, once when
 * that changes.
 */
#ifndef NLCTL_AGENT_API_H
#define NLCTL_AGENT_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct api;
struct credentials;
struct request;

/**
 * struct response - how a request ended
 * @failure: NULL when an HTTP response was received whole; else a text for
 *	people that says what went wrong: "certificate verify failed: ..."
 * @too_large: the body has more bytes than a body may have; @failure says so, too
 * @status: the HTTP status; 0 when there was none
 * @retry_after: seconds that the server asks to wait; 0 when it does not
 * @body: the body, ended by a 0 byte, unless the request had a function for it;
 *	a failure of at least status 400 has it in any case
 * @length: its bytes
 */
struct response {
	const char *failure;
	bool too_large;
	long status;
	unsigned int retry_after;
	const char *body;
	size_t length;
};

/**
 * struct question - a request to make; copied
 * @method: "GET", "POST" or "PATCH"
 * @path: path and query, as "/api/v1/pods?limit=500"
 * @content_type: of @body; NULL without
 * @body: what to send; NULL without
 * @time_limit: milliseconds for the whole request; 0 for no limit
 * @silence_limit: milliseconds without a byte after which the connection is taken
 *	for dead; 0 for no limit
 * @begun: is called when a success begins, in front of its body; may be NULL
 * @received: is called with parts of the body of a success as they arrive, and
 *	returns false to give the request up, which is a failure then; NULL to
 *	have the body whole
 * @done: is called once at the end, unless the request is cancelled; the
 *	response lives until it returns
 * @context: passed to both
 */
struct question {
	const char *method;
	const char *path;
	const char *content_type;
	const char *body;
	uint64_t time_limit;
	uint64_t silence_limit;
	void (*begun)(void *context);
	bool (*received)(void *context, const char *part, size_t length);
	void (*done)(void *context, const struct response *response);
	void *context;
};

/* A whole body has at most so many bytes. */
#define API_BODY_MAX ((size_t)64 << 20)

/**
 * struct api_limits - how long things may take
 * @connect: milliseconds until a connection, with TLS, has to be there
 * @unacknowledged: milliseconds after which a connection is dead whose other end
 *	does not acknowledge, be it data or a probe; probes are sent when nothing
 *	else was for half of it
 * @body: bytes of a whole body
 * @outage: milliseconds for which the server may be gone before it is told of
 */
struct api_limits {
	uint32_t connect;
	uint32_t unacknowledged;
	size_t body;
	uint32_t outage;
};

/**
 * api_new() - prepare to talk to an API server
 * @event: the loop
 * @credentials: who and where; must outlive the result
 *
 * Return: a new object, freed with api_free().
 */
struct api *api_new(sd_event *event, struct credentials *credentials);

/**
 * api_limit() - have other limits than the usual ones
 * @api: the API server, which was asked nothing yet
 * @limits: the limits; each that is 0 stays as it is
 */
void api_limit(struct api *api, const struct api_limits *limits);

/**
 * api_is_reachable() - whether the server answers, whatever it does
 * @api: the API server
 *
 * Return: false when the requests that ended last got no answer.
 */
bool api_is_reachable(const struct api *api);

/**
 * api_heard() - when the server last sent anything
 * @api: the API server
 *
 * Return: a moment of clock_now(); 0 for never.
 */
uint64_t api_heard(const struct api *api);

/**
 * api_ask() - begin a request
 * @api: the API server
 * @question: what to ask
 *
 * Return: the request, which is freed by itself behind its done function.
 */
struct request *api_ask(struct api *api, const struct question *question);

/**
 * api_cancel() - give a request up; its done function is not called
 * @request: the request, or NULL
 */
void api_cancel(struct request *request);

/**
 * api_free() - cancel all requests and free the object
 * @api: the object, or NULL
 */
void api_free(struct api *api);

#endif
