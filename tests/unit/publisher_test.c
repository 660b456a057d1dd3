// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which Events are sent, in which order: what waits, what takes its place, what was
 * said already.
 */
#include "publisher_scene.h"

#define QUEUE_MAX 256
#define REMEMBERED_MAX 2048

/* As many as can be told in the hour for which the API server keeps them: twenty at
 * once, and one each two seconds.
 */
#define TOLD_IN_AN_HOUR 1820

/* Each number is an object of its own. */
static void warn_of(struct publisher *publisher, unsigned int number)
{
	struct object_reference reference = policy;
	char *name = xasprintf("web-%u", number);
	char *message = xasprintf("number %u", number);

	reference.name = name;
	publisher_warn(publisher, &reference, EVENT_POLICY_REFUSED, message);
	free(message);
	free(name);
}

static void test_sent(void **state)
{
	struct publisher *publisher = begin_publisher(0);
	char *name = object_event_name(&policy, EVENT_POLICY_REFUSED,
				       "port \"x\"", "one");

	(void)state;
	publisher_warn(publisher, &policy, EVENT_POLICY_REFUSED, "port \"x\"");
	publisher_warn(publisher, &node, EVENT_LIMIT_EXCEEDED, "no room");
	double_run_until(2);
	double_settle();
	assert_int_equal(double_api.count, 2);
	assert_string_equal(double_api.asked[0].method, "POST");
	assert_string_equal(double_api.asked[0].path,
			    "/api/v1/namespaces/shop/events");
	assert_string_equal(double_api.asked[0].content_type,
			    "application/json");
	expect_field(0, "metadata", "name", name);
	expect_field(0, "metadata", "namespace", "shop");
	expect_field(0, "involvedObject", "name", "web");
	expect_field(0, "source", "host", "one");
	expect_field(0, NULL, "reason", "PolicyRefused");
	expect_field(0, NULL, "message", "port \"x\"");
	assert_string_equal(double_api.asked[1].path,
			    "/api/v1/namespaces/default/events");
	expect_field(1, NULL, "reason", "LimitExceeded");
	assert_int_equal(publisher_counts(publisher).taken, 2);
	free(name);
	publisher_free(publisher);
}

/* While it waits, when it was sent, was there already, or was not taken. */
static void test_once(void **state)
{
	static const struct response answers[] = { { .status = 201 },
						   { .status = 409 },
						   { .status = 200 },
						   { .status = 422 } };
	struct publisher *publisher = begin_publisher(0);
	struct submission_counts counts;
	unsigned int round, number;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	for (round = 0; round < 3; round++)
		for (number = 0; number < 3; number++)
			warn_of(publisher, number);
	double_run_until(4);
	double_settle();
	for (number = 0; number < 3; number++)
		warn_of(publisher, number);
	double_settle();
	assert_int_equal(double_api.count, 4);
	expect_field(3, NULL, "message", "number 2");
	counts = publisher_counts(publisher);
	assert_int_equal(counts.taken, 2);
	assert_int_equal(counts.refused, 1);
	assert_int_equal(counts.dropped, 0);
	/* Another reason or object is another Event. */
	publisher_warn(publisher, &policy, EVENT_OBJECT_REFUSED, "number 0");
	publisher_warn(publisher, &node, EVENT_POLICY_REFUSED, "number 0");
	double_run_until(6);
	publisher_free(publisher);
}

/* Kept, in its order, until the API server is there again. */
static void test_kept(void **state)
{
	static const struct response answers[] = {
		{ .failure = "connection refused" },
		{ .status = 429 },
		{ .status = 201 },
	};
	struct publisher *publisher = begin_publisher(0);
	unsigned int number;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	for (number = 0; number < 3; number++)
		warn_of(publisher, number);
	double_run_until(5);
	for (number = 0; number < 5; number++) {
		char *wanted =
			xasprintf("number %u", number < 3 ? 0 : number - 2);

		expect_field(number, NULL, "message", wanted);
		free(wanted);
	}
	assert_string_equal(
		double_said(),
		"nlctl: agent: cannot send Events: connection refused; it is tried again\n"
		"nlctl: agent: cannot send Events: HTTP status 429; it is tried again\n");
	publisher_free(publisher);
}

