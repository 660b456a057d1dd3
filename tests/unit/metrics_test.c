// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "metrics.h"
#include "policy/memory.h"
#include "traffic.h"

#define GOLDEN "../metrics/golden/"

static struct traffic node_traffic[] = {
	{ PODWALL_DIRECTION_INGRESS,
	  PODWALL_VERDICT_ACCEPT,
	  PODWALL_MODE_ENFORCE,
	  PODWALL_REASON_RULE,
	  { 3, 40, 5000 } },
	{ PODWALL_DIRECTION_INGRESS,
	  PODWALL_VERDICT_DENY,
	  PODWALL_MODE_ENFORCE,
	  PODWALL_REASON_ISOLATED,
	  { 7, 8, 480 } },
	{ PODWALL_DIRECTION_EGRESS,
	  PODWALL_VERDICT_DENY,
	  PODWALL_MODE_AUDIT,
	  PODWALL_REASON_RULE,
	  { 1, 2, 120 } },
	/* What a pod in audit mode is let is no audit. */
	{ PODWALL_DIRECTION_EGRESS,
	  PODWALL_VERDICT_ACCEPT,
	  PODWALL_MODE_AUDIT,
	  PODWALL_REASON_DEFAULT,
	  { 1, 1, 60 } },
	{ PODWALL_DIRECTION_EGRESS,
	  PODWALL_VERDICT_ACCEPT,
	  PODWALL_MODE_ENFORCE,
	  PODWALL_REASON_DEFAULT,
	  { 2, 2, UINT64_MAX - 60 } },
	/* Two reasons of a newer module are one to us. */
	{ PODWALL_DIRECTION_EGRESS,
	  PODWALL_VERDICT_DENY,
	  PODWALL_MODE_ENFORCE,
	  77,
	  { 0, 1, 10 } },
	{ PODWALL_DIRECTION_EGRESS,
	  PODWALL_VERDICT_DENY,
	  PODWALL_MODE_ENFORCE,
	  7000,
	  { 0, 1, 10 } },
};

static struct traffic pod_traffic[] = {
	{ PODWALL_DIRECTION_INGRESS,
	  PODWALL_VERDICT_ACCEPT,
	  PODWALL_MODE_ENFORCE,
	  PODWALL_REASON_RULE,
	  { 3, 40, 5000 } },
	{ PODWALL_DIRECTION_INGRESS,
	  PODWALL_VERDICT_ACCEPT,
	  PODWALL_MODE_ENFORCE,
	  PODWALL_REASON_NODE,
	  { 1, 2, 100 } },
	{ PODWALL_DIRECTION_INGRESS,
	  PODWALL_VERDICT_DENY,
	  PODWALL_MODE_AUDIT,
	  PODWALL_REASON_ISOLATED,
	  { 7, 8, 480 } },
};

static struct pod pods[] = {
	{
		.key = "default/idle",
		.uid = "",
		.mode = PODWALL_MODE_ENFORCE,
	},
	{
		.key = "default/web-0",
		.uid = "1",
		.interface = "veth0",
		.mode = PODWALL_MODE_AUDIT,
		.traffic = pod_traffic,
		.traffic_count = COUNT(pod_traffic),
		.events_lost = 5,
	},
	/* The kernel takes any text. */
	{
		.key = "odd/a\\b\"c\nd/\xff",
		.uid = "",
		.interface = "\"",
		.mode = PODWALL_MODE_ENFORCE,
	},
	{
		.key = "no-namespace",
		.uid = "",
		.mode = 9,
	},
};

static struct status status = {
	.version = "0.1.0",
	.generation = 41,
	.enforcing = true,
	.limits = { 1000, 2000, 3000, 4000, 5000, 6000, 64, 16, 1ULL << 40 },
	.used = { 1, 2, 3, 4, 5, 6, 7, 0, 123456789012 },
	.accepted_packets = 1ULL << 53 | 1,
	.denied_packets = 9,
	.audited_packets = 2,
	.events_sent = 11,
	.events_lost = 5,
	.commits_refused = 1,
	.traffic = node_traffic,
	.traffic_count = COUNT(node_traffic),
	.commits = 41,
	.desired_generation = 42,
	.delay = 1500000,
	.delay_sum = 2000000001,
};

static const struct machine machine = {
	.bypass = { .warning_count = 2 },
	.connections = 100,
	.connections_max = 262144,
	.has_connections = true,
};

static char *read_whole(const char *path)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(getdelim(&text, &length, '\0', file) > 0);
	fclose(file);
	return text;
}

