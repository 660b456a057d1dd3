// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include "agent/submission.h"
#include "api_double.h"

static const struct pace quick = {
	.burst = 1000,
	.interval = 1000,
	.first_pause = 1000,
	.last_pause = 4000,
	.forbidden_pause = 5000,
};

/**
 * struct sender - whose writes the tests make
 * @method: how
 * @verdicts: what answers mean, one after another, until VERDICT_USUAL
 * @left: how many requests there are to make
 * @composed: how often one was asked for
 * @postponed: how many were put off, of which all but the second are a first failure
 * @ended: statuses of those that ended
 * @ended_count: their number
 */
struct sender {
	const char *method;
	const enum verdict *verdicts;
	unsigned int left;
	unsigned int composed;
	unsigned int postponed;
	long ended[100];
	size_t ended_count;
	char *body;
};

static bool compose(void *context, struct question *question)
{
	struct sender *sender = context;

	if (!sender->left)
		return false;
	free(sender->body);
	sender->body = xasprintf("body %u", ++sender->composed);
	question->method = sender->method;
	question->path = "/path";
	question->content_type = "text/plain";
	question->body = sender->body;
	return true;
}

static void ended(void *context, const struct response *response)
{
	struct sender *sender = context;

	sender->left--;
	assert_true(sender->ended_count < COUNT(sender->ended));
	sender->ended[sender->ended_count++] = response->status;
}

static enum verdict judge(void *context, long status)
{
	struct sender *sender = context;

	assert_true(status < 200 || status >= 300);
	if (!sender->verdicts || *sender->verdicts == VERDICT_USUAL)
		return VERDICT_USUAL;
	return *sender->verdicts++;
}

/* Each is told of that is another write's. */
static bool postpone(void *context, long status)
{
	struct sender *sender = context;

	(void)status;
	sender->left--;
	return sender->postponed++ != 1;
}

static struct submission *begin(struct sender *sender, const struct pace *pace)
{
	const struct submitter submitter = {
		.what = "Things",
		.permission = "create things",
		.compose = compose,
		.judge = judge,
		.postpone = postpone,
		.ended = ended,
		.context = sender,
	};

	return submission_new(double_api.event, double_server, pace,
			      &submitter);
}

/* --- what answers mean */

struct answer_row {
	const char *name;
	const char *method;
	struct response answers[5];
	size_t answer_count;
	long ended;
	struct submission_counts counts;
	const char *said;
};

#define STATUS(code)             \
	{                        \
		.status = (code) \
	}
#define SAYS(code, words)                       \
	{                                       \
		.status = (code), .body = words \
	}
#define NO_ANSWER(words)           \
	{                          \
		.failure = (words) \
	}

static const struct answer_row answer_rows[] = {
	{ "created", "POST", { STATUS(201) }, 1, 201, { .taken = 1 }, "" },
	{ "changed", "PATCH", { STATUS(200) }, 1, 200, { .taken = 1 }, "" },
	{ "it is there already",
	  "POST",
	  { STATUS(409) },
	  1,
	  409,
	  { .taken = 1 },
	  "" },
	{ "somebody else changed it",
	  "PATCH",
	  { SAYS(409, "{\"message\": \"changed\"}"), STATUS(200) },
	  2,
	  200,
	  { .taken = 1, .failed = 1 },
	  "nlctl: agent: cannot send Things: changed (HTTP status 409); it is tried again\n" },
	{ "no answer for a while",
	  "POST",
	  { NO_ANSWER("connection refused"), NO_ANSWER("timed out"),
	    NO_ANSWER("connection refused"), STATUS(201) },
	  4,
	  201,
	  { .taken = 1, .failed = 3 },
	  "nlctl: agent: cannot send Things: connection refused; it is tried again\n" },
	{ "failures of the server",
	  "POST",
	  { STATUS(500), SAYS(503, "<html>"), STATUS(503),
	    SAYS(429, "{\"message\": 7}"), STATUS(201) },
	  5,
	  201,
	  { .taken = 1, .failed = 4 },
	  "nlctl: agent: cannot send Things: HTTP status 500; it is tried again\n"
	  "nlctl: agent: cannot send Things: HTTP status 503; it is tried again\n"
	  "nlctl: agent: cannot send Things: HTTP status 429; it is tried again\n" },
	{ "a redirection",
	  "POST",
	  { STATUS(302), STATUS(201) },
	  2,
	  201,
	  { .taken = 1, .failed = 1 },
	  "nlctl: agent: cannot send Things: HTTP status 302; it is tried again\n" },
	{ "a token that is replaced",
	  "POST",
	  { STATUS(401), STATUS(201) },
	  2,
	  201,
	  { .taken = 1, .failed = 1 },
	  "nlctl: agent: cannot send Things: HTTP status 401; it is tried again\n" },
	{ "not valid",
	  "POST",
	  { SAYS(422, "{\"message\": \"no\\nthing\"}") },
	  1,
	  422,
	  { .refused = 1 },
	  "nlctl: agent: the API server does not take Things: no\\x0athing (HTTP status 422)\n" },
	{ "gone", "PATCH", { STATUS(404) }, 1, 404, { .refused = 1 }, "" },
	{ "forbidden",
	  "POST",
	  { SAYS(403, "{\"message\": \"agents may not\"}") },
	  1,
	  403,
	  { .refused = 1 },
	  "nlctl: agent: the API server does not let the agent write Things: agents may not (HTTP status 403); grant the agent's account \"create things\"\n" },
	{ "a namespace that ends",
	  "POST",
	  { SAYS(403,
		 "{\"message\": \"it ends\", \"details\": {\"causes\": [{\"reason\": \"NamespaceTerminating\"}]}}") },
	  1,
	  403,
	  { .refused = 1 },
	  "" },
};

