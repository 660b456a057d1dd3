// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include "agent/backoff.h"
#include "agent/trouble.h"

struct wait_row {
	const char *name;
	unsigned int failures; /* before */
	unsigned int retry_after;
	uint32_t first;
	uint32_t max;
	uint64_t least;
	uint64_t most;
};

static const struct wait_row wait_rows[] = {
	{ "the first", 0, 0, 0, 0, 1, 500 },
	{ "the second", 1, 0, 0, 0, 1, 1000 },
	{ "the sixth", 5, 0, 0, 0, 1, 16000 },
	{ "the seventh", 6, 0, 0, 0, 1, 30000 },
	{ "any later", 1000, 0, 0, 0, 1, 30000 },
	{ "the last that is counted", UINT32_MAX, 0, 0, 0, 1, 30000 },
	{ "what the server asks for", 0, 7, 0, 0, 7001, 7500 },
	{ "later, too", 50, 7, 0, 0, 7001, 37000 },
	{ "more than anybody asks for", 0, UINT32_MAX, 0, 0, 300001, 300500 },
	{ "other limits", 3, 0, 10, 50, 1, 50 },
	{ "a first that is more than the most", 0, 0, 100, 50, 1, 50 },
};

static void test_wait(void **state)
{
	const struct wait_row *row = *state;
	struct backoff backoff = { .failures = row->failures,
				   .first = row->first,
				   .max = row->max };
	struct backoff same = backoff;

	assert_int_equal(backoff_failed(&backoff, row->retry_after, 0),
			 row->least);
	assert_int_equal(backoff_failed(&same, row->retry_after, UINT32_MAX),
			 row->most);
	if (row->failures < UINT32_MAX)
		assert_int_equal(backoff.failures, row->failures + 1);
	else
		assert_int_equal(backoff.failures, UINT32_MAX);
	backoff_reset(&backoff);
	assert_true(backoff_failed(&backoff, 0, UINT32_MAX) <= 500);
}

/* Spread over all that is possible, so that many nodes do not come together. */
static void test_spread(void **state)
{
	unsigned int counts[10] = {};
	unsigned int i;

	(void)state;
	for (i = 0; i < 10000; i++) {
		struct backoff backoff = {};
		uint64_t wait = backoff_failed(&backoff, 0, backoff_random());

		assert_in_range(wait, 1, 500);
		counts[(wait - 1) / 50]++;
	}
	for (i = 0; i < COUNT(counts); i++)
		assert_in_range(counts[i], 600, 1400);
}

enum step {
	FAILED,
	ENDED,
	FORGOTTEN
};

struct trouble_step {
	enum step step;
	uint64_t now;
	long code;
	uint64_t result; /* it is told of, or for how long it lasted */
};

struct trouble_row {
	const char *name;
	uint64_t patience;
	struct trouble_step steps[8];
};

static const struct trouble_row trouble_rows[] = {
	{ "at once, and once",
	  0,
	  { { FAILED, 100, 1, 1 },
	    { FAILED, 200, 1, 0 },
	    { FAILED, 900, 1, 0 },
	    { ENDED, 1100, 0, 1000 },
	    { ENDED, 1200, 0, 0 } } },
	{ "what ends before patience does",
	  50,
	  { { FAILED, 100, 1, 0 },
	    { FAILED, 149, 1, 0 },
	    { ENDED, 160, 0, 0 },
	    { FAILED, 170, 1, 0 },
	    { FAILED, 219, 1, 0 },
	    { FAILED, 220, 1, 1 } } },
	{ "another failure is told of, too",
	  50,
	  { { FAILED, 100, 1, 0 },
	    { FAILED, 150, 2, 1 },
	    { FAILED, 151, 2, 0 },
	    { FAILED, 152, 1, 1 },
	    { ENDED, 200, 0, 100 } } },
	{ "what belongs to something else",
	  50,
	  { { FAILED, 100, 1, 0 },
	    { FORGOTTEN, 140, 0, 0 },
	    { FAILED, 160, 1, 0 },
	    { FAILED, 210, 1, 1 },
	    { FORGOTTEN, 220, 0, 0 },
	    { ENDED, 260, 0, 100 } } },
	{ "an end in the same moment",
	  0,
	  { { FAILED, 100, 1, 1 }, { ENDED, 100, 0, 1 } } },
};

static void test_trouble(void **state)
{
	const struct trouble_row *row = *state;
	struct trouble trouble = {};
	const struct trouble_step *step;

	for (step = row->steps; step->now; step++) {
		if (step->step == FAILED)
			assert_int_equal(trouble_failed(&trouble, step->now,
							row->patience,
							step->code),
					 step->result);
		else if (step->step == FORGOTTEN)
			trouble_forget(&trouble);
		else
			assert_int_equal(trouble_ended(&trouble, step->now),
					 step->result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_spread) };
	int failed;

	failed = table_tests("a wait", wait_rows, COUNT(wait_rows),
			     sizeof(*wait_rows), test_wait);
	failed += table_tests("trouble", trouble_rows, COUNT(trouble_rows),
			      sizeof(*trouble_rows), test_trouble);
	failed += cmocka_run_group_tests_name("waits", tests, NULL, NULL);
	return !!failed;
}
