// SPDX-License-Identifier: GPL-2.0-only
/*
 * What comes in a watch, in parts of any length, and how the watch ends.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/watch.h"
#include "clock.h"
#include "policy/memory.h"

#define OBJECT(version) \
	"{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"" version "\"}}"
#define EVENT(type, version) \
	"{\"type\":\"" type "\",\"object\":" OBJECT(version) "}\n"
#define FAILS(status) "{\"type\":\"ERROR\",\"object\":" status "}\n"

/* An owner ends the watch at that version. */
#define LAST "99"

struct row {
	const char *name;
	const char *stream;
	const char *events; /* type and version of those that happened */
	bool goes_on;
	enum reflector_outcome outcome;
	long status;
	unsigned int retry_after;
	const char *words;
};

static const struct row rows[] = {
	{ "nothing", "", "", true, OUTCOME_FINE, 0, 0, NULL },
	{ "all kinds of events",
	  EVENT("ADDED", "1") EVENT("MODIFIED", "2") EVENT("DELETED", "3")
		  EVENT("BOOKMARK", "4"),
	  "put 1, put 2, removed 3, bookmark 4, ", true, OUTCOME_FINE, 0, 0,
	  NULL },
	{ "one that is cut off", EVENT("ADDED", "1") "{\"type\":\"ADDED\"",
	  "put 1, ", true, OUTCOME_FINE, 0, 0, NULL },
	{ "unknown ones are passed over",
	  EVENT("WONDER", "1") EVENT("WONDER", "2") EVENT("ADDED", "3"),
	  "put 3, ", true, OUTCOME_FINE, 0, 0, NULL },
	{ "an error",
	  EVENT("ADDED", "1")
		  FAILS("{\"kind\":\"Status\",\"code\":410,\"message\":\"too old\"}")
			  EVENT("ADDED", "2"),
	  "put 1, ", false, OUTCOME_STATUS, 410, 0, "too old" },
	{ "an error that says when",
	  FAILS("{\"kind\":\"Status\",\"code\":429,\"message\":\"slowly\","
		"\"details\":{\"retryAfterSeconds\":3}}"),
	  "", false, OUTCOME_STATUS, 429, 3, "slowly" },
	{ "an error that says nothing", FAILS("{}"), "", false, OUTCOME_STATUS,
	  500, 0, "an error without a word" },
	{ "nonsense", EVENT("ADDED", "1") "nonsense\n" EVENT("ADDED", "2"),
	  "put 1, ", false, OUTCOME_NONSENSE, 0, 0,
	  "what came is no event of a watch" },
	{ "too much",
	  EVENT("ADDED", "1")
		  EVENT("ADDED",
			"1234567890123456789012345678901234567890123456789012345"
			"1234567890123456789012345678901234567890123456789012345"),
	  "put 1, ", false, OUTCOME_TOO_LARGE, 0, 0,
	  "an event of the watch is too large" },
	{ "the owner ends it",
	  EVENT("ADDED", "1") EVENT("ADDED", LAST) EVENT("ADDED", "3"),
	  "put 1, put 99, ", false, OUTCOME_BACKWARDS, 0, 0, "enough" },
};

/**
 * struct owner - a watch, and what happened
 * @watch: the watch
 * @stream: what happened, as a stream
 */
struct owner {
	struct watch watch;
	FILE *stream;
};

static void on_event(void *context, const struct watch_event *event)
{
	static const char *const words[] = {
		[WATCH_EVENT_PUT] = "put",
		[WATCH_EVENT_REMOVED] = "removed",
		[WATCH_EVENT_BOOKMARK] = "bookmark",
	};
	struct owner *owner = context;

	assert_true(event->type <= WATCH_EVENT_BOOKMARK);
	fprintf(owner->stream, "%s %s, ", words[event->type],
		event->resource_version);
	if (!strcmp(event->resource_version, LAST))
		watch_end(&owner->watch, OUTCOME_BACKWARDS, "enough");
}