static void expect_counts(const struct submission_counts *counts,
			  const struct submission_counts *wanted)
{
	assert_int_equal(counts->taken, wanted->taken);
	assert_int_equal(counts->refused, wanted->refused);
	assert_int_equal(counts->failed, wanted->failed);
	assert_int_equal(counts->dropped, wanted->dropped);
}

static void test_answer(void **state)
{
	const struct answer_row *row = *state;
	struct sender sender = { .method = row->method, .left = 1 };
	struct submission_counts counts;
	struct submission *submission;

	double_begin(NULL);
	double_api.answers = row->answers;
	double_api.answer_count = row->answer_count;
	submission = begin(&sender, &quick);
	submission_wake(submission);
	double_run_until(row->answer_count);
	double_settle();
	assert_int_equal(double_api.count, row->answer_count);
	assert_int_equal(sender.ended_count, 1);
	assert_int_equal(sender.ended[0], row->ended);
	counts = submission_counts(submission);
	expect_counts(&counts, &row->counts);
	assert_string_equal(double_said(), row->said);
	submission_free(submission);
	free(sender.body);
	double_end(NULL);
}

/* --- what is sent */

/* Each try is composed anew. */
static void test_anew(void **state)
{
	static const struct response answers[] = { STATUS(500), STATUS(201) };
	struct sender sender = { .method = "POST", .left = 2 };
	struct submission *submission = begin(&sender, &quick);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	submission_wake(submission);
	/* Nothing happens before the loop runs. */
	assert_int_equal(sender.composed, 0);
	double_run_until(3);
	double_settle();
	assert_int_equal(double_api.count, 3);
	assert_string_equal(double_api.asked[0].body, "body 1");
	assert_string_equal(double_api.asked[1].body, "body 2");
	assert_string_equal(double_api.asked[2].body, "body 3");
	assert_string_equal(double_api.asked[2].method, "POST");
	assert_string_equal(double_api.asked[2].path, "/path");
	assert_string_equal(double_api.asked[2].content_type, "text/plain");
	submission_free(submission);
	free(sender.body);
}

/* What answers mean to the sender: nothing is paused for, told or counted that
 * another request says.
 */
