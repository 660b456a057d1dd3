/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an API server answers with, besides the objects themselves.
 */
#ifndef NLCTL_AGENT_API_OBJECT_H
#define NLCTL_AGENT_API_OBJECT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * struct page - a page of a list; each text is borrowed from @root
 * @root: the page; a reference is held
 * @items: its objects; NULL when it has none
 * @resource_version: of the list; NULL when it has none
 * @token: where the list goes on; NULL when it does not
 */
struct page {
	json_t *root;
	json_t *items;
	const char *resource_version;
	const char *token;
};

/**
 * page_decode() - decode a page of a list
 * @page: receives it; freed with page_clear() if that is fine
 * @text: the page
 * @length: its bytes
 *
 * Return: false when that is no list.
 */
bool page_decode(struct page *page, const char *text, size_t length);

/**
 * page_clear() - free what the structure holds
 * @page: the page
 */
void page_clear(struct page *page);

enum watch_event_type {
	WATCH_EVENT_PUT, /* added or modified */
	WATCH_EVENT_REMOVED,
	WATCH_EVENT_BOOKMARK, /* nothing changed up to that resource version */
	WATCH_EVENT_ERROR, /* the watch is over */
	WATCH_EVENT_UNKNOWN, /* a type that this does not know */
};

/**
 * struct watch_event - a frame of a watch; each text is borrowed from @root
 * @root: the frame; a reference is held
 * @type: what it tells
 * @word: the same as the server says it
 * @object: the object, or a Status for an error
 * @resource_version: of the object; NULL for an error
 */
struct watch_event {
	json_t *root;
	enum watch_event_type type;
	const char *word;
	json_t *object;
	const char *resource_version;
};

/**
 * watch_event_decode() - decode a frame of a watch
 * @event: receives it; freed with watch_event_clear() if that is fine
 * @text: the frame
 * @length: its bytes
 *
 * Return: false when that is no such frame.
 */
bool watch_event_decode(struct watch_event *event, const char *text,
			size_t length);

/**
 * watch_event_clear() - free what the structure holds
 * @event: the frame
 */
void watch_event_clear(struct watch_event *event);

/**
 * struct api_status - why the server says no
 * @code: as an HTTP status; 0 when it is not said
 * @retry_after: seconds to wait; 0 when that is not said
 * @message: for people; NULL when there is none; owned
 */
struct api_status {
	long code;
	unsigned int retry_after;
	char *message;
};

/**
 * api_status_decode() - read a Status
 * @status: receives what it says; @message is to be freed
 * @object: the Status, or anything else, which says nothing
 */
void api_status_decode(struct api_status *status, const json_t *object);

/**
 * api_status_parse() - read the body of a failure
 * @status: as above
 * @text: the body: a Status, or words of whoever stands in between
 * @length: its bytes
 */
void api_status_parse(struct api_status *status, const char *text,
		      size_t length);

/**
 * resource_is_listed() - whether a group version has a kind
 * @text: an APIResourceList
 * @length: its bytes
 * @plural: the kind, as paths say it
 * @listed: receives whether it can be listed and watched
 *
 * Return: false when that is no such list.
 */
bool resource_is_listed(const char *text, size_t length, const char *plural,
			bool *listed);

#endif
