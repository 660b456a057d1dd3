// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects that cannot be decoded, told by a real publisher to a server that answers
 * what the test says.
 */
#include "refusals_scene.h"

/* More than the publisher lets wait. */
#define MANY 400

static struct scene begin(uint64_t repeat)
{
	return begin_paced(&double_pace, repeat);
}

/* However many are refused at once, each is told, in its turn, and once. */
static void test_many(void **state)
{
	struct scene scene = begin(NEVER);
	unsigned int number;

	(void)state;
	put_many(&scene, MANY);
	put_many(&scene, MANY);
	assert_int_equal(refusals_count(scene.refusals, RESOURCE_PODS), MANY);
	assert_int_equal(refusals_count(scene.refusals, RESOURCE_NODES), 0);
	double_run_until(MANY);
	double_settle();
	assert_int_equal(double_api.count, MANY);
	for (number = 0; number < MANY; number++) {
		char *name = xasprintf("x%u", number);

		assert_int_equal(find_created(number, name), number);
		assert_string_equal(double_api.asked[number].method, "POST");
		free(name);
	}
	assert_int_equal(publisher_counts(scene.publisher).dropped, 0);
	end(&scene);
}

/* In the publisher's pace. */
static void test_rate(void **state)
{
	const struct pace pace = { .burst = 3, .interval = 50000 };
	struct scene scene;

	(void)state;
	scene.publisher = publisher_new(double_api.event, double_server, "one",
					&pace, NEVER);
	scene.refusals = refusals_new(double_api.event, scene.publisher, NEVER);
	put_many(&scene, MANY);
	double_run_until(5);
	assert_true(double_api.asked[4].time - double_api.asked[0].time >=
		    95000);
	end(&scene);
}

/* What is good again or gone before its turn is not told. */
static void test_removed(void **state)
{
	struct scene scene = begin(NEVER);

	(void)state;
	put_many(&scene, 5);
	drop(&scene, "x1");
	drop(&scene, "x4");
	drop(&scene, "never");
	/* Of the same name, and another kind. */
	refusals_remove(scene.refusals, &resources[RESOURCE_NAMESPACES],
			"a/x0");
	double_run_until(1);
	/* While it is under way. */
	drop(&scene, "x0");
	double_run_until(3);
	double_settle();
	assert_int_equal(double_api.count, 3);
	assert_int_equal(find_created(0, "x0"), 0);
	assert_int_equal(find_created(0, "x2"), 1);
	assert_int_equal(find_created(0, "x3"), 2);
	assert_int_equal(refusals_count(scene.refusals, RESOURCE_PODS), 2);
	end(&scene);
}

/* Good and refused in turn, and with one text and another: each Event once. */
static void test_flapping(void **state)
{
	struct scene scene = begin(NEVER);
	unsigned int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		put(&scene, "x", "bad");
		double_settle();
		put(&scene, "x", "worse");
		double_settle();
		drop(&scene, "x");
		put(&scene, "x", "bad");
		double_settle();
		drop(&scene, "x");
	}
	assert_int_equal(double_api.count, 2);
	/* Others have their turn. */
	put(&scene, "x", "bad");
	put(&scene, "y", "bad");
	double_run_until(3);
	assert_int_equal(find_created(2, "y"), 2);
	assert_int_equal(refusals_count(scene.refusals, RESOURCE_PODS), 2);
	end(&scene);
}

/* Once the time is over it is the same Event once more. */
static void test_refused_anew(void **state)
{
	struct scene scene = begin(REPEAT_AT_ONCE);
	size_t count;

	(void)state;
	put(&scene, "x", "bad");
	double_run_until(1);
	drop(&scene, "x");
	double_settle();
	count = double_api.count;
	put(&scene, "x", "bad");
	double_run_until(count + 1);
	assert_string_equal(double_api.asked[count].method, "PATCH");
	end(&scene);
}

/* It is told with its newest text, in the place that it has. */
static void test_newest(void **state)
{
	static const struct response answers[] = { { .status = 429 } };
	struct scene scene = begin(NEVER);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	put_many(&scene, 3);
	put(&scene, "x1", "worse");
	double_run_until(1);
	assert_true(sd_event_run(double_api.event, 0) > 0);
	/* It was tried, and did not arrive. */
	put(&scene, "x0", "worst");
	double_run_until(4);
	double_settle();
	assert_int_equal(double_api.count, 4);
	assert_int_equal(find_created(1, "x0"), 1);
	expect_field(1, NULL, "message", "worst");
	assert_int_equal(find_created(1, "x1"), 2);
	expect_field(2, NULL, "message", "worse");
	end(&scene);
}