static void test_judged(void **state)
{
	const struct pace pace = { .burst = 1000,
				   .interval = 1000,
				   .forbidden_pause = 3600000000 };
	static const struct response answers[] = { STATUS(403), STATUS(409),
						   STATUS(404), STATUS(403),
						   STATUS(422) };
	static const enum verdict verdicts[] = {
		VERDICT_OTHERWISE, VERDICT_OTHERWISE, VERDICT_OTHERWISE,
		VERDICT_TAKEN,	   VERDICT_USUAL,
	};
	static const struct submission_counts wanted = { .taken = 2,
							 .refused = 1 };
	struct sender sender = { .method = "POST",
				 .verdicts = verdicts,
				 .left = 3 };
	struct submission *submission = begin(&sender, &pace);
	struct submission_counts counts;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(6);
	double_settle();
	assert_int_equal(sender.composed, 6);
	assert_int_equal(sender.ended_count, 3);
	assert_int_equal(sender.ended[0], 403);
	assert_int_equal(sender.ended[1], 422);
	assert_int_equal(sender.ended[2], 201);
	counts = submission_counts(submission);
	expect_counts(&counts, &wanted);
	assert_string_equal(
		double_said(),
		"nlctl: agent: the API server does not take Things: HTTP status 422\n");
	submission_free(submission);
	free(sender.body);
}

/* One after another is put off, unless it is its namespace that ends. */
static void test_postponed(void **state)
{
	static const struct response answers[] = {
		STATUS(500),
		STATUS(503),
		SAYS(403, "{\"message\": \"not here\"}"),
		STATUS(201),
		SAYS(403,
		     "{\"details\": {\"causes\": [{\"reason\": \"NamespaceTerminating\"}]}}"),
		STATUS(201),
	};
	static const enum verdict verdicts[] = {
		VERDICT_POSTPONED, VERDICT_POSTPONED, VERDICT_POSTPONED,
		VERDICT_POSTPONED, VERDICT_USUAL,
	};
	static const struct submission_counts wanted = { .taken = 2,
							 .refused = 1,
							 .failed = 3 };
	struct sender sender = { .method = "POST",
				 .verdicts = verdicts,
				 .left = 6 };
	struct submission *submission = begin(&sender, &quick);
	struct submission_counts counts;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(6);
	double_settle();
	assert_int_equal(double_api.count, 6);
	assert_int_equal(sender.postponed, 3);
	assert_int_equal(sender.ended_count, 3);
	assert_int_equal(sender.ended[1], 403);
	counts = submission_counts(submission);
	expect_counts(&counts, &wanted);
	assert_string_equal(
		double_said(),
		"nlctl: agent: cannot send Things: HTTP status 500; it is tried again\n"
		"nlctl: agent: the API server does not let the agent write Things: not here (HTTP status 403); grant the agent's account \"create things\"\n");
	submission_free(submission);
	free(sender.body);
}

/* One is under way at a time. */
static void test_one(void **state)
{
	struct sender sender = { .method = "POST", .left = 5 };
	struct submission *submission = begin(&sender, &quick);

	(void)state;
	double_api.hold = true;
	submission_wake(submission);
	double_run_until(1);
	submission_wake(submission);
	double_settle();
	assert_int_equal(double_api.count, 1);
	submission_free(submission);
	assert_int_equal(double_api.cancelled, 1);
	free(sender.body);
}

/* A failure is told again after things went well. */
static void test_told_again(void **state)
{
	static const struct response answers[] = { STATUS(500), STATUS(201),
						   STATUS(500), STATUS(201) };
	static const char line[] =
		"nlctl: agent: cannot send Things: HTTP status 500; it is tried again\n";
	struct sender sender = { .method = "POST", .left = 2 };
	struct submission *submission = begin(&sender, &quick);
	char *wanted = xasprintf("%s%s", line, line);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	submission_wake(submission);
	double_run_until(4);
	double_settle();
	assert_string_equal(double_said(), wanted);
	submission_free(submission);
	free(wanted);
	free(sender.body);
}

/* --- when it is sent: only that it is not too early */

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
		DOUBLE_TEST(test_postponed),
		DOUBLE_TEST(test_pauses_postponed),
		DOUBLE_TEST(test_retry_after_postponed),
		DOUBLE_TEST(test_wait),
		DOUBLE_TEST(test_anew),
		DOUBLE_TEST(test_judged),
		DOUBLE_TEST(test_one),
		DOUBLE_TEST(test_told_again),
		DOUBLE_TEST(test_rate),
		DOUBLE_TEST(test_pauses),
		DOUBLE_TEST(test_retry_after),
		DOUBLE_TEST(test_forbidden),
		DOUBLE_TEST(test_hurry),
		DOUBLE_TEST(test_spread),
	};
	int failed = table_tests("answers", answer_rows, COUNT(answer_rows),
				 sizeof(*answer_rows), test_answer);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
