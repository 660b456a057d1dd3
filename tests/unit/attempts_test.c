// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was denied, and where it stands in a graph.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include "graph/attempts.h"
#include "graph/graph.h"
#include "policy/memory.h"
#include "workloads.h"

static const char *const pod_keys[] = { "x/db", "x/web-1", "x/web-2", "y/job" };

static void see(struct attempts *attempts, const char *client,
		const char *client_pod, const char *server,
		const char *server_pod, uint16_t port, bool audited,
		unsigned int packets)
{
	struct event event = {
		.connection = { .protocol = IPPROTO_TCP, .server_port = port },
		.decision = { .mode = audited ? PODWALL_MODE_AUDIT :
						PODWALL_MODE_ENFORCE },
		.client_pod = (char *)client_pod,
		.server_pod = (char *)server_pod,
	};

	assert_true(ip_parse(client, &event.connection.client));
	assert_true(ip_parse(server, &event.connection.server));
	for (; packets; packets--)
		attempts_add(attempts, &event);
	event.accepted = true;
	attempts_add(attempts, &event);
}

static char *attempts_text(const struct graph *graph,
			   const struct attempts *attempts)
{
	size_t length, i;
	char *text;
	FILE *stream = xopen_memstream(&text, &length);

	for (i = 0; i < attempts->count; i++) {
		const struct attempt *attempt = &attempts->list[i];
		char *port = attempt_port_text(attempt);

		fprintf(stream, "%s > %s (%s > %s) %s %s%llu\n",
			attempt->client, attempt->server,
			graph->vertices[attempt->from].label,
			graph->vertices[attempt->to].label, port,
			attempt->audited ? "audited " : "",
			(unsigned long long)attempt->packets);
		free(port);
	}
	fclose(stream);
	return text;
}

static void test_attempts(void **state)
{
	bool focus[COUNT(pod_keys)] = { true, true, true, false };
	struct attempts attempts = {};
	struct cluster cluster = {};
	struct objects objects;
	struct graph_source source = { .objects = &objects, .focus = focus };
	struct graph graph;
	char address[INET6_ADDRSTRLEN], *text;
	unsigned int i;

	(void)state;
	add_workloads(&cluster);
	compile_fine(&cluster, NULL, NULL, &objects);
	for (i = 0; i < COUNT(pod_keys); i++)
		assert_string_equal(objects.pods[i].key, pod_keys[i]);
	graph_build(&source, &graph);
	see(&attempts, "10.0.0.1", "x/web-1", "10.0.0.3", "x/db", 22, false, 2);
	see(&attempts, "10.0.0.1", "x/web-1", "10.0.0.3", "x/db", 22, true, 1);
	/* The module did not say which pod it was. */
	see(&attempts, "192.0.2.1", NULL, "10.0.0.3", NULL, 5432, false, 3);
	/* A pod that has gone, and one that nobody asked about. */
	see(&attempts, "10.0.0.9", "x/gone", "10.0.0.3", "x/db", 80, false, 4);
	see(&attempts, "10.0.1.1", "y/job", "192.0.2.1", NULL, 80, false, 9);
	attempts_place(&attempts, &graph);
	text = attempts_text(&graph, &attempts);
	assert_string_equal(
		text,
		"x/gone > x/db (x/gone > db, web-* (3)) 80/tcp 4\n"
		"192.0.2.1 > x/db (192.0.2.1 > db, web-* (3)) 5432/tcp 3\n"
		"x/web-1 > x/db (db, web-* (3) > db, web-* (3)) 22/tcp 2\n"
		"x/web-1 > x/db (db, web-* (3) > db, web-* (3)) 22/tcp audited 1\n");
	free(text);
	attempts_clear(&attempts);

	/* Many addresses share the box that they are in. */
	for (i = 0; i < ATTEMPTS_MAX + 5; i++) {
		snprintf(address, sizeof(address), "198.51.%u.%u", i / 250,
			 i % 250);
		see(&attempts, address, NULL, "10.0.0.3", "x/db", 80, false, 1);
	}
	attempts_place(&attempts, &graph);
	assert_int_equal(attempts.count, ATTEMPTS_MAX);
	assert_int_equal(attempts.left_out, 5);
	assert_int_equal(graph.vertex_count - graph.cell_count,
			 ATTEMPT_ADDRESSES_MAX);
	attempts_clear(&attempts);
	graph_clear(&graph);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attempts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
