/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream of bytes, cut into the lines that it consists of.
 */
#ifndef NLCTL_AGENT_FRAMES_H
#define NLCTL_AGENT_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

/* An object has at most 1.5 MiB in the storage of an API server. */
#define FRAME_MAX ((size_t)16 << 20)

/**
 * struct frames - a stream; start with zeroes
 * @max: bytes that a frame may have; 0 for FRAME_MAX
 * @held: beginning of a frame, or all of one that came in parts; owned
 * @held_length: its bytes
 * @held_room: bytes that @held has room for
 * @held_given: @held was given out by frames_next()
 * @part: what is left of the part that came last; borrowed
 * @part_length: its bytes
 */
struct frames {
	size_t max;
	char *held;
	size_t held_length;
	size_t held_room;
	bool held_given;
	const char *part;
	size_t part_length;
};

enum frames_result {
	FRAMES_NONE, /* no whole frame is left: more has to come */
	FRAMES_ONE,
	FRAMES_TOO_LONG, /* a frame is too long: the stream is lost */
};

/**
 * frames_put() - a part of the stream arrived
 * @frames: the stream, of which frames_next() found no more
 * @part: the part; must stay until frames_next() has found all that is in it
 * @length: its bytes
 */
void frames_put(struct frames *frames, const char *part, size_t length);

/**
 * frames_next() - find the next frame
 * @frames: the stream
 * @frame: receives its first byte; valid until the next call; no 0 byte follows
 * @length: receives its bytes, without the newline; empty ones are passed over
 */
enum frames_result frames_next(struct frames *frames, const char **frame,
			       size_t *length);

/**
 * frames_clear() - forget a stream, and begin anew
 * @frames: the stream; keeps its @max
 */
void frames_clear(struct frames *frames);

#endif
