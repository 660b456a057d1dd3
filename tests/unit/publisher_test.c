// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include "agent/publisher.h"
#include "api_double.h"

#define QUEUE_MAX 256
#define REMEMBERED_MAX 2048

/* As many as can be told in the hour for which the API server keeps them: twenty at
 * once, and one each two seconds.
 */
#define TOLD_IN_AN_HOUR 1820

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
	return publisher_new(double_api.event, double_server, "one",
			     &double_pace, 0);
}

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
	struct publisher *publisher = begin();
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
	struct publisher *publisher = begin();

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
	static const struct response answers[] = { { .status = 503 } };
	struct publisher *publisher = begin();

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
	struct publisher *publisher = begin();

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

/* What is under way or waits stays, though so much comes that older is forgotten. */
static void test_under_way_kept(void **state)
{
	struct publisher *publisher = begin();
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

/* --- what is said for longer */

/* A number of an Event that was sent; 0 without. */
static json_int_t count_of(size_t index)
{
	json_t *event = json_loads(double_api.asked[index].body, 0, NULL);
	json_int_t count = json_integer_value(json_object_get(event, "count"));

	json_decref(event);
	return count;
}

static struct publisher *begin_repeating(void)
{
	/* A microsecond: whatever is said is old by the next round. */
	return publisher_new(double_api.event, double_server, "one",
			     &double_pace, 1);
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
	struct publisher *publisher = begin();
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
	struct publisher *publisher = begin_repeating();
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

/* One request is enough for each that the API server may still have. */
static void test_many_repeated(void **state)
{
	struct publisher *publisher = begin_repeating();
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

/* One that stood before another in the queue does not lead to it a second time. */
static void test_alone_again(void **state)
{
	struct publisher *publisher = begin_repeating();

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
	struct publisher *publisher = begin_repeating();

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
	struct publisher *publisher = begin_repeating();

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
	publisher = begin_repeating();
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
	struct publisher *publisher = begin_repeating();

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
	struct publisher *publisher = begin_repeating();

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
	struct publisher *publisher = begin_repeating();

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
		DOUBLE_TEST(test_sent),
		DOUBLE_TEST(test_once),
		DOUBLE_TEST(test_kept),
		DOUBLE_TEST(test_queue),
		DOUBLE_TEST(test_remembered),
		DOUBLE_TEST(test_freed),
		DOUBLE_TEST(test_counts_differ),
		DOUBLE_TEST(test_repeated),
		DOUBLE_TEST(test_many_repeated),
		DOUBLE_TEST(test_alone_again),
		DOUBLE_TEST(test_forgotten),
		DOUBLE_TEST(test_of_another),
		DOUBLE_TEST(test_namespace_gone),
		DOUBLE_TEST(test_forgotten_between),
		DOUBLE_TEST(test_denied),
		DOUBLE_TEST(test_failed_between),
		DOUBLE_TEST(test_newest),
		DOUBLE_TEST(test_newest_tried),
		DOUBLE_TEST(test_under_way_kept),
		DOUBLE_TEST(test_newest_under_way),
	};
	int failed = table_tests("told a second time", second_rows,
				 COUNT(second_rows), sizeof(*second_rows),
				 test_second);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
