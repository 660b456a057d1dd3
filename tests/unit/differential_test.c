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
#include "policy/difference.h"

#define CLUSTERS 3000
#define SECONDS 20
#define ENDS_MAX 64

/* One of the ends of connections, by address. */
struct end {
	struct ip ip;
	bool local; /* it is a pod that the compiled objects enforce */
};

static size_t collect_ends(const struct cluster *cluster,
			   const struct objects *objects, struct end *ends)
{
	const struct cluster_pod *pod;
	size_t count = 0, i, j, k;

	for (i = 0; i < generator_outsider_count; i++)
		assert_true(ip_parse(generator_outsiders[i],
				     &ends[count++].ip));
	for (pod = cluster->pods; pod; pod = pod->hh.next)
		for (i = 0; i < pod->ip_count && count < ENDS_MAX; i++)
			ends[count++].ip = pod->ips[i];
	for (i = 0; i < count; i++) {
		ends[i].local = false;
		for (j = 0; j < objects->pod_count; j++)
			for (k = 0; k < objects->pods[j].ip_count; k++)
				if (ip_equal(&objects->pods[j].ips[k],
					     &ends[i].ip))
					ends[i].local = true;
	}
	return count;
}

/* What an end says that the objects know; the others accept. */
static enum interpretation expect_end(const struct end *end,
				      const struct judgement *judgement)
{
	if (!end->local || judgement->verdict == PODWALL_VERDICT_ACCEPT)
		return INTERPRETATION_ACCEPT;
	return judgement->audited ? INTERPRETATION_AUDIT : INTERPRETATION_DENY;
}

static void compare_one(const struct cluster *cluster,
			const struct objects *objects, const struct end *client,
			const struct end *server, uint8_t protocol,
			uint16_t port)
{
	const struct endpoint from = { .ip = client->ip };
	const struct endpoint to = { .ip = server->ip };
	struct evaluation evaluation;
	enum interpretation expected, ingress, found;

	assert_null(evaluate(cluster, &from, &to, client->ip.family, protocol,
			     port, &evaluation));
	expected = expect_end(client, &evaluation.egress);
	ingress = expect_end(server, &evaluation.ingress);
	if (ingress < expected)
		expected = ingress;
	found = interpret(cluster, objects, &client->ip, &server->ip, protocol,
			  port);
	if (expected != found) {
		char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];

		fail_msg("%s to %s %u/%u: objects say %d; egress: %s; ingress: %s",
			 ip_text(&client->ip, a), ip_text(&server->ip, b),
			 protocol, port, found, evaluation.egress.text,
			 evaluation.ingress.text);
	}
	evaluation_clear(&evaluation);
}

static size_t compare_all(const struct cluster *cluster,
			  const struct objects *objects)
{
	static const struct {
		uint8_t protocol;
		uint16_t port;
	} ports[] = {
		{ IPPROTO_TCP, 80 }, { IPPROTO_TCP, 81 }, { IPPROTO_TCP, 8080 },
		{ IPPROTO_TCP, 83 }, { IPPROTO_UDP, 80 }, { IPPROTO_SCTP, 81 },
		{ IPPROTO_ICMP, 0 },
	};
	struct end ends[ENDS_MAX];
	size_t count = collect_ends(cluster, objects, ends), done = 0, i, j, k;

	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++) {
			if (ends[i].ip.family != ends[j].ip.family)
				continue;
			for (k = 0; k < COUNT(ports); k++)
				compare_one(cluster, objects, &ends[i],
					    &ends[j], ports[k].protocol,
					    ports[k].port);
			done += COUNT(ports);
		}
	}
	return done;
}

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
		done += compare_all(&cluster, &first);
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
		done += compare_all(&cluster, &second);
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
