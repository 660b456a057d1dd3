/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An Event at the API server: which request tells it, and what the answer means.
 */
#ifndef NLCTL_AGENT_ANNOUNCEMENT_H
#define NLCTL_AGENT_ANNOUNCEMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "agent/api.h"
#include "agent/backoff.h"
#include "agent/submission.h"

/**
 * DOC: What tells an Event
 *
 * One that is not known to be there is created (POST). One that is there is told again
 * (PATCH): its time is the latest, its count one more. The API server may know better:
 *
 *	POST  409	an agent has created it before: PATCH
 *	PATCH 404	it has forgotten it since: POST
 *	PATCH 403	it does not permit that: POST, which creates it anew once it is
 *			forgotten
 *	PATCH 409	another agent tells it at this moment: nothing is left to say
 *
 * Each follows the other once, so it takes three requests at most:
 *
 *	POST 409, PATCH 404, POST 201	created by another, and forgotten in between
 *
 * A webhook may refuse one Event and take others, with any status, and a role may permit
 * to create them in some namespaces: whom it concerns the answer does not say. So after
 *
 *	POST 403
 *	POST 5xx, PATCH 5xx
 *
 * the Event is put off, and others are told meanwhile.
 */

/**
 * struct announcement - an Event; what comes after @failed is the owner's
 * @collection: path of the Events of its namespace
 * @path: its own
 * @exists: the API server has it, as far as is known
 * @count: how often that was told, as it has it; 0 while unknown
 * @patching: the last request was a PATCH
 * @patched: a PATCH was answered, and another request follows
 * @posted: likewise a POST
 * @backoff: how often it was put off in a row
 * @failed: HTTP status for which it was put off last
 * @key: namespace and name
 * @subject: what it is about: the object, and the reason
 * @event: what is to be sent; NULL unless it waits
 * @not_before: when it may be sent, if it waits, of clock_now()
 * @expires: when it may be said again, of clock_now()
 * @prev: in the list of those that wait
 * @next: likewise
 * @hh: in the table of all, by @key
 */
struct announcement {
	char *collection;
	char *path;
	bool exists;
	json_int_t count;
	bool patching;
	bool patched;
	bool posted;
	struct backoff backoff;
	long failed;
	char *key;
	char *subject;
	json_t *event;
	uint64_t not_before;
	uint64_t expires;
	struct announcement *prev;
	struct announcement *next;
	UT_hash_handle hh;
};

/**
 * announcement_new() - an Event that was not told yet
 * @namespace: where it is kept
 * @name: its name
 * @pace: how often it is tried
 *
 * Return: the announcement, freed with announcement_free().
 */
struct announcement *announcement_new(const char *namespace, const char *name,
				      const struct pace *pace);

/**
 * announcement_begin() - begin with the first of its requests
 * @announcement: the announcement
 */
void announcement_begin(struct announcement *announcement);

/**
 * announcement_compose() - make the next request
 * @announcement: the announcement
 * @event: what it says now
 * @question: receives method, path and content type, which live as long as the
 *	announcement
 *
 * Return: the body, which the caller frees.
 */
char *announcement_compose(struct announcement *announcement, json_t *event,
			   struct question *question);

/**
 * announcement_judge() - what an answer that is no success means
 * @announcement: the announcement
 * @status: the HTTP status
 */
enum verdict announcement_judge(struct announcement *announcement, long status);

/**
 * announcement_taken() - the API server has taken the last request
 * @announcement: the announcement
 * @response: the answer, which says how often the Event was told
 */
void announcement_taken(struct announcement *announcement,
			const struct response *response);

/**
 * announcement_postpone() - its last request failed, in a way that is its own
 * @announcement: the announcement
 * @status: HTTP status of the answer
 * @differs: set to whether those before it did not, or did otherwise
 *
 * Return: nanoseconds for which it is put off.
 */
uint64_t announcement_postpone(struct announcement *announcement, long status,
			       bool *differs);

/**
 * announcement_free() - free an announcement
 * @announcement: the announcement
 */
void announcement_free(struct announcement *announcement);

#endif