/* Line by line: the first that differs is told. */
static void expect_text(const char *path, const struct metrics *metrics)
{
	char *text = metrics_text(metrics);
	char *golden = read_whole(path);
	char *got, *wanted, *got_rest, *wanted_rest;

	got = strtok_r(text, "\n", &got_rest);
	wanted = strtok_r(golden, "\n", &wanted_rest);
	while (got && wanted) {
		assert_string_equal(got, wanted);
		got = strtok_r(NULL, "\n", &got_rest);
		wanted = strtok_r(NULL, "\n", &wanted_rest);
	}
	assert_null(got);
	assert_null(wanted);
	free(golden);
	free(text);
}

static struct metrics all_metrics(void)
{
	static const struct objects objects = { .pods = pods,
						.pod_count = COUNT(pods) };

	return (struct metrics){
		.read = { 1700000000, 7999999 },
		.tool_version = "0.1.0-\"test\"",
		.status = &status,
		.machine = &machine,
		.objects = &objects,
	};
}

static void test_without_module(void **state)
{
	struct metrics metrics = all_metrics();

	(void)state;
	metrics.status = NULL;
	metrics.machine = NULL;
	expect_text(GOLDEN "down.prom", &metrics);
}

static void test_node(void **state)
{
	struct metrics metrics = all_metrics();

	(void)state;
	metrics.objects = NULL;
	expect_text(GOLDEN "node.prom", &metrics);
}

static void test_pods(void **state)
{
	struct metrics metrics = all_metrics();

	(void)state;
	expect_text(GOLDEN "pods.prom", &metrics);
}

/* A sample by its name and labels, as the text has it; NULL without one. */
static char *sample(const struct metrics *metrics, const char *name)
{
	char *text = metrics_text(metrics);
	char *value = NULL;
	char *rest;
	char *line = strtok_r(text, "\n", &rest);
	size_t length = strlen(name);

	for (; line; line = strtok_r(NULL, "\n", &rest))
		if (!strncmp(line, name, length) && line[length] == ' ') {
			assert_null(value);
			value = xstrdup(line + length + 1);
		}
	free(text);
	return value;
}

static void test_without_conntrack(void **state)
{
	struct metrics metrics = all_metrics();
	const struct machine bare = {};
	char *value;

	(void)state;
	metrics.machine = &bare;
	assert_null(sample(&metrics, "podwall_conntrack_connections"));
	metrics.machine = &machine;
	value = sample(&metrics, "podwall_conntrack_connections");
	assert_non_null(value);
	assert_string_equal(value, "100");
	free(value);
}

struct seconds_row {
	const char *name;
	uint64_t nanoseconds;
	const char *text;
};

static const struct seconds_row seconds_rows[] = {
	{ "none", 0, "0.000000000" },
	{ "a nanosecond", 1, "0.000000001" },
	{ "nearly a second", 999999999, "0.999999999" },
	{ "a second", 1000000000, "1.000000000" },
	{ "more than a double holds", UINT64_MAX, "18446744073.709551615" },
};

static void test_seconds(void **state)
{
	const struct seconds_row *row = *state;
	struct metrics metrics = all_metrics();
	struct status slow = status;
	char *value;

	slow.delay = row->nanoseconds;
	metrics.status = &slow;
	value = sample(&metrics, "podwall_last_commit_delay_seconds");
	assert_non_null(value);
	assert_string_equal(value, row->text);
	free(value);
}

/* Whatever is added in whatever order, each combination is there once, and
 * nothing is lost.
 */
static void test_sums(void **state)
{
	unsigned int seed = 1, round, i, j;

	(void)state;
	for (round = 0; round < 200; round++) {
		struct traffic_sums sums = {};
		uint64_t packets = 0, told = 0;

		if (round % 2)
			traffic_sums_begin(&sums);
		for (i = 0; i < 100; i++) {
			struct traffic traffic = {
				.direction = rand_r(&seed) % 4,
				.verdict = rand_r(&seed) % 4,
				.mode = rand_r(&seed) % 4,
				.reason = rand_r(&seed) % 10,
				.count.packets = rand_r(&seed) % 1000,
			};

			packets += traffic.count.packets;
			traffic_sums_add(&sums, &traffic, round % 3);
		}
		for (i = 0; i < sums.count; i++) {
			told += sums.list[i].count.packets;
			for (j = 0; j < i; j++)
				assert_memory_not_equal(&sums.list[i],
							&sums.list[j],
							offsetof(struct traffic,
								 count));
		}
		assert_int_equal(told, packets);
		traffic_sums_clear(&sums);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_module),
		cmocka_unit_test(test_node),
		cmocka_unit_test(test_pods),
		cmocka_unit_test(test_without_conntrack),
		cmocka_unit_test(test_sums),
	};
	int failed = table_tests("seconds", seconds_rows, COUNT(seconds_rows),
				 sizeof(*seconds_rows), test_seconds);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
