// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which requests tell an Event, for the first time and again, and what becomes of each
 * when the API server answers this or that.
 */
#include "publisher_scene.h"

/* A number of an Event that was sent; 0 without. */
static json_int_t count_of(size_t index)
{
	json_t *event = json_loads(double_api.asked[index].body, 0, NULL);
	json_int_t count = json_integer_value(json_object_get(event, "count"));

	json_decref(event);
	return count;
}

static void warn_of_rules(struct publisher *publisher, unsigned int count)
{
	char *message =
		xasprintf("the policy needs %u rules, the limit is 9", count);

	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, message);
	free(message);
}

/* Say it, and let it be sent. */
static void tell(struct publisher *publisher, unsigned int count, size_t asked)
{
	warn_of_rules(publisher, count);
	double_run_until(asked);
	double_settle();
	assert_int_equal(double_api.count, asked);
}

static void expect_request(size_t index, const char *method, json_int_t count)
{
	char *name =
		object_event_name(&policy, EVENT_LIMIT_EXCEEDED,
				  "the policy needs 10 rules, the limit is 9",
				  "one");
	bool patch = !strcmp(method, "PATCH");
	char *path = xasprintf("/api/v1/namespaces/shop/events%s%s",
			       patch ? "/" : "", patch ? name : "");

	assert_string_equal(double_api.asked[index].method, method);
	assert_string_equal(double_api.asked[index].path, path);
	assert_string_equal(double_api.asked[index].content_type,
			    patch ? "application/strategic-merge-patch+json" :
				    "application/json");
	assert_int_equal(count_of(index), count);
	free(path);
	free(name);
}

/* The counts in it are others with each try: one Event, told once. */
static void test_counts_differ(void **state)
{
	struct publisher *publisher = begin_publisher(0);
	unsigned int count;

	(void)state;
	for (count = 10; count < 15; count++) {
		warn_of_rules(publisher, count);
		double_settle();
	}
	assert_int_equal(double_api.count, 1);
	/* Another limit is another Event, and so are other numbers of a port. */
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED,
		       "the policy needs 10 pods, the limit is 9");
	publisher_warn(publisher, &policy, EVENT_POLICY_REFUSED, "port 70000");
	double_run_until(3);
	double_settle();
	publisher_warn(publisher, &policy, EVENT_POLICY_REFUSED, "port 70001");
	double_run_until(4);
	publisher_free(publisher);
}

/* The same Event, its count raised, its message the latest. */
static void test_repeated(void **state)
{
	struct publisher *publisher = begin_publisher(REPEAT_AT_ONCE);
	json_t *patch;

	(void)state;
	tell(publisher, 10, 1);
	tell(publisher, 11, 2);
	tell(publisher, 12, 3);
	expect_request(0, "POST", 1);
	expect_request(1, "PATCH", 2);
	expect_request(2, "PATCH", 3);
	expect_field(2, NULL, "message",
		     "the policy needs 12 rules, the limit is 9");
	patch = json_loads(double_api.asked[2].body, 0, NULL);
	assert_non_null(json_object_get(patch, "lastTimestamp"));
	assert_int_equal(json_object_size(patch), 3);
	json_decref(patch);
	assert_int_equal(publisher_counts(publisher).taken, 3);
	publisher_free(publisher);
}

/* One that stood before another in the queue does not lead to it a second time. */
static void test_alone_again(void **state)
{
	struct publisher *publisher = begin_publisher(REPEAT_AT_ONCE);

	(void)state;
	warn_of_rules(publisher, 10);
	publisher_warn(publisher, &policy, EVENT_POLICY_REFUSED, "another");
	double_run_until(2);
	double_settle();
	tell(publisher, 10, 3);
	expect_request(2, "PATCH", 2);
	publisher_free(publisher);
}

/* The API server has forgotten it. */
static void test_forgotten(void **state)
{
	static const struct response answers[] = {
		{ .status = 201 }, { .status = 200 }, { .status = 404 },
		{ .status = 201 }, { .status = 200 },
	};
	struct publisher *publisher = begin_publisher(REPEAT_AT_ONCE);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	tell(publisher, 10, 1);
	tell(publisher, 10, 2);
	tell(publisher, 10, 4);
	tell(publisher, 10, 5);
	expect_request(2, "PATCH", 3);
	expect_request(3, "POST", 1);
	expect_request(4, "PATCH", 2);
	publisher_free(publisher);
}

