// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <jansson.h>

#include "agent/node_condition.h"
#include "api_double.h"
#include "manifest_objects.h"

static const struct pace quick = {
	.burst = 1000,
	.interval = 1,
	.first_pause = 1000,
	.last_pause = 1000,
	.forbidden_pause = 3600000000,
};

static struct node_condition *begin(void)
{
	double_api.usual = 200;
	return node_condition_new(double_api.event, double_server, "one",
				  &quick);
}

/* A field of the condition that was sent. */
static char *field_of(size_t index, const char *field)
{
	json_t *patch = json_loads(double_api.asked[index].body, 0, NULL);
	const json_t *conditions =
		json_object_get(json_object_get(patch, "status"), "conditions");
	const char *value =
		json_string_value(json_object_get(json_array_get(conditions, 0),
						  field));
	char *copy;

	assert_int_equal(json_array_size(conditions), 1);
	assert_non_null(value);
	copy = xstrdup(value);
	json_decref(patch);
	return copy;
}

static void expect_field(size_t index, const char *field, const char *wanted)
{
	char *value = field_of(index, field);

	assert_string_equal(value, wanted);
	free(value);
}

/* A moment as the API writes it. */
static void expect_moment(size_t index, const char *field)
{
	char *value = field_of(index, field);
	struct tm broken = {};
	const char *end = strptime(value, "%Y-%m-%dT%H:%M:%SZ", &broken);

	assert_true(end && !*end);
	assert_in_range(time(NULL) - timegm(&broken), 0, 60);
	free(value);
}

static json_t *node_with(const char *type, const char *status,
			 const char *since)
{
	return json_pack("{s:{s:[{s:s, s:s}, {s:s, s:s, s:s}]}}", "status",
			 "conditions", "type", "Ready", "status", "True",
			 "type", type, "status", status, "lastTransitionTime",
			 since);
}

static void test_first(void **state)
{
	struct node_condition *condition = begin();
	json_t *patch;
	size_t fields;

	(void)state;
	double_settle();
	assert_int_equal(double_api.count, 0);
	node_condition_set(condition, true, "PolicyInForce",
			   "generation 7\nis \"it\"");
	double_run_until(1);
	assert_string_equal(double_api.asked[0].method, "PATCH");
	assert_string_equal(double_api.asked[0].path,
			    "/api/v1/nodes/one/status");
	assert_string_equal(double_api.asked[0].content_type,
			    "application/strategic-merge-patch+json");
	expect_field(0, "type", "PodwallReady");
	expect_field(0, "status", "True");
	expect_field(0, "reason", "PolicyInForce");
	expect_field(0, "message", "generation 7\nis \"it\"");
	expect_moment(0, "lastTransitionTime");
	expect_moment(0, "lastHeartbeatTime");
	/* Nothing else of the node is touched. */
	patch = json_loads(double_api.asked[0].body, 0, NULL);
	fields = json_object_size(json_array_get(
		json_object_get(json_object_get(patch, "status"), "conditions"),
		0));
	assert_int_equal(fields, 6);
	assert_int_equal(json_object_size(patch), 1);
	assert_int_equal(json_object_size(json_object_get(patch, "status")), 1);
	json_decref(patch);
	node_condition_free(condition);
}

/* What is the same is not told again, nor is a message alone. */
static void test_changes(void **state)
{
	struct node_condition *condition = begin();

	(void)state;
	node_condition_set(condition, false, "Starting", "1");
	double_run_until(1);
	double_settle();
	node_condition_set(condition, false, "Starting", "1");
	node_condition_set(condition, false, "Starting", "2");
	double_settle();
	assert_int_equal(double_api.count, 1);
	node_condition_set(condition, false, "Refused", "3");
	double_run_until(2);
	expect_field(1, "message", "3");
	node_condition_set(condition, true, "PolicyInForce", "4");
	double_run_until(3);
	double_settle();
	expect_field(2, "status", "True");
	assert_int_equal(node_condition_counts(condition).taken, 3);
	node_condition_free(condition);
}

/* What changes while a request waits or is under way is told by the last. */
static void test_together(void **state)
{
	struct node_condition *condition = begin();
	static const struct response answers[] = { { .status = 503 } };

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	node_condition_set(condition, false, "Starting", "1");
	node_condition_set(condition, false, "Refused", "2");
	node_condition_set(condition, true, "PolicyInForce", "3");
	double_run_until(1);
	node_condition_set(condition, false, "Refused", "4");
	double_run_until(2);
	double_settle();
	assert_int_equal(double_api.count, 2);
	expect_field(0, "message", "3");
	expect_field(1, "message", "4");
	node_condition_free(condition);
}

/* A node that is not there yet is told of with the next change. */
static void test_refused(void **state)
{
	static const struct response answers[] = { { .status = 404 } };
	struct node_condition *condition = begin();

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	node_condition_set(condition, false, "Starting", "1");
	double_run_until(1);
	double_settle();
	assert_int_equal(double_api.count, 1);
	node_condition_set(condition, true, "PolicyInForce", "2");
	double_run_until(2);
	node_condition_free(condition);
}

/* --- since when */

struct known_row {
	const char *name;
	const char *type;
	const char *status;
	const char *since;
	bool kept;
};

#define LONG_AGO "2001-02-03T04:05:06Z"

