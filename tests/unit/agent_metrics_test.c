// SPDX-License-Identifier: GPL-2.0-only
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "agent/agent_metrics.h"
#include "clock.h"
#include "policy/memory.h"

#define GOLDEN "../metrics/golden/agent.prom"

static const struct process_usage usage = {
	.processor_time = 12345678901,
	.resident_memory = 45678592,
	.virtual_memory = 123456789504,
	.descriptors = 23,
	.descriptors_max = 1ull << 20,
	.began = 1700000000007,
};

static struct agent_metrics all_metrics(void)
{
	struct agent_metrics metrics = {
		.version = "0.1.0-\"test\"",
		.node = "worker\\1",
		.began = 1000000000,
		.started = 2500000000,
		.ready = true,
		.waiting_since = 60000000000,
		.heard = 59000000001,
		.generation = 77,
		.commits = { 70, 3, 2, 1 },
		.delay.sum = 123000000001,
		.comparisons = 15,
		.repairs = 4,
		.compiled = { 100000, 110, 2000, 3000, 40, 50 },
		.events = { 9, 8, 7, 6 },
		.condition = { 5, 4, 3, 2 },
		.process = &usage,
	};
	size_t i;

	for (i = 0; i <= HISTOGRAM_BOUNDS; i++)
		metrics.delay.counts[i] = i + 1;
	for (i = 0; i < RESOURCE_COUNT; i++) {
		metrics.objects[i] = 1000 + i;
		metrics.refused[i] = 10 + i;
		metrics.watchers[i] = (struct watcher_counts){
			.lists = 20 + i,
			.watches = 30 + i,
			.events = 40 + i,
			.failures = 50 + i,
			.served = i != RESOURCE_ADMIN_NETWORK_POLICIES,
			.complete = i != RESOURCE_PODS,
			.watching = i != RESOURCE_NODES,
		};
	}
	return metrics;
}

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
static void test_golden(void **state)
{
	struct agent_metrics metrics = all_metrics();
	char *text = agent_metrics_text(&metrics, 61000000000);
	char *golden = read_whole(GOLDEN);
	char *got, *wanted, *got_rest, *wanted_rest;

	(void)state;
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

/* A sample by its name and labels, as the text has it; NULL without one. */
static char *sample_of(char *text, const char *name)
{
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

static void expect_sample(const struct agent_metrics *metrics, uint64_t now,
			  const char *name, const char *wanted)
{
	char *value = sample_of(agent_metrics_text(metrics, now), name);

	if (wanted) {
		assert_non_null(value);
		assert_string_equal(value, wanted);
	} else {
		assert_null(value);
	}
	free(value);
}

/* Before anything was heard, all that lasts is counted from the beginning. */
static void test_beginning(void **state)
{
	const struct agent_metrics metrics = { .version = "1",
					       .node = "one",
					       .began = 5000000000 };

	(void)state;
	expect_sample(&metrics, 7500000000, "podwall_agent_start_up_seconds",
		      "2.500000000");
	expect_sample(&metrics, 7500000000, "podwall_agent_api_silence_seconds",
		      "2.500000000");
	expect_sample(&metrics, 7500000000, "podwall_agent_waiting_seconds",
		      "0.000000000");
	expect_sample(&metrics, 7500000000, "podwall_agent_ready", "0");
	expect_sample(&metrics, 7500000000,
		      "podwall_agent_delay_seconds_bucket{le=\"+Inf\"}", "0");
	expect_sample(&metrics, 7500000000, "process_open_fds", NULL);
}

struct duration_row {
	const char *name;
	uint64_t duration;
	const char *below;
	const char *bound;
};

/* The first bound that a duration counts for, and the one before it. */
static const struct duration_row duration_rows[] = {
	{ "nothing", 0, NULL, "0.001" },
	{ "a millisecond", 1000000, NULL, "0.001" },
	{ "a little more", 1000001, "0.001", "0.002" },
	{ "five milliseconds", 5000000, "0.002", "0.005" },
	{ "twenty milliseconds", 20000000, "0.01", "0.02" },
	{ "nearly a second", 999999999, "0.5", "1" },
	{ "a second and some", 1000000001, "1", "2" },
	{ "half a minute", 30000000000, "10", "30" },
	{ "more than that", 30000000001, "30", "+Inf" },
	{ "for ever", UINT64_MAX, "30", "+Inf" },
};

static void test_duration(void **state)
{
	const struct duration_row *row = *state;
	struct agent_metrics metrics = { .version = "1", .node = "one" };
	char *name;

	histogram_add(&metrics.delay, row->duration);
	assert_int_equal(metrics.delay.sum, row->duration);
	name = xasprintf("podwall_agent_delay_seconds_bucket{le=\"%s\"}",
			 row->bound);
	expect_sample(&metrics, 0, name, "1");
	free(name);
	expect_sample(&metrics, 0,
		      "podwall_agent_delay_seconds_bucket{le=\"+Inf\"}", "1");
	expect_sample(&metrics, 0, "podwall_agent_delay_seconds_count", "1");
	if (!row->below)
		return;
	name = xasprintf("podwall_agent_delay_seconds_bucket{le=\"%s\"}",
			 row->below);
	expect_sample(&metrics, 0, name, "0");
	free(name);
}

/* --- the process */

static void test_descriptors(void **state)
{
	struct process_usage before, after;
	int descriptor;

	(void)state;
	assert_true(process_usage_read(&before));
	descriptor = open("/dev/null", O_RDONLY);
	assert_true(descriptor >= 0);
	assert_true(process_usage_read(&after));
	close(descriptor);
	assert_int_equal(after.descriptors, before.descriptors + 1);
	assert_true(after.descriptors_max >= after.descriptors);
}

static void test_memory(void **state)
{
	const size_t length = 64u << 20;
	struct process_usage before, after;
	char *memory;

	(void)state;
	assert_true(process_usage_read(&before));
	memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	assert_true(memory != MAP_FAILED);
	assert_true(process_usage_read(&after));
	munmap(memory, length);
	/* Other pages may come and go meanwhile. */
	assert_in_range(after.resident_memory - before.resident_memory,
			length / 2, length * 2);
	assert_in_range(after.virtual_memory - before.virtual_memory, length,
			length * 2);
}

/* Work until the clock of the process has gone on by two ticks. */
static void test_time(void **state)
{
	struct process_usage before, after;
	struct timespec now;
	uint64_t milliseconds;

	(void)state;
	assert_true(process_usage_read(&before));
	do
		assert_true(process_usage_read(&after));
	while (after.processor_time < before.processor_time + 20000000);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	assert_true(after.processor_time <=
		    now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec +
			    20000000);
	clock_gettime(CLOCK_REALTIME, &now);
	milliseconds = now.tv_sec * 1000ull + now.tv_nsec / 1000000;
	/* A test runs for minutes at most. */
	assert_in_range(after.began, milliseconds - 3600000, milliseconds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_beginning),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_time),
	};
	int failed = table_tests("durations", duration_rows,
				 COUNT(duration_rows), sizeof(*duration_rows),
				 test_duration);

	return !!(failed + cmocka_run_group_tests(tests, NULL, NULL));
}