static bool has_count(size_t index)
{
	json_t *event = json_loads(double_api.asked[index].body, 0, NULL);
	bool has = json_object_get(event, "count");

	json_decref(event);
	return has;
}

static void expect_counts(const struct publisher *publisher, uint64_t taken,
			  uint64_t refused)
{
	struct submission_counts counts = publisher_counts(publisher);

	assert_int_equal(counts.taken, taken);
	assert_int_equal(counts.refused, refused);
	assert_int_equal(counts.failed, 0);
	assert_int_equal(counts.dropped, 0);
}

/* What another agent has created, or this one before it was started anew, is told
 * again at once, and its count goes on.
 */
static void test_of_another(void **state)
{
	static const struct response answers[] = {
		{ .status = 409 },
		{ .status = 200, .body = "{\"count\": 7}" },
		{ .status = 200, .body = "{\"count\": 8}" },
		{ .status = 200, .body = "{\"count\": 12}" },
		/* Another has just told it. */
		{ .status = 409 },
		{ .status = 200, .body = "{\"count\": -2}" },
		{ .status = 200 },
	};
	struct publisher *publisher = begin_publisher(REPEAT_AT_ONCE);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	tell(publisher, 10, 2);
	tell(publisher, 10, 3);
	tell(publisher, 10, 4);
	tell(publisher, 10, 5);
	tell(publisher, 10, 6);
	tell(publisher, 10, 7);
	tell(publisher, 10, 8);
	expect_request(0, "POST", 1);
	expect_request(1, "PATCH", 0);
	assert_false(has_count(1));
	expect_request(2, "PATCH", 8);
	expect_request(3, "PATCH", 9);
	expect_request(4, "PATCH", 13);
	expect_request(5, "PATCH", 13);
	expect_request(6, "PATCH", 14);
	expect_request(7, "PATCH", 15);
	expect_counts(publisher, 7, 0);
	assert_string_equal(double_said(), "");
	publisher_free(publisher);
}

/* --- what becomes of an Event that is told a second time */

struct second_row {
	const char *name;
	struct response answers[4];
	size_t answer_count;
	const char *methods[4];
	uint64_t taken;
	uint64_t refused;
	const char *next; /* the method of the third time */
	json_int_t count; /* in it; 0 without */
};

static const struct second_row second_rows[] = {
	{ "it is there",
	  { { .status = 200 } },
	  1,
	  { "PATCH" },
	  2,
	  0,
	  "PATCH",
	  3 },
	{ "forgotten",
	  { { .status = 404 }, { .status = 201 } },
	  2,
	  { "PATCH", "POST" },
	  2,
	  0,
	  "PATCH",
	  2 },
	{ "forgotten, and created by another",
	  { { .status = 404 }, { .status = 409 } },
	  2,
	  { "PATCH", "POST" },
	  2,
	  0,
	  "PATCH",
	  0 },
	{ "forgotten, with its namespace",
	  { { .status = 404 }, { .status = 404 } },
	  2,
	  { "PATCH", "POST" },
	  1,
	  1,
	  "POST",
	  1 },
	{ "no permission, and it is there",
	  { { .status = 403 }, { .status = 409 } },
	  2,
	  { "PATCH", "POST" },
	  2,
	  0,
	  "PATCH",
	  2 },
	{ "no permission, and it is forgotten",
	  { { .status = 403 }, { .status = 201 } },
	  2,
	  { "PATCH", "POST" },
	  2,
	  0,
	  "PATCH",
	  2 },
	{ "not valid", { { .status = 422 } }, 1, { "PATCH" }, 1, 1, "PATCH", 2 },
};

static void test_second(void **state)
{
	const struct second_row *row = *state;
	struct publisher *publisher;
	size_t i;

	double_begin(NULL);
	publisher = begin_publisher(REPEAT_AT_ONCE);
	tell(publisher, 10, 1);
	double_api.answers = row->answers;
	double_api.answer_count = row->answer_count;
	tell(publisher, 10, 1 + row->answer_count);
	for (i = 0; i < row->answer_count; i++)
		assert_string_equal(double_api.asked[1 + i].method,
				    row->methods[i]);
	expect_counts(publisher, row->taken, row->refused);
	tell(publisher, 10, 2 + row->answer_count);
	assert_string_equal(double_api.asked[1 + row->answer_count].method,
			    row->next);
	assert_int_equal(count_of(1 + row->answer_count), row->count);
	publisher_free(publisher);
	double_end(NULL);
}

