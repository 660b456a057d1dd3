/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One request to an API server, and what of its answer was received. Who gets that,
 * and when, is the business of agent/api.c, for which alone this is.
 */
#ifndef NLCTL_AGENT_REQUEST_H
#define NLCTL_AGENT_REQUEST_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "agent/api.h"
#include "agent/credentials.h"
#include "agent/reachability.h"
#include "agent/transfer.h"

/**
 * struct request_owner - who makes requests
 * @api: to whom
 * @limits: how long things may take
 * @reachability: of the server
 * @ready: is called when there is something to deliver; from within libcurl, which
 *	must not be called then
 * @silent: is called when nothing came for too long; may free the request
 */
struct request_owner {
	struct api *api;
	struct api_limits limits;
	struct reachability reachability;
	void (*ready)(struct request *request);
	void (*silent)(struct request *request);
};

/**
 * struct request - a question that was asked
 * @owner: by whom, who alone uses the fields from @finished on
 * @question: what to call back; its texts are not kept
 * @transfer: libcurl's part of it
 * @buffer: what was received and not delivered
 * @length: bytes in @buffer
 * @room: bytes that @buffer has room for
 * @heard: when something came last, in microseconds of CLOCK_MONOTONIC
 * @status: HTTP status; 0 until all headers are there
 * @too_large: the body is
 * @silence: ends the request when nothing comes
 * @silent: nothing came for too long
 * @result: how the transfer ended
 * @finished: it has ended
 * @told: the beginning was delivered
 * @queued: is in the list of those that are ready
 * @gone: set when the request is freed; NULL while it delivers nothing
 * @prev: of all requests
 * @next: likewise
 * @ready_prev: of those that are ready
 * @ready_next: likewise
 */
struct request {
	struct request_owner *owner;
	struct question question;
	struct transfer transfer;
	char *buffer;
	size_t length;
	size_t room;
	uint64_t heard;
	long status;
	bool too_large;
	sd_event_source *silence;
	bool silent;
	CURLcode result;
	bool finished;
	bool told;
	bool queued;
	bool *gone;
	struct request *prev, *next;
	struct request *ready_prev, *ready_next;
};

/**
 * request_new() - make a request, which is in no multi handle yet
 * @owner: by whom; must outlive the request
 * @event: the loop
 * @credentials: who and where, as they are now
 * @question: what to ask
 *
 * Return: the request, freed with request_free().
 */
struct request *request_new(struct request_owner *owner, sd_event *event,
			    const struct credentials *credentials,
			    const struct question *question);

/**
 * request_is_success() - whether the server has said yes
 * @request: the request
 */
bool request_is_success(const struct request *request);

/**
 * request_is_stream() - whether the body is delivered in parts
 * @request: the request
 */
bool request_is_stream(const struct request *request);

/**
 * request_response() - say how a request ended
 * @request: the request, which is finished
 * @response: receives that; its body lives as long as the request
 *
 * Return: what went wrong, as @response has it, which the caller frees; NULL for
 * nothing.
 */
char *request_response(struct request *request, struct response *response);

/**
 * request_free() - free a request
 * @request: the request, which is in no multi handle and no list
 */
void request_free(struct request *request);

#endif