static const struct known_row known_rows[] = {
	{ "the same", "PodwallReady", "True", LONG_AGO, true },
	{ "another status", "PodwallReady", "False", LONG_AGO, false },
	{ "the last word of an agent", "PodwallReady", "Unknown", LONG_AGO,
	  false },
	{ "of another type", "Ready", "True", LONG_AGO, false },
	{ "too long a time", "PodwallReady", "True",
	  "2001-02-03T04:05:06.00000000000000000000000000000000000Z", false },
};

static void expect_known(const struct known_row *row, bool before)
{
	struct node_condition *condition;
	json_t *node = node_with(row->type, row->status, row->since);

	double_begin(NULL);
	condition = begin();
	if (before)
		node_condition_known(condition, node);
	node_condition_set(condition, true, "PolicyInForce", "1");
	node_condition_known(condition, node);
	double_run_until(1);
	if (row->kept)
		expect_field(0, "lastTransitionTime", LONG_AGO);
	else
		expect_moment(0, "lastTransitionTime");
	double_settle();
	/* From now on this agent knows better. */
	node_condition_set(condition, false, "Refused", "2");
	node_condition_known(condition, node);
	node_condition_set(condition, true, "PolicyInForce", "3");
	node_condition_known(condition, node);
	double_run_until(2);
	expect_moment(1, "lastTransitionTime");
	node_condition_free(condition);
	json_decref(node);
	double_end(NULL);
}

static void test_known(void **state)
{
	expect_known(*state, true);
	expect_known(*state, false);
}

/* Whatever stands in a node. */
static void test_odd_nodes(void **state)
{
	static const char *const nodes[] = {
		"{}",
		"{\"status\": 1}",
		"{\"status\": {\"conditions\": {}}}",
		"{\"status\": {\"conditions\": [1, null, {\"type\": 2}]}}",
		"{\"status\": {\"conditions\": [{\"type\": \"PodwallReady\", \"status\": \"True\"}]}}",
		"{\"status\": {\"conditions\": [{\"type\": \"PodwallReady\", \"status\": \"True\", \"lastTransitionTime\": null}]}}",
	};
	struct node_condition *condition = begin();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(nodes); i++) {
		json_t *node = manifest_parse(nodes[i]);

		node_condition_known(condition, node);
		json_decref(node);
	}
	node_condition_set(condition, true, "PolicyInForce", "1");
	double_run_until(1);
	expect_moment(0, "lastTransitionTime");
	node_condition_free(condition);
}

/* --- the end */

static void set_true(void *context)
{
	bool *done = context;

	assert_false(*done);
	*done = true;
}

static void run_until_done(const bool *done)
{
	unsigned int patience = 1000;

	while (!*done) {
		assert_true(patience-- > 0);
		assert_true(sd_event_run(double_api.event, 10000) >= 0);
	}
}

static void test_end(void **state)
{
	struct node_condition *condition = begin();
	bool done = false;

	(void)state;
	node_condition_set(condition, true, "PolicyInForce", "1");
	double_run_until(1);
	double_settle();
	node_condition_end(condition, set_true, &done);
	assert_false(done);
	run_until_done(&done);
	assert_int_equal(double_api.count, 2);
	expect_field(1, "status", "Unknown");
	expect_field(1, "reason", "AgentStopped");
	expect_moment(1, "lastTransitionTime");
	/* And not twice. */
	double_settle();
	assert_int_equal(double_api.count, 2);
	node_condition_free(condition);
}

static void test_end_of_nothing(void **state)
{
	struct node_condition *condition = begin();
	bool done = false;

	(void)state;
	node_condition_end(condition, set_true, &done);
	assert_false(done);
	run_until_done(&done);
	assert_int_equal(double_api.count, 0);
	node_condition_free(condition);
}

/* Neither an API server that says no, nor one that says nothing, holds it up. */
static void test_end_in_vain(void **state)
{
	static const struct response answers[] = { { .status = 403 },
						   { .status = 403 } };
	struct node_condition *condition = begin();
	bool done = false;

	(void)state;
	double_api.answers = answers;
	double_api.answer_count = COUNT(answers);
	node_condition_set(condition, true, "PolicyInForce", "1");
	double_run_until(1);
	double_settle();
	node_condition_end(condition, set_true, &done);
	run_until_done(&done);
	assert_int_equal(double_api.count, 2);
	assert_string_equal(
		double_said(),
		"nlctl: agent: the API server does not let the agent write the condition PodwallReady of the node: HTTP status 403; grant the agent's account \"patch nodes/status\"\n");
	node_condition_free(condition);

	condition = begin();
	double_api.hold = true;
	done = false;
	node_condition_set(condition, true, "PolicyInForce", "1");
	double_run_until(3);
	node_condition_end(condition, set_true, &done);
	run_until_done(&done);
	assert_int_equal(double_api.count, 4);
	node_condition_free(condition);
	assert_int_equal(double_api.cancelled, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOUBLE_TEST(test_first),	  DOUBLE_TEST(test_changes),
		DOUBLE_TEST(test_together),	  DOUBLE_TEST(test_refused),
		DOUBLE_TEST(test_odd_nodes),	  DOUBLE_TEST(test_end),
		DOUBLE_TEST(test_end_of_nothing), DOUBLE_TEST(test_end_in_vain),
	};
	int failed = table_tests("known", known_rows, COUNT(known_rows),
				 sizeof(*known_rows), test_known);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