/* Created by another, and forgotten before it could be told again. */
static void test_forgotten_between(void **state)
{
	static const struct response answers[] = { { .status = 409 },
						   { .status = 404 },
						   { .status = 201 } };
	struct publisher *publisher = begin_publisher(REPEAT_AT_ONCE);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	tell(publisher, 10, 3);
	expect_request(2, "POST", 1);
	tell(publisher, 10, 4);
	expect_request(3, "PATCH", 2);
	expect_counts(publisher, 2, 0);
	publisher_free(publisher);
}

/* A failure that may pass changes nothing of what is to be asked. */
static void test_failed_between(void **state)
{
	static const struct response answers[] = { { .status = 201 },
						   { .status = 503 },
						   { .failure = "no answer" },
						   { .status = 200 } };
	struct publisher *publisher = begin_publisher(REPEAT_AT_ONCE);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	tell(publisher, 10, 1);
	tell(publisher, 10, 4);
	expect_request(1, "PATCH", 2);
	expect_request(2, "PATCH", 2);
	expect_request(3, "PATCH", 2);
	assert_int_equal(publisher_counts(publisher).failed, 2);
	publisher_free(publisher);
}

/* A role without the verb: others are told without a pause, it is said once, and
 * tried again each time.
 */
static void test_denied(void **state)
{
	static const struct response answers[] = {
		{ .status = 409 }, { .status = 403 }, { .status = 201 },
		{ .status = 403 }, { .status = 409 }, { .status = 200 },
		{ .status = 403 }, { .status = 409 },
	};
	static const char line[] =
		"nlctl: agent: the API server does not let the agent patch Events, so that one that is still true may be missing for half an hour; grant the agent's account \"create and patch events in all namespaces\"\n";
	const struct pace pace = {
		.burst = 10000,
		.interval = 1,
		.first_pause = 3600000000,
		.last_pause = 3600000000,
		.forbidden_pause = 3600000000,
	};
	struct publisher *publisher =
		publisher_new(double_api.event, double_server, "one", &pace, 1);
	char *twice = xasprintf("%s%s", line, line);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	tell(publisher, 10, 2);
	publisher_warn(publisher, &node, EVENT_POLICY_REFUSED, "another");
	double_run_until(3);
	tell(publisher, 10, 5);
	assert_string_equal(double_said(), line);
	tell(publisher, 10, 6);
	tell(publisher, 10, 8);
	assert_string_equal(double_said(), twice);
	expect_request(1, "PATCH", 0);
	expect_request(3, "PATCH", 0);
	expect_request(4, "POST", 1);
	expect_request(5, "PATCH", 0);
	/* The answer to that did not say how much it is. */
	expect_request(6, "PATCH", 0);
	expect_counts(publisher, 5, 0);
	free(twice);
	publisher_free(publisher);
}

/* What is gone from the namespace with it is not tried for ever. */
static void test_namespace_gone(void **state)
{
	static const struct response answers[] = {
		{ .status = 201 },
		{ .status = 404 },
		{ .status = 404 },
	};
	struct publisher *publisher = begin_publisher(REPEAT_AT_ONCE);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	tell(publisher, 10, 1);
	tell(publisher, 10, 3);
	expect_request(1, "PATCH", 2);
	expect_request(2, "POST", 1);
	publisher_free(publisher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOUBLE_TEST(test_counts_differ),
		DOUBLE_TEST(test_repeated),
		DOUBLE_TEST(test_alone_again),
		DOUBLE_TEST(test_forgotten),
		DOUBLE_TEST(test_of_another),
		DOUBLE_TEST(test_forgotten_between),
		DOUBLE_TEST(test_failed_between),
		DOUBLE_TEST(test_denied),
		DOUBLE_TEST(test_namespace_gone),
	};
	int failed = table_tests("told a second time", second_rows,
				 COUNT(second_rows), sizeof(*second_rows),
				 test_second);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