/* One that fails where others do not waits behind them, and is tried again. */
static void test_put_off(void **state)
{
	static const struct response answers[] = {
		{ .status = 500 }, { .status = 201 }, { .status = 403 },
		{ .status = 503 }, { .status = 403 }, { .status = 201 },
	};
	struct publisher *publisher = begin_publisher(0);
	struct object_reference reference = policy;
	size_t told[2] = {}, i;
	unsigned int number;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	for (number = 0; number < 3; number++)
		warn_of(publisher, number);
	double_run_until(3);
	/* What is said of it meanwhile is what is sent. */
	reference.name = "web-0";
	publisher_warn(publisher, &reference, EVENT_POLICY_REFUSED, "number 0");
	double_run_until(7);
	double_settle();
	assert_int_equal(double_api.count, 7);
	expect_field(0, NULL, "message", "number 0");
	expect_field(1, NULL, "message", "number 1");
	expect_field(2, NULL, "message", "number 2");
	for (i = 3; i < 7; i++) {
		json_t *event = json_loads(double_api.asked[i].body, 0, NULL);

		told[!strcmp(json_string_value(json_object_get(event,
							       "message")),
			     "number 2")]++;
		json_decref(event);
	}
	assert_true(told[0] > 0 && told[1] > 0);
	assert_int_equal(publisher_counts(publisher).taken, 3);
	assert_int_equal(publisher_counts(publisher).failed, 4);
	/* They were told, so that is said no more. */
	warn_of(publisher, 0);
	warn_of(publisher, 2);
	double_settle();
	assert_int_equal(double_api.count, 7);
	publisher_free(publisher);
}

/* Those that wait are told while it is put off, which is for long. */
static void test_put_off_for_long(void **state)
{
	static const struct response answers[] = { { .status = 403 },
						   { .status = 201 },
						   { .status = 500 } };
	struct pace pace = double_pace;
	struct publisher *publisher;
	unsigned int number;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	/* Any time within a day: that it is less than 10 s is 1 in 4320. */
	pace.first_pause = 86400000000;
	pace.last_pause = 86400000000;
	publisher =
		publisher_new(double_api.event, double_server, "one", &pace, 0);
	for (number = 0; number < 4; number++)
		warn_of(publisher, number);
	double_run_until(4);
	double_settle();
	for (number = 0; number < 4; number++)
		warn_of(publisher, number);
	double_settle();
	assert_int_equal(double_api.count, 4);
	expect_field(1, NULL, "message", "number 1");
	expect_field(3, NULL, "message", "number 3");
	publisher_free(publisher);
}

/* A role that permits none, or a server that takes none: what is sent after those that
 * failed is sent ever later.
 */
static void test_none_taken(void **state)
{
	struct pace pace = double_pace;
	struct publisher *publisher;
	unsigned int number;

	(void)state;
	double_api.usual = 403;
	pace.next_pause = 86400000000;
	pace.first_pause = 86400000000;
	publisher =
		publisher_new(double_api.event, double_server, "one", &pace, 0);
	for (number = 0; number < 10; number++)
		warn_of(publisher, number);
	double_run_until(1);
	double_settle();
	assert_int_equal(double_api.count, 1);
	publisher_free(publisher);
}

/* So many wait and no more; what found no room can be said later. */
static void test_queue(void **state)
{
	struct publisher *publisher = begin_publisher(0);
	struct object_reference reference = policy;
	unsigned int number;

	(void)state;
	for (number = 0; number < QUEUE_MAX + 5; number++)
		warn_of(publisher, number);
	assert_int_equal(publisher_counts(publisher).dropped, 5);
	/* What takes another's place needs none. */
	reference.name = "web-7";
	publisher_warn(publisher, &reference, EVENT_POLICY_REFUSED, "newer");
	assert_int_equal(publisher_counts(publisher).dropped, 5);
	double_run_until(QUEUE_MAX);
	expect_field(7, NULL, "message", "newer");
	double_settle();
	assert_int_equal(double_api.count, QUEUE_MAX);
	warn_of(publisher, QUEUE_MAX);
	warn_of(publisher, 0);
	double_run_until(QUEUE_MAX + 1);
	double_settle();
	assert_int_equal(double_api.count, QUEUE_MAX + 1);
	expect_field(QUEUE_MAX, NULL, "message", "number 256");
	publisher_free(publisher);
}

/* While it waits, the newest text of an object and a reason is what is told, in the
 * place of the first.
 */
static void test_newest(void **state)
{
	struct publisher *publisher = begin_publisher(0);

	(void)state;
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "10 pods");
	publisher_warn(publisher, &policy, EVENT_POLICY_REFUSED, "port 70000");
	publisher_warn(publisher, &node, EVENT_LIMIT_EXCEEDED, "10 rules");
	/* The same Event, another, and back again. */
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "11 pods");
	publisher_warn(publisher, &node, EVENT_LIMIT_EXCEEDED, "11 pods");
	publisher_warn(publisher, &node, EVENT_LIMIT_EXCEEDED, "12 rules");
	publisher_warn(publisher, &policy, EVENT_POLICY_REFUSED, "port 70001");
	double_run_until(3);
	double_settle();
	assert_int_equal(double_api.count, 3);
	expect_field(0, NULL, "message", "11 pods");
	expect_field(1, NULL, "message", "port 70001");
	expect_field(2, NULL, "message", "12 rules");
	expect_field(2, "involvedObject", "name", "one");
	assert_int_equal(publisher_counts(publisher).dropped, 0);
	publisher_free(publisher);
}

