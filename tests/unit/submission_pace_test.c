// SPDX-License-Identifier: GPL-2.0-only
/*
 * When writes are sent: only that it is not too early.
 */
#include "submission_scene.h"

static void expect_apart(size_t first, size_t second, uint64_t microseconds)
{
	assert_true(double_api.asked[second].time -
			    double_api.asked[first].time >=
		    microseconds);
}

static void test_rate(void **state)
{
	const struct pace pace = { .burst = 3, .interval = 50000 };
	struct sender sender = { .method = "POST", .left = 6 };
	struct submission *submission = begin(&sender, &pace);

	(void)state;
	submission_wake(submission);
	double_run_until(6);
	/* Three at once, and one with each interval. */
	expect_apart(0, 3, 45000);
	expect_apart(0, 4, 95000);
	expect_apart(0, 5, 145000);
	submission_free(submission);
	free(sender.body);
}

/* As long as backoff.h says, whose test knows how long that is. */
static void test_pauses(void **state)
{
	const struct pace pace = { .burst = 1000,
				   .interval = 1000,
				   .first_pause = 10000,
				   .last_pause = 40000 };
	static const struct response answers[] = { STATUS(500), STATUS(500),
						   STATUS(500), STATUS(500),
						   STATUS(500), STATUS(500) };
	struct sender sender = { .method = "POST", .left = 1 };
	struct submission *submission = begin(&sender, &pace);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(7);
	/* That six draws from 10, 20 and four times 40 are all the least, which is
	 * 1 ms: 1 in 5 * 10^8.
	 */
	expect_apart(0, 6, 7000);
	submission_free(submission);
	free(sender.body);
}

/* The same when all are put off, one after another. */
static void test_pauses_postponed(void **state)
{
	const struct pace pace = { .burst = 1000,
				   .interval = 1000,
				   .first_pause = 10000,
				   .last_pause = 86400000000,
				   .next_pause = 40000 };
	static const struct response answers[] = { STATUS(500), STATUS(500),
						   STATUS(500), STATUS(500),
						   STATUS(500), STATUS(500) };
	static const enum verdict verdicts[] = {
		VERDICT_POSTPONED, VERDICT_POSTPONED, VERDICT_POSTPONED,
		VERDICT_POSTPONED, VERDICT_POSTPONED, VERDICT_POSTPONED,
		VERDICT_USUAL,
	};
	struct sender sender = { .method = "POST",
				 .verdicts = verdicts,
				 .left = 7 };
	struct submission *submission = begin(&sender, &pace);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(7);
	expect_apart(0, 6, 7000);
	submission_free(submission);
	free(sender.body);
}

/* What the server asks for all wait for. */
static void test_retry_after_postponed(void **state)
{
	static const struct response answers[] = { { .status = 503,
						     .retry_after = 1 } };
	static const enum verdict verdicts[] = { VERDICT_POSTPONED,
						 VERDICT_USUAL };
	struct sender sender = { .method = "POST",
				 .verdicts = verdicts,
				 .left = 2 };
	struct submission *submission = begin(&sender, &quick);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(2);
	expect_apart(0, 1, 1000000);
	submission_free(submission);
	free(sender.body);
}

/* How long until some may follow one another at once. */
static void test_wait(void **state)
{
	const struct pace pace = { .burst = 4, .interval = 3600000000 };
	struct sender sender = { .method = "POST", .left = 2 };
	struct submission *submission = begin(&sender, &pace);

	(void)state;
	assert_int_equal(submission_wait(submission, 4), 0);
	submission_wake(submission);
	double_run_until(2);
	double_settle();
	assert_int_equal(submission_wait(submission, 1), 0);
	assert_int_equal(submission_wait(submission, 2), 0);
	/* A minute is for the test itself. */
	assert_in_range(submission_wait(submission, 3), 3540000000, 3600000000);
	assert_in_range(submission_wait(submission, 4), 7140000000, 7200000000);
	submission_free(submission);
	free(sender.body);
}

static void test_retry_after(void **state)
{
	static const struct response answers[] = { { .status = 429,
						     .retry_after = 1 } };
	struct sender sender = { .method = "POST", .left = 1 };
	struct submission *submission = begin(&sender, &quick);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(2);
	expect_apart(0, 1, 1000000);
	submission_free(submission);
	free(sender.body);
}

/* Said once, and nothing else is tried meanwhile. */
static void test_forbidden(void **state)
{
	const struct pace pace = { .burst = 1000,
				   .interval = 1000,
				   .forbidden_pause = 50000 };
	static const struct response answers[] = { STATUS(403), STATUS(403) };
	struct sender sender = { .method = "POST", .left = 4 };
	struct submission *submission = begin(&sender, &pace);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(4);
	double_settle();
	expect_apart(0, 1, 50000);
	expect_apart(1, 2, 50000);
	assert_int_equal(sender.ended_count, 4);
	assert_int_equal(sender.ended[1], 403);
	assert_int_equal(sender.ended[2], 201);
	assert_string_equal(
		double_said(),
		"nlctl: agent: the API server does not let the agent write Things: HTTP status 403; grant the agent's account \"create things\"\n");
	submission_free(submission);
	free(sender.body);
}

/* What must be said now waits for nothing. */
static void test_hurry(void **state)
{
	const struct pace slow = { .burst = 1,
				   .interval = 3600000000,
				   .first_pause = 3600000000,
				   .last_pause = 3600000000,
				   .forbidden_pause = 3600000000 };
	static const struct response answers[] = { STATUS(403), STATUS(500) };
	struct sender sender = { .method = "POST", .left = 3 };
	struct submission *submission = begin(&sender, &slow);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(1);
	double_settle();
	assert_int_equal(double_api.count, 1);
	submission_hurry(submission);
	double_run_until(2);
	double_settle();
	submission_hurry(submission);
	double_api.hold = true;
	double_run_until(3);
	assert_int_equal(double_api.cancelled, 0);
	submission_hurry(submission);
	assert_int_equal(double_api.cancelled, 1);
	double_run_until(4);
	submission_free(submission);
	free(sender.body);
}

static void test_spread(void **state)
{
	struct pace pace = quick;
	struct sender sender = { .method = "POST", .left = 1 };
	struct submission *submission;
	unsigned int round, late = 0;

	(void)state;
	pace.spread = 20000;
	submission = begin(&sender, &pace);
	for (round = 0; round < 20; round++) {
		struct timespec now;
		uint64_t before;

		clock_gettime(CLOCK_MONOTONIC, &now);
		before = now.tv_sec * 1000000ull + now.tv_nsec / 1000;
		sender.left = 1;
		submission_wake(submission);
		double_run_until(round + 1);
		late += double_api.asked[round].time - before > 2000;
		double_settle();
	}
	/* That all of 20 draws are below a tenth: 1 in 10^20. */
	assert_true(late > 0);
	submission_free(submission);
	free(sender.body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOUBLE_TEST(test_rate),
		DOUBLE_TEST(test_pauses),
		DOUBLE_TEST(test_pauses_postponed),
		DOUBLE_TEST(test_retry_after_postponed),
		DOUBLE_TEST(test_wait),
		DOUBLE_TEST(test_retry_after),
		DOUBLE_TEST(test_forbidden),
		DOUBLE_TEST(test_hurry),
		DOUBLE_TEST(test_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
