// SPDX-License-Identifier: GPL-2.0-only
#include "random_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "generator/manifests.h"
#include "support.h"

static uint64_t choose_seed(void)
{
	const char *given = getenv("PODWALL_SEED");
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return given ? strtoull(given, NULL, 0) :
		       (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static void test_cases(void **state)
{
	struct random_run *run = *state;
	time_t start = now();

	run->seed = choose_seed();
	while (run->case_count < run->most &&
	       (!run->seconds || now() - start < run->seconds)) {
		run->part_count += run->test(run->seed);
		run->case_count++;
		run->seed++;
	}
	assert_true(run->part_count);
}

static int print_run(void **state)
{
	const struct random_run *run = *state;

	printf("# %u %s and %zu %s were fine; a failure repeats with PODWALL_SEED=%llu\n",
	       run->case_count, run->cases, run->part_count, run->parts,
	       (unsigned long long)run->seed);
	return 0;
}

int random_run_all(const char *name, struct random_run *run)
{
	const struct CMUnitTest tests[] = {
		{ name, test_cases, NULL, print_run, run },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

void read_generated(const json_t *manifests, struct cluster *cluster)
{
	struct problems problems = {};

	if (!manifests_read(manifests, cluster, &problems))
		problems_print(&problems, stderr);
	assert_int_equal(problems.errors, 0);
	problems_clear(&problems);
}
