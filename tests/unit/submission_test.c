// SPDX-License-Identifier: GPL-2.0-only
#include "submission_scene.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOUBLE_TEST(test_anew),	      DOUBLE_TEST(test_judged),
		DOUBLE_TEST(test_postponed),  DOUBLE_TEST(test_one),
		DOUBLE_TEST(test_told_again),
	};
	int failed = table_tests("answers", answer_rows, COUNT(answer_rows),
				 sizeof(*answer_rows), test_answer);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
