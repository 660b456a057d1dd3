// SPDX-License-Identifier: GPL-2.0-only
/*
 * Graphs of too much, and what their documents leave out.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/attempts.h"
#include "graph/document.h"
#include "graph/graph.h"
#include "policies.h"
#include "policy/memory.h"

/* Pods of one family each let all others in at a port of their own, and @egress
 * have egress of their own too, so that each pair has an answer of its own.
 */
static void add_crowd(struct cluster *cluster, unsigned int count, bool egress)
{
	unsigned int i;

	add_namespace(cluster, "x", "");
	for (i = 0; i < count; i++) {
		char *key = xasprintf("x/p%u", i);
		char *label = xasprintf("app=p%u", i);
		char *ip = xasprintf("10.0.%u.%u", i / 250, i % 250);
		char *policy = xasprintf(
			"N p%u {podSelector: {matchLabels: {app: p%u}}, policyTypes: [Ingress%s], ingress: [{ports: [{port: %u}]}], egress: [{ports: [{port: 1000, endPort: 2000}]}]}",
			i, i, egress ? ", Egress" : "", 1000 + i);

		add_pod(cluster, key, label, ip, "");
		add_policy(cluster, policy);
		free(policy);
		free(ip);
		free(label);
		free(key);
	}
}

struct limit_row {
	const char *name;
	unsigned int pods;
	bool egress;
	size_t answer_max;
	size_t edge_max;
	enum graph_result result;
};

/* 20 pods and all other addresses, which have 20 * 19 + 20 + 20 edges and, where
 * egress is free, an answer for each pod and one for all others.
 */
static const struct limit_row limit_rows[] = {
	{ "no limit", 20, false, 0, 0, GRAPH_BUILT },
	{ "as many edges as asked for", 20, false, 0, 420, GRAPH_BUILT },
	{ "an edge more", 20, false, 0, 419, GRAPH_MANY_EDGES },
	{ "as many edges, each of its own kind", 20, true, 0, 420,
	  GRAPH_BUILT },
	{ "an edge more, each of its own kind", 20, true, 0, 419,
	  GRAPH_MANY_EDGES },
	{ "few answers for many edges", 20, false, 23, 0, GRAPH_BUILT },
	{ "too many answers", 20, true, 100, 0, GRAPH_MANY_ANSWERS },
	{ "too many maps", 520, true, 0, 0, GRAPH_MANY_MAPS },
	{ "too many classes", GRAPH_CLASSES_MAX, false, 0, 1,
	  GRAPH_MANY_CLASSES },
};

static void test_limit(void **state)
{
	const struct limit_row *row = *state;
	struct cluster cluster = {};
	struct objects objects;
	struct graph_source source = { .objects = &objects,
				       .answer_max = row->answer_max,
				       .edge_max = row->edge_max };
	struct graph graph;

	add_crowd(&cluster, row->pods, row->egress);
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(graph_build(&source, &graph), row->result);
	assert_int_equal(graph.class_count, row->pods + 2);
	if (row->result == GRAPH_BUILT)
		assert_int_equal(graph.edge_count, 420);
	else
		assert_int_equal(graph.vertex_count, 0);
	graph_clear(&graph);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

/* A document says how much of a list it leaves out. */
static void test_cuts(void **state)
{
	struct attempts none = {};
	struct cluster cluster = {};
	struct objects objects;
	struct graph_source source = { .objects = &objects };
	struct graph graph;
	json_t *document, *edge, *vertex;
	size_t length, members = 0, i;
	char *policy;
	FILE *stream = xopen_memstream(&policy, &length);

	(void)state;
	add_namespace(&cluster, "x", "");
	for (i = 0; i < 1005; i++) {
		char *key = xasprintf("x/p%zu", i);
		char *ip = xasprintf("10.0.%zu.%zu", i / 250, i % 250);

		add_pod(&cluster, key, "", ip, "");
		free(ip);
		free(key);
	}
	fputs("N all {podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}], ingress: [{from: [{podSelector: {}}], ports: [",
	      stream);
	for (i = 0; i < 300; i++)
		fprintf(stream, "%s{port: %zu}", i ? ", " : "", 2 * i + 1);
	fputs("]}]}", stream);
	fclose(stream);
	add_policy(&cluster, policy);
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(graph_build(&source, &graph), GRAPH_BUILT);
	document = document_json(&graph, &none, true);
	json_array_foreach(json_object_get(document, "vertices"), i, vertex)
		members +=
			json_array_size(json_object_get(vertex, "members")) ==
				1000 &&
			json_integer_value(json_object_get(vertex,
							   "members_left_out")) ==
				5;
	assert_int_equal(members, 1);
	members = 0;
	json_array_foreach(json_object_get(document, "edges"), i, edge)
		members +=
			json_array_size(json_object_get(edge, "ports")) ==
				256 &&
			json_integer_value(json_object_get(edge,
							   "ports_left_out")) ==
				44;
	assert_int_equal(members, 1);
	json_decref(document);
	graph_clear(&graph);
	objects_clear(&objects);
	cluster_clear(&cluster);
	free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts),
	};
	int failed = 0;

	failed += table_tests("limits", limit_rows, COUNT(limit_rows),
			      sizeof(*limit_rows), test_limit);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
