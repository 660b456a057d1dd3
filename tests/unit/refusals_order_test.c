// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which refused object is told next, when many wait: what is new in front of what is
 * told again, and what cannot be told behind what can.
 */
#include "refusals_scene.h"

/* One request after another, as fast as the server answers. */
static const struct pace one_by_one = {
	.burst = 1,
	.interval = 1000,
	.first_pause = 1000,
	.last_pause = 1000,
	.next_pause = 1000,
	.forbidden_pause = 1000,
};

static void end_with(struct scene *scene, unsigned int count)
{
	unsigned int number;

	for (number = 0; number < count; number++) {
		char *name = xasprintf("x%u", number);

		drop(scene, name);
		free(name);
	}
	end(scene);
}

static size_t created_from(size_t from)
{
	size_t count = 0;

	for (; from < double_api.count; from++)
		count += !strcmp(double_api.asked[from].method, "POST");
	return count;
}

/* However many are to be told again. */
static void test_news_before_reminders(void **state)
{
	struct scene scene = begin_paced(&one_by_one, REPEAT_AT_ONCE);
	size_t before;

	(void)state;
	put_many(&scene, 100);
	refusals_listed(scene.refusals);
	run_until_patched("x99", 1);
	assert_true(sd_event_run(double_api.event, 10000) >= 0);
	before = double_api.count;
	put(&scene, "new", "bad");
	put(&scene, "newer", "bad");
	/* One may be under way. */
	double_run_until(before + 3);
	assert_in_range(find_created(before, "new"), before, before + 1);
	assert_in_range(find_created(before, "newer"), before + 1, before + 2);
	/* So is one that is wrong in another way by now. */
	before = double_api.count;
	put(&scene, "x50", "worse");
	double_run_until(before + 2);
	assert_in_range(find_created(before, "x50"), before, before + 1);
	drop(&scene, "new");
	drop(&scene, "newer");
	end_with(&scene, 100);
}

/* Nor those that were there when the agent began. */
static void test_news_before_first(void **state)
{
	struct scene scene = begin_paced(&one_by_one, NEVER);

	(void)state;
	put_many(&scene, 100);
	double_run_until(10);
	refusals_listed(scene.refusals);
	put(&scene, "new", "bad");
	put(&scene, "x90", "worse");
	double_run_until(13);
	assert_in_range(find_created(10, "new"), 10, 11);
	assert_in_range(find_created(10, "x90"), 11, 12);
	double_run_until(101);
	double_settle();
	assert_int_equal(double_api.count, 101);
	assert_int_equal(find_created(13, "x99"), 100);
	end(&scene);
}

/* What is new all the time does not keep the others from their turn. */
static void test_reminded_among_news(void **state)
{
	struct scene scene = begin_paced(&one_by_one, REPEAT_AT_ONCE);
	unsigned int number;

	(void)state;
	put_many(&scene, 3);
	run_until_patched("x2", 1);
	refusals_listed(scene.refusals);
	for (number = 0; number < 60; number++) {
		char *text = xasprintf("bad in another way: %u", number);

		put(&scene, "new", text);
		double_run_until(double_api.count + 1);
		free(text);
	}
	assert_true(patches_of("x0") > 3);
	assert_true(patches_of("x1") > 3);
	assert_true(patches_of("x2") > 3);
	drop(&scene, "new");
	end_with(&scene, 3);
}

/* What is told again leaves half of what may be sent at once. */
static void test_half_for_news(void **state)
{
	const struct pace pace = { .burst = 10, .interval = 3600000000 };
	struct scene scene = begin_paced(&pace, REPEAT_AT_ONCE);
	size_t before;

	(void)state;
	put_many(&scene, 2);
	double_run_until(5);
	double_settle();
	assert_int_equal(double_api.count, 5);
	assert_int_equal(created_from(0), 2);
	before = double_api.count;
	refusals_listed(scene.refusals);
	put(&scene, "x2", "bad");
	put(&scene, "x3", "bad");
	put(&scene, "x4", "bad");
	put(&scene, "x5", "bad");
	double_run_until(10);
	double_settle();
	assert_int_equal(double_api.count, 10);
	assert_int_equal(created_from(before), 4);
	end(&scene);
}

/* What is half told is told to its end, though there is nothing to spare by then. */
static void test_half_told(void **state)
{
	static const struct response answers[] = { { .status = 201 },
						   { .status = 403 },
						   { .status = 409 } };
	const struct pace pace = { .burst = 3, .interval = 3600000000 };
	struct scene scene = begin_paced(&pace, REPEAT_AT_ONCE);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	put(&scene, "x", "bad");
	double_run_until(3);
	double_settle();
	assert_int_equal(double_api.count, 3);
	assert_string_equal(double_api.asked[1].method, "PATCH");
	assert_string_equal(double_api.asked[2].method, "POST");
	end(&scene);
}

/* And is told again when there is enough. */
static void test_spare_comes_back(void **state)
{
	const struct pace pace = { .burst = 10, .interval = 10000 };
	struct scene scene = begin_paced(&pace, REPEAT_AT_ONCE);

	(void)state;
	put_many(&scene, 10);
	double_run_until(15);
	assert_true(double_api.asked[14].time - double_api.asked[0].time >=
		    90000);
	assert_int_equal(created_from(0), 10);
	end(&scene);
}

