/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What to ask an API server next, to keep a picture of one kind of objects: list,
 * watch, and what to do when either fails. It asks nothing itself.
 */
#ifndef NLCTL_AGENT_REFLECTOR_H
#define NLCTL_AGENT_REFLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/backoff.h"
#include "agent/resource.h"

/**
 * struct reflector_limits - how much at once, and how often
 * @page: objects of a list that are asked for at once
 * @watch_min: seconds of the shortest watch
 * @watch_max: seconds of the longest
 * @find: milliseconds between two looks for a kind that is not served
 * @backoff_first: see struct backoff
 * @backoff_max: likewise
 */
struct reflector_limits {
	unsigned int page;
	unsigned int watch_min;
	unsigned int watch_max;
	unsigned int find;
	uint32_t backoff_first;
	uint32_t backoff_max;
};

enum reflector_step {
	REFLECTOR_FIND, /* ask whether a version of a custom kind is served */
	REFLECTOR_DEFINITION, /* ask whether the custom kind is defined at all */
	REFLECTOR_LIST, /* ask for a page of a list */
	REFLECTOR_CHECK, /* ask whether the storage is older than the picture */
	REFLECTOR_WATCH, /* ask for what changes */
};

/**
 * struct reflector - one kind of objects; begun with reflector_begin()
 * @resource: the kind
 * @limits: how much at once
 * @step: what is asked next, or is being asked
 * @version: index of the version in the resource's
 * @resource_version: what the picture is as new as; NULL without a picture; owned
 * @token: where the list goes on; NULL at its beginning; owned
 * @listing: a page of the list was taken
 * @attempts: failures in a row of the page that is asked for, behind the first
 * @page: objects of a list that are asked for at once
 * @seconds: of the watch
 * @backoff: failures in a row
 */
struct reflector {
	const struct resource *resource;
	struct reflector_limits limits;
	enum reflector_step step;
	size_t version;
	char *resource_version;
	char *token;
	bool listing;
	unsigned int attempts;
	unsigned int page;
	unsigned int seconds;
	struct backoff backoff;
};

enum reflector_outcome {
	OUTCOME_FINE, /* a success, understood; a watch was ended by the server */
	OUTCOME_STATUS, /* a status that is none of success, in @status */
	OUTCOME_BROKEN, /* no connection, or it broke, or nothing came */
	OUTCOME_TOO_LARGE, /* more came than there is room for */
	OUTCOME_NONSENSE, /* what came is not understood */
	OUTCOME_BACKWARDS, /* what came is older than the picture */
};

/**
 * struct reflector_answer - how a request ended
 * @outcome: how
 * @status: HTTP status, or the code that a watch ended with
 * @retry_after: seconds that the server asks to wait; 0 when it does not
 * @served: the version that was asked for has the kind
 * @resource_version: of a page of a list; NULL or "" when it has none
 * @token: where the list goes on; NULL or "" when the page is its last
 * @steady: the watch lived for a while, or had something to say
 * @early: the watch ended sooner than it was asked to
 */
struct reflector_answer {
	enum reflector_outcome outcome;
	long status;
	unsigned int retry_after;
	bool served;
	const char *resource_version;
	const char *token;
	bool steady;
	bool early;
};

enum reflector_news {
	NEWS_NONE,
	NEWS_PAGE, /* a page was taken, more follow */
	NEWS_LISTED, /* the last page was taken: the picture is complete */
	NEWS_FOUND, /* the kind is served, as version @version */
	NEWS_GONE, /* the kind is not there: the picture is complete, and empty */
};

/**
 * reflector_begin() - begin without a picture
 * @reflector: receives the beginning; ended with reflector_clear()
 * @resource: the kind
 * @limits: how much at once
 */
void reflector_begin(struct reflector *reflector,
		     const struct resource *resource,
		     const struct reflector_limits *limits);

/**
 * reflector_path() - what to ask now
 * @reflector: the reflector; its @seconds are chosen for a watch
 * @random: any number, each as likely
 *
 * Return: path and query, which the caller frees.
 */
char *reflector_path(struct reflector *reflector, uint32_t random);

/**
 * reflector_stands_still() - whether a page of a list leads to itself
 * @reflector: the reflector, which has not learned of the answer yet
 * @token: where the answer says that the list goes on; NULL without
 *
 * So it is where somebody in between leaves the query out, and to ask for it again and
 * again without a pause would have no end.
 */
bool reflector_stands_still(const struct reflector *reflector,
			    const char *token);

/**
 * reflector_answered() - decide what to ask next
 * @reflector: the reflector; its @step becomes the next
 * @answer: how the last request ended
 * @random: any number, each as likely
 * @news: receives what the answer says of the picture
 *
 * Return: milliseconds to wait before the next request.
 */
uint64_t reflector_answered(struct reflector *reflector,
			    const struct reflector_answer *answer,
			    uint32_t random, enum reflector_news *news);

/**
 * reflector_seen() - a watch told of something as new as that
 * @reflector: the reflector
 * @resource_version: of the object
 *
 * Return: false when that is older than what was seen before: then the server's
 * storage was replaced by an older one, and the watch is of no use.
 */
bool reflector_seen(struct reflector *reflector, const char *resource_version);

/**
 * reflector_steady() - the watch lives
 * @reflector: the reflector
 */
void reflector_steady(struct reflector *reflector);

/**
 * reflector_api_version() - group and version of the kind
 * @reflector: the reflector
 *
 * Return: "networking.k8s.io/v1", say; the caller frees it.
 */
char *reflector_api_version(const struct reflector *reflector);

/**
 * reflector_clear() - free what the structure owns
 * @reflector: the reflector
 */
void reflector_clear(struct reflector *reflector);

/**
 * resource_version_older() - compare two resource versions
 * @one: a resource version
 * @other: another of the same kind
 *
 * Return: whether @one is older; false as well when either is no number, as those
 * of an API server are.
 */
bool resource_version_older(const char *one, const char *other);

#endif
