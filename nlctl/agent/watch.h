/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What comes in a watch of one kind of objects, and how it ends.
 */
#ifndef NLCTL_AGENT_WATCH_H
#define NLCTL_AGENT_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/api_object.h"
#include "agent/frames.h"
#include "agent/reflector.h"
#include "agent/resource.h"

/**
 * struct watch - one watch after another; start with zeroes but for the first three
 * @resource: the kind
 * @happened: is called with each event that is about an object, or a bookmark; may
 *	call watch_end()
 * @context: passed to it
 * @frames: of the watch
 * @begun: when it began, in nanoseconds of clock_now()
 * @steady: it works; for the owner to set
 * @ending: how it ended, by what came in it
 * @ended: @ending counts
 * @words: what was said about that; NULL when it was not; owned
 * @strange: an event of an unknown type was told of
 */
struct watch {
	const struct resource *resource;
	void (*happened)(void *context, const struct watch_event *event);
	void *context;
	struct frames frames;
	uint64_t begun;
	bool steady;
	struct reflector_answer ending;
	bool ended;
	char *words;
	bool strange;
};

/**
 * watch_begin() - begin a watch
 * @watch: the watch; the one before was closed
 * @now: nanoseconds of clock_now()
 * @frame_max: bytes that an event may have
 */
void watch_begin(struct watch *watch, uint64_t now, size_t frame_max);

/**
 * watch_take() - a part of the watch arrived
 * @watch: the watch
 * @part: the part
 * @length: its bytes
 *
 * Return: false when the watch is of no use any more.
 */
bool watch_take(struct watch *watch, const char *part, size_t length);

/**
 * watch_end() - the watch is of no use any more
 * @watch: the watch, of which no further event is taken
 * @outcome: why
 * @words: the same for people
 */
void watch_end(struct watch *watch, enum reflector_outcome outcome,
	       const char *words);

/**
 * watch_close() - the watch is over
 * @watch: the watch
 * @now: nanoseconds of clock_now()
 * @seconds: that it was to last
 * @answer: how the request ended; becomes how the watch did, which may have ended
 *	before by what came in it
 * @words: what was said about that, on the heap or NULL; likewise
 */
void watch_close(struct watch *watch, uint64_t now, unsigned int seconds,
		 struct reflector_answer *answer, char **words);

/**
 * watch_clear() - free what the structure owns
 * @watch: the watch
 */
void watch_clear(struct watch *watch);

#endif
