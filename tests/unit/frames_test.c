// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams cut into lines, whatever parts they arrive in.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "agent/frames.h"
#include "policy/memory.h"

struct row {
	const char *name;
	const char *stream;
	size_t max;
	const char *frames[5];
	bool too_long;
};

static const struct row rows[] = {
	{ "nothing", "", 0, {}, false },
	{ "one", "abc\n", 0, { "abc" }, false },
	{ "two", "abc\nde\n", 0, { "abc", "de" }, false },
	{ "one that is not whole", "abc\nde", 0, { "abc" }, false },
	{ "empty ones", "\n\nabc\n\n\nde\n\n", 0, { "abc", "de" }, false },
	{ "other space", " a\r\n\tb\n", 0, { " a\r", "\tb" }, false },
	{ "as long as may be", "abc\nabcd\n", 4, { "abc", "abcd" }, false },
	{ "too long", "abc\nabcde\nf\n", 4, { "abc" }, true },
	{ "too long without an end", "abc\nabcde", 4, { "abc" }, true },
	{ "too long from the first", "abcdefgh", 4, {}, true },
};

/* Cut a stream that comes in parts of random lengths; parts are freed as soon as
 * they may be, so that the sanitizer finds who still looks.
 */
static void cut(const struct row *row, size_t longest)
{
	size_t left = strlen(row->stream), count = 0, length, part_length;
	struct frames frames = { .max = row->max };
	enum frames_result result = FRAMES_NONE;
	const char *at = row->stream, *frame;
	char *part;

	while (left && result != FRAMES_TOO_LONG) {
		part_length = 1 + random() % longest;
		if (part_length > left)
			part_length = left;
		part = xmemdup(at, part_length);
		frames_put(&frames, part, part_length);
		while ((result = frames_next(&frames, &frame, &length)) ==
		       FRAMES_ONE) {
			assert_non_null(row->frames[count]);
			assert_int_equal(length, strlen(row->frames[count]));
			assert_memory_equal(frame, row->frames[count], length);
			count++;
		}
		free(part);
		at += part_length;
		left -= part_length;
	}
	assert_null(row->frames[count]);
	assert_int_equal(result == FRAMES_TOO_LONG, row->too_long);
	frames_clear(&frames);
	assert_int_equal(frames.max, row->max);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	unsigned int i;

	cut(row, 1);
	for (i = 0; i < 200; i++)
		cut(row, 1 + i % 20);
}

/* Random lines, of which some are longer than any buffer was before. */
static void test_random(void **state)
{
	unsigned int round, i;

	(void)state;
	for (round = 0; round < 50; round++) {
		struct row row = { .name = "random" };
		char *lines[4], *stream;

		for (i = 0; i < COUNT(lines); i++) {
			size_t length = 1 + random() % (i == 2 ? 20000 : 50);

			lines[i] = xcalloc(length + 1, 1);
			memset(lines[i], 'a' + random() % 26, length);
			row.frames[i] = lines[i];
		}
		stream = xasprintf("%s\n%s\n\n%s\n%s\n", lines[0], lines[1],
				   lines[2], lines[3]);
		row.stream = stream;
		cut(&row, 1 + random() % 3000);
		free(stream);
		for (i = 0; i < COUNT(lines); i++)
			free(lines[i]);
	}
}

/* A stream that was given up leaves nothing for the next. */
static void test_clear(void **state)
{
	struct frames frames = {};
	const char *frame;
	size_t length;

	(void)state;
	frames_put(&frames, "half", 4);
	assert_int_equal(frames_next(&frames, &frame, &length), FRAMES_NONE);
	frames_clear(&frames);
	frames_put(&frames, "whole\n", 6);
	assert_int_equal(frames_next(&frames, &frame, &length), FRAMES_ONE);
	assert_int_equal(length, 5);
	frames_clear(&frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_clear),
	};
	int failed;

	failed = table_tests("a stream", rows, COUNT(rows), sizeof(*rows),
			     test_row);
	failed += cmocka_run_group_tests_name("streams", tests, NULL, NULL);
	return !!failed;
}
