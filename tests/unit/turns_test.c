// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which line has the next turn.
 */
#include "support.h"

#include <string.h>

#include "agent/turns.h"

#define TURNS_MAX 24

/* By line; the last says that none has the turn. */
static const char letters[] = "NFA-";

/**
 * struct row - lines that move up, one place with each turn
 * @name: what it shows
 * @sizes: how many stand in each line
 * @spare: there are turns to spare
 * @turns: who has the turn, one after another
 */
struct row {
	const char *name;
	unsigned int sizes[LINE_LATER];
	bool spare;
	const char *turns;
};

static const struct row rows[] = {
	{ "nobody", { 0, 0, 0 }, true, "-" },
	{ "news alone", { 3, 0, 0 }, true, "NNN-" },
	{ "news alone, nothing to spare", { 3, 0, 0 }, false, "NNN-" },
	{ "the first time alone", { 0, 3, 0 }, false, "FFF-" },
	{ "again alone", { 0, 0, 3 }, true, "AAA-" },
	{ "again alone, nothing to spare", { 0, 0, 3 }, false, "-" },
	{ "one of each", { 1, 1, 1 }, true, "NFA-" },
	{ "few news are told first", { 2, 0, 9 }, true, "NNAAAAAAAAA-" },
	{ "none stands still, with much of each",
	  { 5, 4, 4 },
	  true,
	  "NNFANFANFANFA-" },
	{ "nor what is told again, with nothing to spare",
	  { 0, 6, 9 },
	  false,
	  "FFAFFAFFA-" },
	{ "what was passed over has its turn though nothing else waits",
	  { 2, 0, 3 },
	  false,
	  "NNA-" },
};

static void test_turns(void **state)
{
	const struct row *row = *state;
	unsigned int sizes[LINE_LATER];
	struct turns turns = {};
	char seen[TURNS_MAX] = "";
	enum line line;
	size_t i = 0;

	memcpy(sizes, row->sizes, sizeof(sizes));
	do {
		bool waits[LINE_LATER];

		for (line = LINE_NEWS; line < LINE_LATER; line++)
			waits[line] = sizes[line];
		line = turns_next(&turns, waits, row->spare);
		assert_true(i + 1 < COUNT(seen));
		seen[i++] = letters[line];
		if (line == LINE_LATER)
			break;
		assert_true(sizes[line] > 0);
		waits[line] = --sizes[line];
		turns_taken(&turns, waits, line);
	} while (true);
	assert_string_equal(seen, row->turns);
}

/* However many are in front, all the time. */
static void test_share(void **state)
{
	const bool waits[LINE_LATER] = { true, true, true };
	unsigned int counts[LINE_COUNT] = {};
	struct turns turns = {};
	unsigned int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		enum line line = turns_next(&turns, waits, i % 2);

		counts[line]++;
		turns_taken(&turns, waits, line);
	}
	assert_int_equal(counts[LINE_LATER], 0);
	assert_in_range(counts[LINE_NEWS], 99, 201);
	assert_in_range(counts[LINE_FIRST], 60, 101);
	assert_in_range(counts[LINE_AGAIN], 60, 101);
}

/* Whose line is empty for a while has no claim on turns of that time. */
static void test_empty_between(void **state)
{
	const bool both[LINE_LATER] = { true, false, true };
	const bool news[LINE_LATER] = { true, false, false };
	struct turns turns = {};

	(void)state;
	turns_taken(&turns, both, LINE_NEWS);
	turns_taken(&turns, both, LINE_NEWS);
	assert_int_equal(turns_next(&turns, both, true), LINE_AGAIN);
	turns_taken(&turns, news, LINE_NEWS);
	assert_int_equal(turns_next(&turns, both, true), LINE_NEWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_empty_between),
	};
	int failed = table_tests("turns", rows, COUNT(rows), sizeof(*rows),
				 test_turns);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
