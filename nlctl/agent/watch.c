// SPDX-License-Identifier: GPL-2.0-only
#include "agent/watch.h"

#include <stdlib.h>

#include "agent/log.h"
#include "clock.h"
#include "policy/memory.h"

/*
 * DOC: silence
 *
 * A watch of a quiet cluster says nothing for minutes: newer servers send a
 * bookmark each minute, older ones only when the watch is about to end. So
 * silence means nothing, and what finds a server that is gone is the kernel, whose
 * probes are not acknowledged (see DOC: connections). A server whose machine
 * acknowledges but which answers no more is found when the watch lasts longer than
 * the server was asked to let it last.
 */

void watch_begin(struct watch *watch, uint64_t now, size_t frame_max)
{
	watch->frames.max = frame_max;
	watch->begun = now;
	watch->steady = false;
	watch->ended = false;
	watch->ending = (struct reflector_answer){};
}

void watch_end(struct watch *watch, enum reflector_outcome outcome,
	       const char *words)
{
	watch->ended = true;
	watch->ending.outcome = outcome;
	free(watch->words);
	watch->words = xstrdup(words);
}

static void take_error(struct watch *watch, const json_t *object)
{
	struct api_status status;

	api_status_decode(&status, object);
	/* An error that has no code is one of the server. */
	watch->ending.status = status.code >= 400 ? status.code : 500;
	watch->ending.retry_after = status.retry_after;
	watch_end(watch, OUTCOME_STATUS,
		  status.message ? status.message : "an error without a word");
	free(status.message);
}

static void take_event(struct watch *watch, const struct watch_event *event)
{
	switch (event->type) {
	case WATCH_EVENT_ERROR:
		take_error(watch, event->object);
		break;
	case WATCH_EVENT_UNKNOWN:
		if (!watch->strange)
			log_warning("a watch of %s has events of type %s, which are passed over",
				    watch->resource->plural, event->word);
		watch->strange = true;
		break;
	default:
		watch->happened(watch->context, event);
		break;
	}
}

bool watch_take(struct watch *watch, const char *part, size_t length)
{
	struct watch_event event;
	const char *frame;
	size_t frame_length;

	frames_put(&watch->frames, part, length);
	while (!watch->ended) {
		switch (frames_next(&watch->frames, &frame, &frame_length)) {
		case FRAMES_NONE:
			return true;
		case FRAMES_TOO_LONG:
			watch_end(watch, OUTCOME_TOO_LARGE,
				  "an event of the watch is too large");
			return false;
		case FRAMES_ONE:
			break;
		}
		if (watch_event_decode(&event, frame, frame_length)) {
			take_event(watch, &event);
			watch_event_clear(&event);
		} else {
			watch_end(watch, OUTCOME_NONSENSE,
				  "what came is no event of a watch");
		}
	}
	return false;
}

/* What a server cuts off in the middle of an event is not used: it comes again. */
void watch_close(struct watch *watch, uint64_t now, unsigned int seconds,
		 struct reflector_answer *answer, char **words)
{
	uint64_t lasted = now - watch->begun;

	frames_clear(&watch->frames);
	if (watch->ended) {
		*answer = watch->ending;
		free(*words);
		*words = watch->words;
		watch->words = NULL;
	}
	answer->steady = watch->steady;
	/* A server lets a watch last a little less than it was asked to. */
	answer->early = lasted / (NANOSECONDS_PER_SECOND / 10) < seconds * 9ull;
}

void watch_clear(struct watch *watch)
{
	frames_clear(&watch->frames);
	free(watch->words);
	watch->words = NULL;
}
