/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One kind of objects, kept up to date: listed in pages, then watched.
 */
#ifndef NLCTL_AGENT_WATCHER_H
#define NLCTL_AGENT_WATCHER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "agent/api.h"
#include "agent/reflector.h"
#include "agent/resource.h"

/**
 * struct audience - who is told of objects
 * @begin: a list begins: what is not put until @end is there no more
 * @put: an object is there, or has changed
 * @removed: an object is there no more
 * @end: the list is complete, and so is the picture of this kind
 * @context: passed to all
 *
 * @object is the object as the API gave it, without kind and apiVersion where a
 * list leaves these out; @api_version is what it is served under
 * ("networking.k8s.io/v1"). A list may break off: then another begins, and the
 * first never ends. While it lasts, nothing is put or removed but what it has. A
 * kind that the API does not serve begins and ends without an object. A function
 * must not free a watcher or the API server.
 */
struct audience {
	void (*begin)(void *context, const struct resource *resource);
	void (*put)(void *context, const struct resource *resource,
		    const char *api_version, json_t *object);
	void (*removed)(void *context, const struct resource *resource,
			json_t *object);
	void (*end)(void *context, const struct resource *resource);
	void *context;
};

/**
 * struct watcher_counts - what a watcher has seen, for metrics
 * @lists: lists completed
 * @watches: watches begun
 * @events: objects put or removed by a watch
 * @failures: requests that failed
 * @complete: a list has been completed
 * @watching: a watch is open now
 * @served: the API serves the kind
 */
struct watcher_counts {
	uint64_t lists;
	uint64_t watches;
	uint64_t events;
	uint64_t failures;
	bool complete;
	bool watching;
	bool served;
};

struct watcher;

/**
 * watcher_new() - begin to list and watch a kind of objects
 * @event: the loop
 * @api: the API server
 * @resource: the kind
 * @audience: who is told; copied
 *
 * Return: the watcher, freed with watcher_free().
 */
struct watcher *watcher_new(sd_event *event, struct api *api,
			    const struct resource *resource,
			    const struct audience *audience);

/**
 * struct watcher_limits - how much at once, and for how long
 * @reflector: see there
 * @silence: milliseconds without a byte after which a request is given up that is
 *	no watch; in a watch silence is nothing special
 * @answer: milliseconds that a request may take that is no watch
 * @overtime: milliseconds that a watch may last longer than it was asked to
 * @steady: milliseconds that a watch has to live to be called one that works
 * @frame: bytes of an event of a watch
 * @patience: milliseconds that something may fail before it is told of
 */
struct watcher_limits {
	struct reflector_limits reflector;
	uint32_t silence;
	uint32_t answer;
	uint32_t overtime;
	uint32_t steady;
	size_t frame;
	uint32_t patience;
};

extern const struct watcher_limits watcher_usual_limits;

/**
 * watcher_limit() - have other limits than the usual ones
 * @watcher: the watcher, whose loop did not run yet
 * @limits: the limits; copied
 */
void watcher_limit(struct watcher *watcher,
		   const struct watcher_limits *limits);

/**
 * watcher_counts() - what a watcher has seen
 * @watcher: the watcher
 */
struct watcher_counts watcher_counts(const struct watcher *watcher);

/**
 * watcher_resource() - the kind that a watcher watches
 * @watcher: the watcher
 */
const struct resource *watcher_resource(const struct watcher *watcher);

/**
 * watcher_free() - end a watcher
 * @watcher: the watcher, or NULL
 */
void watcher_free(struct watcher *watcher);

#endif