/* What has changed since it was sent is told again; what has not is not. */
static void test_changed(void **state)
{
	struct scene scene = begin(NEVER);

	(void)state;
	put(&scene, "x", "bad");
	put(&scene, "y", "bad");
	double_run_until(1);
	put(&scene, "x", "worse");
	double_run_until(3);
	double_settle();
	put(&scene, "x", "worse");
	double_settle();
	assert_int_equal(double_api.count, 3);
	expect_field(0, NULL, "message", "bad");
	assert_int_equal(find_created(1, "x"), 2);
	expect_field(2, NULL, "message", "worse");
	put(&scene, "x", "worst");
	double_run_until(4);
	double_settle();
	expect_field(3, NULL, "message", "worst");
	/* Another pod of that name. */
	put_uid(&scene, RESOURCE_PODS, "x", "2", "worst");
	double_run_until(5);
	assert_string_equal(double_api.asked[4].method, "POST");
	end(&scene);
}

/* One that changes each time while it is told takes no turn from the others. */
static void test_restless(void **state)
{
	struct scene scene = begin(NEVER);
	unsigned int number;

	(void)state;
	put(&scene, "x", "bad");
	put(&scene, "y", "bad");
	put(&scene, "z", "bad");
	for (number = 1; number <= 6; number++) {
		char *text = xasprintf("bad in another way: %u", number);

		double_run_until(number);
		put(&scene, "x", text);
		free(text);
	}
	assert_int_equal(find_created(0, "y"), 1);
	assert_int_equal(find_created(0, "z"), 2);
	assert_int_equal(find_created(1, "x"), 3);
	expect_field(3, NULL, "message", "bad in another way: 3");
	end(&scene);
}

/* In microseconds of CLOCK_MONOTONIC. */
static uint64_t time_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ull + now.tv_nsec / 1000;
}

/* As long as it is so, each in its turn. */
static void test_repeated(void **state)
{
	struct scene scene = begin(2000);
	size_t patched, i;

	(void)state;
	put_many(&scene, 5);
	for (i = 1; i < 5; i++) {
		run_until_patched("x4", i);
		assert_in_range(patches_of("x0"), i, i + 1);
		assert_in_range(patches_of("x2"), i, i + 1);
	}
	drop(&scene, "x3");
	run_until_patched("x4", patches_of("x4") + 2);
	patched = patches_of("x3");
	run_until_patched("x4", patches_of("x4") + 3);
	assert_int_equal(patches_of("x3"), patched);
	for (i = 0; i < 5; i++) {
		char *name = xasprintf("x%zu", i);

		drop(&scene, name);
		free(name);
	}
	double_settle();
	end(&scene);
}

/* What is refused after it does not put that off. */
static void test_repeated_meanwhile(void **state)
{
	struct scene scene = begin(20000);
	unsigned int number;

	(void)state;
	put(&scene, "first", "bad");
	double_run_until(1);
	for (number = 0; number < MANY && !patches_of("first"); number++) {
		char *name = xasprintf("x%u", number);

		put(&scene, name, "bad");
		double_run_until(double_api.count + 1);
		assert_true(sd_event_run(double_api.event, 5000) >= 0);
		free(name);
	}
	assert_true(patches_of("first") > 0);
	end(&scene);
}

/* One that is gone by the time that it is due holds up no other. */
static void test_gone_by_then(void **state)
{
	struct scene scene = begin(400000);
	uint64_t until;

	(void)state;
	put(&scene, "x", "bad");
	double_run_until(1);
	until = double_api.asked[0].time + 25000;
	while (time_now() < until)
		assert_true(sd_event_run(double_api.event, 5000) >= 0);
	put(&scene, "y", "bad");
	double_run_until(2);
	assert_int_equal(find_created(1, "y"), 1);
	double_settle();
	drop(&scene, "x");
	run_until_patched("y", 2);
	assert_int_equal(patches_of("x"), 0);
	end(&scene);
}

/* It is told again not before its time. */
static void test_not_early(void **state)
{
	struct scene scene = begin(200000);

	(void)state;
	put(&scene, "x", "bad");
	double_run_until(2);
	assert_true(double_api.asked[1].time - double_api.asked[0].time >=
		    200000);
	assert_string_equal(double_api.asked[1].method, "PATCH");
	end(&scene);
}

/* What is said once goes in front of those that wait, and takes no turn from them. */
static void test_behind_others(void **state)
{
	struct scene scene = begin(NEVER);

	(void)state;
	put_many(&scene, 3);
	double_run_until(1);
	publisher_warn(scene.publisher, &node, EVENT_LIMIT_EXCEEDED, "no room");
	double_run_until(4);
	double_settle();
	assert_int_equal(double_api.count, 4);
	assert_int_equal(find_created(0, "x0"), 0);
	assert_int_equal(find_created(0, "one"), 1);
	assert_int_equal(find_created(0, "x1"), 2);
	assert_int_equal(find_created(0, "x2"), 3);
	end(&scene);
}

