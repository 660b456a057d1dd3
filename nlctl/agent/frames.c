// SPDX-License-Identifier: GPL-2.0-only
#include "agent/frames.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

void frames_put(struct frames *frames, const char *part, size_t length)
{
	frames->part = part;
	frames->part_length = length;
}

static size_t frame_max(const struct frames *frames)
{
	return frames->max ? frames->max : FRAME_MAX;
}

/* Room doubles, so that a long frame in many parts is not copied for each. */
static void hold(struct frames *frames, size_t length)
{
	size_t needed = frames->held_length + length;

	if (needed > frames->held_room) {
		if (!frames->held_room)
			frames->held_room = 4096;
		while (frames->held_room < needed)
			frames->held_room *= 2;
		frames->held =
			xreallocarray(frames->held, frames->held_room, 1);
	}
	if (length)
		memcpy(frames->held + frames->held_length, frames->part,
		       length);
	frames->held_length = needed;
	frames->part += length;
	frames->part_length -= length;
}

/* A frame that lies in one part is not copied. */
enum frames_result frames_next(struct frames *frames, const char **frame,
			       size_t *length)
{
	const char *newline;
	size_t before;

	if (frames->held_given) {
		frames->held_given = false;
		frames->held_length = 0;
	}
	while (frames->part_length) {
		newline = memchr(frames->part, '\n', frames->part_length);
		before = newline ? (size_t)(newline - frames->part) :
				   frames->part_length;
		if (before > frame_max(frames) - frames->held_length)
			return FRAMES_TOO_LONG;
		if (!newline) {
			hold(frames, before);
			break;
		}
		if (frames->held_length) {
			hold(frames, before);
			*frame = frames->held;
			*length = frames->held_length;
			frames->held_given = true;
		} else {
			*frame = frames->part;
			*length = before;
			frames->part += before;
			frames->part_length -= before;
		}
		frames->part++;
		frames->part_length--;
		if (*length)
			return FRAMES_ONE;
	}
	return FRAMES_NONE;
}

void frames_clear(struct frames *frames)
{
	free(frames->held);
	*frames = (struct frames){ .max = frames->max };
}