/* --- what cannot be told while others can */

struct failure_row {
	const char *name;
	long status;
	const char *said;
};

static const struct failure_row failure_rows[] = {
	{ "refused by a webhook", 403,
	  "nlctl: agent: the API server does not let the agent write Events: HTTP status 403; grant the agent's account \"create and patch events in all namespaces\"\n" },
	{ "a webhook that fails", 500,
	  "nlctl: agent: cannot send Events: HTTP status 500; it is tried again\n" },
	{ "a webhook that hangs", 504,
	  "nlctl: agent: cannot send Events: HTTP status 504; it is tried again\n" },
};

/* The others are told, and it is tried until it is told as well; that is said once. */
static void test_put_off(void **state)
{
	const struct failure_row *row = *state;
	const struct response answers[] = {
		{ .status = row->status }, { .status = 201 }, { .status = 201 },
		{ .status = row->status }, { .status = 201 },
	};
	struct scene scene;
	struct submission_counts counts;

	double_begin(NULL);
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	scene = begin_paced(&one_by_one, NEVER);
	put_many(&scene, 3);
	double_run_until(5);
	double_settle();
	assert_int_equal(double_api.count, 5);
	assert_int_equal(created_from(0), 5);
	assert_int_equal(find_created(0, "x0"), 0);
	assert_int_equal(find_created(4, "x0"), 4);
	counts = publisher_counts(scene.publisher);
	assert_int_equal(counts.taken, 3);
	assert_int_equal(counts.failed, 2);
	assert_int_equal(counts.refused, 0);
	assert_string_equal(double_said(), row->said);
	end(&scene);
	double_end(NULL);
}

/* A permission that is missing is said, though it failed for another reason before. */
static void test_put_off_otherwise(void **state)
{
	static const struct response answers[] = {
		{ .status = 503 },
		{ .status = 403 },
		{ .status = 403 },
		{ .status = 201 },
	};
	struct scene scene = begin_paced(&one_by_one, NEVER);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	put(&scene, "x", "bad");
	double_run_until(4);
	double_settle();
	assert_string_equal(
		double_said(),
		"nlctl: agent: cannot send Events: HTTP status 503; it is tried again\n"
		"nlctl: agent: the API server does not let the agent write Events: HTTP status 403; grant the agent's account \"create and patch events in all namespaces\"\n");
	end(&scene);
}

/* Not before its time; but what is wrong in another way by then is another Event. */
static void test_put_off_for_long(void **state)
{
	static const struct response answers[] = { { .status = 500 } };
	struct pace pace = one_by_one;
	struct scene scene;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	/* Any time within a day: that it is less than 10 s is 1 in 8640. */
	pace.first_pause = 86400000000;
	pace.last_pause = 86400000000;
	scene = begin_paced(&pace, NEVER);
	put_many(&scene, 3);
	double_run_until(3);
	double_settle();
	put(&scene, "x0", "bad");
	double_settle();
	assert_int_equal(double_api.count, 3);
	assert_int_equal(find_created(1, "x0"), 3);
	put(&scene, "x0", "worse");
	double_run_until(4);
	assert_int_equal(find_created(1, "x0"), 3);
	end(&scene);
}

/* Good again, or gone, while it is put off. */
static void test_put_off_removed(void **state)
{
	static const struct response answers[] = { { .status = 500 },
						   { .status = 201 },
						   { .status = 500 } };
	struct scene scene = begin_paced(&one_by_one, NEVER);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	put_many(&scene, 2);
	double_run_until(2);
	drop(&scene, "x0");
	double_settle();
	assert_int_equal(double_api.count, 2);
	/* And while that is under way which fails. */
	put(&scene, "x2", "bad");
	double_run_until(3);
	drop(&scene, "x2");
	double_settle();
	assert_int_equal(double_api.count, 3);
	end(&scene);
}

/* Wrong in another way while that is under way which fails: that is another Event. */
static void test_put_off_changed(void **state)
{
	static const struct response answers[] = { { .status = 500 } };
	struct pace pace = one_by_one;
	struct scene scene;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	/* See test_put_off_for_long(). */
	pace.first_pause = 86400000000;
	pace.last_pause = 86400000000;
	scene = begin_paced(&pace, NEVER);
	put(&scene, "x", "bad");
	double_run_until(1);
	put(&scene, "x", "worse");
	double_run_until(2);
	double_settle();
	assert_int_equal(double_api.count, 2);
	expect_field(1, NULL, "message", "worse");
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOUBLE_TEST(test_news_before_reminders),
		DOUBLE_TEST(test_news_before_first),
		DOUBLE_TEST(test_reminded_among_news),
		DOUBLE_TEST(test_half_for_news),
		DOUBLE_TEST(test_half_told),
		DOUBLE_TEST(test_spare_comes_back),
		DOUBLE_TEST(test_put_off_otherwise),
		DOUBLE_TEST(test_put_off_for_long),
		DOUBLE_TEST(test_put_off_removed),
		DOUBLE_TEST(test_put_off_changed),
	};
	int failed = table_tests("put off", failure_rows, COUNT(failure_rows),
				 sizeof(*failure_rows), test_put_off);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