/* Refused for good: it waits until its time comes again. */
static void test_refused(void **state)
{
	static const struct response answers[] = { { .status = 422 } };
	struct scene scene = begin(NEVER);

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	put_many(&scene, 2);
	double_run_until(2);
	double_settle();
	assert_int_equal(double_api.count, 2);
	assert_int_equal(find_created(1, "x1"), 1);
	assert_string_equal(
		double_said(),
		"nlctl: agent: the API server does not take Events: HTTP status 422\n");
	end(&scene);
}

struct kind_row {
	const char *name;
	enum resource_id id;
	const char *reason;
};

static const struct kind_row kind_rows[] = {
	{ "Pod", RESOURCE_PODS, "ObjectRefused" },
	{ "Node", RESOURCE_NODES, "ObjectRefused" },
	{ "Namespace", RESOURCE_NAMESPACES, "ObjectRefused" },
	{ "NetworkPolicy", RESOURCE_NETWORK_POLICIES, "PolicyRefused" },
	{ "ClusterNetworkPolicy", RESOURCE_CLUSTER_NETWORK_POLICIES,
	  "PolicyRefused" },
};

static void test_kind(void **state)
{
	const struct kind_row *row = *state;
	struct scene scene;

	double_begin(NULL);
	scene = begin(NEVER);
	put_uid(&scene, row->id, "x", "1", "bad");
	double_run_until(1);
	expect_field(0, NULL, "reason", row->reason);
	expect_field(0, NULL, "message", "bad");
	end(&scene);
	double_end(NULL);
}

/* As much as an Event can say. */
static void test_long(void **state)
{
	struct scene scene = begin(NEVER);
	char *text = xcalloc(100001, 1);
	json_t *event;
	const char *message;

	(void)state;
	memset(text, 'x', 100000);
	put(&scene, "x", text);
	double_run_until(1);
	event = json_loads(double_api.asked[0].body, 0, NULL);
	message = json_string_value(json_object_get(event, "message"));
	assert_int_equal(strlen(message), OBJECT_EVENT_MESSAGE_MAX);
	assert_string_equal(message + OBJECT_EVENT_MESSAGE_MAX - 4, "x...");
	json_decref(event);
	free(text);
	end(&scene);
}

/* Wherever it is cut, no character is. */
static void test_long_characters(void **state)
{
	static const char *const starts[] = { "", "x", "xx", "xxx" };
	struct scene scene = begin(NEVER);
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(starts); i++) {
		char *text = xcalloc(4 + 4 * 300, 1);
		json_t *event;
		const char *message;

		strcpy(text, starts[i]);
		for (j = 0; j < 300; j++)
			strcat(text, "\xf0\x9f\x98\x80");
		put(&scene, "x", text);
		double_run_until(i + 1);
		double_settle();
		event = json_loads(double_api.asked[i].body, 0, NULL);
		message = json_string_value(json_object_get(event, "message"));
		/* 255 characters, or 254 where one is in the way, and dots. */
		j = i + 4 * (i > 1 ? 254 : 255);
		assert_int_equal(strlen(message), j + 3);
		assert_memory_equal(message, text, j);
		assert_string_equal(message + j, "...");
		json_decref(event);
		free(text);
	}
	end(&scene);
}

/* In front of the publisher, with one under way; who has no name is passed over. */
static void test_freed(void **state)
{
	struct scene scene = begin(NEVER);
	json_t *nameless = json_pack("{s:{}}", "metadata");

	(void)state;
	refusals_put(scene.refusals, &resources[RESOURCE_PODS], "v1", nameless,
		     "bad");
	json_decref(nameless);
	assert_int_equal(refusals_count(scene.refusals, RESOURCE_PODS), 0);
	put_many(&scene, 3);
	double_run_until(1);
	refusals_free(scene.refusals);
	refusals_free(NULL);
	double_settle();
	assert_int_equal(double_api.count, 1);
	publisher_free(scene.publisher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOUBLE_TEST(test_many),
		DOUBLE_TEST(test_rate),
		DOUBLE_TEST(test_removed),
		DOUBLE_TEST(test_flapping),
		DOUBLE_TEST(test_refused_anew),
		DOUBLE_TEST(test_newest),
		DOUBLE_TEST(test_changed),
		DOUBLE_TEST(test_restless),
		DOUBLE_TEST(test_repeated),
		DOUBLE_TEST(test_repeated_meanwhile),
		DOUBLE_TEST(test_not_early),
		DOUBLE_TEST(test_gone_by_then),
		DOUBLE_TEST(test_behind_others),
		DOUBLE_TEST(test_refused),
		DOUBLE_TEST(test_long),
		DOUBLE_TEST(test_long_characters),
		DOUBLE_TEST(test_freed),
	};
	int failed = table_tests("kinds", kind_rows, COUNT(kind_rows),
				 sizeof(*kind_rows), test_kind);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
