// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random clusters: what the compiled objects do must be what the evaluator
 * says. The seed is printed, and PODWALL_SEED sets it: that of a failure begins
 * a run with the cluster that failed.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "generator/generator.h"
#include "generator/manifests.h"
#include "interpreter.h"
#include "opinions.h"
#include "policy/difference.h"

#define CLUSTERS 3000
#define SECONDS 20

static void assert_same(const struct objects *a, const struct objects *b)
{
	struct difference difference;

	difference_find(a, b, &difference);
	if (!difference_empty(&difference))
		difference_print(&difference, stderr);
	assert_true(difference_empty(&difference));
	difference_clear(&difference);
}

static void read_cluster(const json_t *manifests, struct cluster *cluster)
{
	struct problems problems = {};

	if (!manifests_read(manifests, cluster, &problems))
		problems_print(&problems, stderr);
	assert_int_equal(problems.errors, 0);
	problems_clear(&problems);
}

/* Compile alone, compare; change something, compile on top, compare again. */
static size_t test_cluster(uint64_t number)
{
	struct chance chance = chance_begin(number);
	const char *node = chance_one_in(&chance, 3) ? "one" : NULL;
	json_t *manifests = generate_cluster(&chance);
	struct objects first = {}, again, second;
	struct problems problems = {};
	struct cluster cluster = {};
	unsigned int changes;
	size_t done = 0;

	read_cluster(manifests, &cluster);
	if (compile(&cluster, node, NULL, &first, &problems)) {
		check_objects(&first);
		done += opinions_compare(&cluster, &first, 0);
		assert_true(compile(&cluster, node, &first, &again, &problems));
		assert_same(&first, &again);
		objects_clear(&again);
	}
	problems_clear(&problems);
	cluster_clear(&cluster);

	for (changes = 1 + chance_below(&chance, 3); changes; changes--)
		generate_change(&chance, manifests);
	read_cluster(manifests, &cluster);
	if (compile(&cluster, node, &first, &second, &problems)) {
		check_objects(&second);
		done += opinions_compare(&cluster, &second, 0);
	}
	problems_clear(&problems);
	objects_clear(&second);
	objects_clear(&first);
	cluster_clear(&cluster);
	json_decref(manifests);
	return done;
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* The run as the teardown sees it, after a failure too. */
struct run {
	uint64_t seed;
	unsigned int clusters;
	size_t connections;
};

static void test_random_clusters(void **state)
{
	const char *given = getenv("PODWALL_SEED");
	struct run *run = *state;
	time_t start = now();
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	run->seed = given ? strtoull(given, NULL, 0) :
			    (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
	while (run->clusters < CLUSTERS && now() - start < SECONDS) {
		run->connections += test_cluster(run->seed);
		run->clusters++;
		run->seed++;
	}
	assert_true(run->connections);
}

static int print_run(void **state)
{
	const struct run *run = *state;

	printf("# %u clusters and %zu connections were fine; a failure repeats with PODWALL_SEED=%llu\n",
	       run->clusters, run->connections, (unsigned long long)run->seed);
	return 0;
}

int main(void)
{
	struct run run = {};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate_setup_teardown(test_random_clusters,
							 NULL, print_run, &run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