static bool take(struct watch *watch, const char *stream, size_t longest)
{
	size_t left = strlen(stream), length;
	bool goes_on = true;
	char *part;

	while (left && goes_on) {
		length = 1 + random() % longest;
		if (length > left)
			length = left;
		part = xmemdup(stream, length);
		goes_on = watch_take(watch, part, length);
		free(part);
		stream += length;
		left -= length;
	}
	return goes_on;
}

static void test_once(struct owner *owner, const struct row *row,
		      size_t longest)
{
	struct reflector_answer answer = { .status = 200 };
	char *words = NULL, *events;
	size_t length;

	owner->stream = xopen_memstream(&events, &length);
	watch_begin(&owner->watch, 0, 150);
	assert_int_equal(take(&owner->watch, row->stream, longest),
			 row->goes_on);
	watch_close(&owner->watch, 0, 300, &answer, &words);
	fclose(owner->stream);
	assert_string_equal(events, row->events);
	assert_int_equal(answer.outcome, row->outcome);
	assert_int_equal(answer.status, row->goes_on ? 200 : row->status);
	assert_int_equal(answer.retry_after, row->retry_after);
	if (row->words)
		assert_string_equal(words, row->words);
	else
		assert_null(words);
	free(words);
	free(events);
}

/* One watch after another, as nothing of the one may be left to the next. */
static void test_row(void **state)
{
	struct owner owner = {
		.watch = {
			.resource = &resources[RESOURCE_PODS],
			.happened = on_event,
			.context = &owner,
		},
	};
	size_t longest;

	for (longest = 1; longest < 300; longest += 1 + longest / 2)
		test_once(&owner, *state, longest);
	watch_clear(&owner.watch);
}

struct close_row {
	const char *name;
	uint64_t lasted; /* nanoseconds */
	bool steady;
	bool ended;
	bool early;
};

static const struct close_row close_rows[] = {
	{ "at once", 0, false, false, true },
	{ "too soon", 269 * NANOSECONDS_PER_SECOND, false, false, true },
	{ "a little less than asked", 270 * NANOSECONDS_PER_SECOND, false,
	  false, false },
	{ "as long as asked", 300 * NANOSECONDS_PER_SECOND, true, false,
	  false },
	{ "steady and too soon", NANOSECONDS_PER_SECOND, true, false, true },
	{ "ended by what came", NANOSECONDS_PER_SECOND, true, true, true },
	{ "ended late", 300 * NANOSECONDS_PER_SECOND, false, true, false },
};

static void test_close(void **state)
{
	const struct close_row *row = *state;
	struct reflector_answer answer = { .outcome = OUTCOME_BROKEN };
	char *words = xstrdup("the connection broke");
	struct watch watch = {};

	watch_begin(&watch, 1234, 0);
	watch.steady = row->steady;
	if (row->ended)
		watch_end(&watch, OUTCOME_NONSENSE, "not this");
	if (row->ended)
		watch_end(&watch, OUTCOME_NONSENSE, "nonsense");
	watch_close(&watch, 1234 + row->lasted, 300, &answer, &words);
	assert_int_equal(answer.steady, row->steady);
	assert_int_equal(answer.early, row->early);
	assert_int_equal(answer.outcome,
			 row->ended ? OUTCOME_NONSENSE : OUTCOME_BROKEN);
	assert_string_equal(words,
			    row->ended ? "nonsense" : "the connection broke");
	free(words);
	watch_begin(&watch, 1234, 0);
	assert_false(watch.steady || watch.ended);
	watch_end(&watch, OUTCOME_NONSENSE, "never closed");
	watch_clear(&watch);
}

int main(void)
{
	int failed;

	srandom(1);
	failed = table_tests("a watch", rows, COUNT(rows), sizeof(*rows),
			     test_row);
	failed += table_tests("its end", close_rows, COUNT(close_rows),
			      sizeof(*close_rows), test_close);
	return !!failed;
}
