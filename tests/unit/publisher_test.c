// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include "agent/publisher.h"
#include "api_double.h"

#define QUEUE_MAX 256
#define REMEMBERED_MAX 1024

static const struct pace quick = {
	.burst = 10000,
	.interval = 1,
	.first_pause = 1000,
	.last_pause = 1000,
	.forbidden_pause = 1000,
};

static const struct object_reference policy = {
	.api_version = "networking.k8s.io/v1",
	.kind = "NetworkPolicy",
	.namespace = "shop",
	.name = "web",
	.uid = "1",
	.resource_version = "2",
};

static const struct object_reference node = {
	.api_version = "v1",
	.kind = "Node",
	.name = "one",
};

static struct publisher *begin(void)
{
	return publisher_new(double_api.event, double_server, "one", &quick);
}

static void warn_of(struct publisher *publisher, unsigned int number)
{
	char *message = xasprintf("number %u", number);

	publisher_warn(publisher, &policy, EVENT_POLICY_REFUSED, message);
	free(message);
}

/* A text of an Event that was sent. */
static void expect_field(size_t index, const char *object, const char *field,
			 const char *wanted)
{
	json_t *event = json_loads(double_api.asked[index].body, 0, NULL);
	const json_t *part = object ? json_object_get(event, object) : event;
	const char *value = json_string_value(json_object_get(part, field));

	assert_non_null(value);
	assert_string_equal(value, wanted);
	json_decref(event);
}

static void test_sent(void **state)
{
	struct publisher *publisher = begin();
	char *name =
		object_event_name(&policy, EVENT_POLICY_REFUSED, "port \"x\"");

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
						   { .status = 422 } };
	struct publisher *publisher = begin();
	struct submission_counts counts;
	unsigned int round, number;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	for (round = 0; round < 3; round++)
		for (number = 0; number < 3; number++)
			warn_of(publisher, number);
	double_run_until(3);
	double_settle();
	for (number = 0; number < 3; number++)
		warn_of(publisher, number);
	double_settle();
	assert_int_equal(double_api.count, 3);
	expect_field(2, NULL, "message", "number 2");
	counts = publisher_counts(publisher);
	assert_int_equal(counts.taken, 2);
	assert_int_equal(counts.refused, 1);
	assert_int_equal(counts.dropped, 0);
	/* Another reason or object is another Event. */
	publisher_warn(publisher, &policy, EVENT_OBJECT_REFUSED, "number 0");
	publisher_warn(publisher, &node, EVENT_POLICY_REFUSED, "number 0");
	double_run_until(5);
	publisher_free(publisher);
}

/* Kept, in its order, until the API server is there again. */
static void test_kept(void **state)
{
	static const struct response answers[] = {
		{ .failure = "connection refused" },
		{ .status = 503 },
		{ .status = 201 },
	};
	struct publisher *publisher = begin();
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
		"nlctl: agent: cannot send Events: HTTP status 503; it is tried again\n");
	publisher_free(publisher);
}

/* So many wait and no more; what found no room can be said later. */
static void test_queue(void **state)
{
	struct publisher *publisher = begin();
	unsigned int number;

	(void)state;
	for (number = 0; number < QUEUE_MAX + 5; number++)
		warn_of(publisher, number);
	assert_int_equal(publisher_counts(publisher).dropped, 5);
	double_run_until(QUEUE_MAX);
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

/* The oldest is forgotten, and can be said again. */
static void test_remembered(void **state)
{
	struct publisher *publisher = begin();
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

/* With one under way and others that wait. */
static void test_freed(void **state)
{
	struct publisher *publisher = begin();
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

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, double_begin, double_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sent),  TEST(test_once),	 TEST(test_kept),
		TEST(test_queue), TEST(test_remembered), TEST(test_freed),
	};

	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