/* Also when it was tried before: what is sent is what is so by then. */
static void test_newest_tried(void **state)
{
	static const struct response answers[] = { { .status = 429 } };
	struct publisher *publisher = begin_publisher(0);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "10 pods");
	double_run_until(1);
	/* The answer is on its way. */
	assert_true(sd_event_run(double_api.event, 0) > 0);
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "10 rules");
	double_run_until(2);
	double_settle();
	assert_int_equal(double_api.count, 2);
	expect_field(1, NULL, "message", "10 rules");
	/* What was said lately, of which something else was to be said since. */
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "10 pods");
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "11 rules");
	double_settle();
	assert_int_equal(double_api.count, 2);
	publisher_free(publisher);
}

/* What is under way goes on, and the newer one waits for its turn. */
static void test_newest_under_way(void **state)
{
	struct publisher *publisher = begin_publisher(0);

	(void)state;
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "10 pods");
	warn_of(publisher, 1);
	double_run_until(1);
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "10 rules");
	publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED, "11 rules");
	double_run_until(3);
	double_settle();
	assert_int_equal(double_api.count, 3);
	expect_field(0, NULL, "message", "10 pods");
	expect_field(1, NULL, "message", "number 1");
	expect_field(2, NULL, "message", "11 rules");
	publisher_free(publisher);
}

/* The oldest is forgotten, and can be said again. */
static void test_remembered(void **state)
{
	struct publisher *publisher = begin_publisher(0);
	unsigned int number;

	(void)state;
	for (number = 0; number < REMEMBERED_MAX + 1; number++) {
		warn_of(publisher, number);
		double_run_until(number + 1);
	}
	double_settle();
	warn_of(publisher, 2);
	warn_of(publisher, REMEMBERED_MAX);
	double_settle();
	assert_int_equal(double_api.count, REMEMBERED_MAX + 1);
	warn_of(publisher, 0);
	double_run_until(REMEMBERED_MAX + 2);
	publisher_free(publisher);
}

/* What is under way or waits stays, though so much comes that older is forgotten. */
static void test_under_way_kept(void **state)
{
	struct publisher *publisher = begin_publisher(0);
	unsigned int number;

	(void)state;
	for (number = 0; number <= REMEMBERED_MAX; number++) {
		char *message = xasprintf("word-%u", number);

		publisher_warn(publisher, &policy, EVENT_LIMIT_EXCEEDED,
			       message);
		free(message);
		if (!number) {
			double_run_until(1);
			warn_of(publisher, 0);
		}
	}
	double_run_until(3);
	double_settle();
	assert_int_equal(double_api.count, 3);
	expect_field(0, NULL, "message", "word-0");
	expect_field(1, NULL, "message", "number 0");
	expect_field(2, NULL, "message", "word-2048");
	/* There is room for others. */
	warn_of(publisher, 1);
	warn_of(publisher, 2);
	double_run_until(5);
	assert_int_equal(publisher_counts(publisher).dropped, 0);
	publisher_free(publisher);
}

/* One request is enough for each that the API server may still have. */
static void test_many_repeated(void **state)
{
	struct publisher *publisher = begin_publisher(REPEAT_AT_ONCE);
	unsigned int number;

	(void)state;
	for (number = 0; number < 2 * TOLD_IN_AN_HOUR; number++) {
		warn_of(publisher, number % TOLD_IN_AN_HOUR);
		double_run_until(number + 1);
	}
	double_settle();
	assert_int_equal(double_api.count, 2 * TOLD_IN_AN_HOUR);
	for (number = 0; number < 2 * TOLD_IN_AN_HOUR; number++)
		assert_string_equal(double_api.asked[number].method,
				    number < TOLD_IN_AN_HOUR ? "POST" :
							       "PATCH");
	publisher_free(publisher);
}

/* With one under way and others that wait. */
static void test_freed(void **state)
{
	struct publisher *publisher = begin_publisher(0);
	unsigned int number;

	(void)state;
	double_api.hold = true;
	for (number = 0; number < 3; number++)
		warn_of(publisher, number);
	double_run_until(1);
	publisher_free(publisher);
	publisher_free(NULL);
	double_settle();
	assert_int_equal(double_api.count, 1);
	assert_int_equal(double_api.cancelled, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOUBLE_TEST(test_sent),
		DOUBLE_TEST(test_once),
		DOUBLE_TEST(test_kept),
		DOUBLE_TEST(test_put_off),
		DOUBLE_TEST(test_put_off_for_long),
		DOUBLE_TEST(test_none_taken),
		DOUBLE_TEST(test_queue),
		DOUBLE_TEST(test_newest),
		DOUBLE_TEST(test_newest_tried),
		DOUBLE_TEST(test_newest_under_way),
		DOUBLE_TEST(test_remembered),
		DOUBLE_TEST(test_under_way_kept),
		DOUBLE_TEST(test_many_repeated),
		DOUBLE_TEST(test_freed),
	};

	return !!cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
