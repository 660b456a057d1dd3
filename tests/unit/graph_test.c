// SPDX-License-Identifier: GPL-2.0-only
/*
 * Graphs of small clusters, by tables.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/graph.h"
#include "graph/port_text.h"
#include "policies.h"
#include "policy/memory.h"
#include "workloads.h"

struct edge_row {
	const char *name;
	const char *policies; /* as for add_policy(), one a line */
	const char *edges; /* "FROM > TO: PORTS" sorted, one a line */
};

/* Pods x/web-1, x/web-2 and x/db, y/job. */
static const struct edge_row edge_rows[] = {
	{ "without policies all reach all", "",
	  "any other address > db, web-* (3): all traffic\n"
	  "any other address > job: all traffic\n"
	  "db, web-* (3) > any other address: all traffic\n"
	  "db, web-* (3) > db, web-* (3): all traffic\n"
	  "db, web-* (3) > job: all traffic\n"
	  "job > any other address: all traffic\n"
	  "job > db, web-* (3): all traffic\n" },
	{ "isolation leaves what rules accept at both ends",
	  "N all {podSelector: {}, policyTypes: [Ingress, Egress]}\n"
	  "N db {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]}\n"
	  "N web {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}, {port: 5433}]}, {to: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}]}]}\n",
	  "any other address > job: all traffic\n"
	  "job > any other address: all traffic\n"
	  "job > rest of 192.0.2.0/24: all traffic\n"
	  "rest of 192.0.2.0/24 > job: all traffic\n"
	  "web-* (2) > db: 5432/tcp\n"
	  "web-* (2) > rest of 192.0.2.0/24: all traffic\n" },
	{ "an admin rule cuts a hole, and one pod is no loop",
	  "N web {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: two}}}], ports: [{port: 20, endPort: 25}]}]}\n"
	  "C one {tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {team: one}}}, ingress: [{name: hole, action: Deny, from: [{namespaces: {matchLabels: {team: two}}}], protocols: [{tcp: {destinationPort: {number: 22}}}]}]}\n",
	  "any other address > job: all traffic\n"
	  "db, web-* (3) > any other address: all traffic\n"
	  "db, web-* (3) > job: all traffic\n"
	  "job > any other address: all traffic\n"
	  "job > db, web-* (3): 20-21,23-25/tcp\n" },
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All edges with one verdict, sorted. */
static char *edges_text(const struct graph *graph, enum port_verdict verdict)
{
	char **lines = NULL, *text;
	size_t count = 0, length, i;
	FILE *stream;

	for (i = 0; i < graph->edge_count; i++) {
		const struct graph_edge *edge = &graph->edges[i];
		char *ports;

		if (edge->verdict != verdict)
			continue;
		ports = port_map_text(&graph->maps.list[edge->map], verdict);
		*array_add(lines, count) =
			xasprintf("%s > %s: %s\n",
				  graph->vertices[edge->from].label,
				  graph->vertices[edge->to].label, ports);
		free(ports);
	}
	if (count)
		qsort(lines, count, sizeof(*lines), by_text);
	stream = xopen_memstream(&text, &length);
	for (i = 0; i < count; i++) {
		fputs(lines[i], stream);
		free(lines[i]);
	}
	free(lines);
	fclose(stream);
	return text;
}

static void test_edges(void **state)
{
	const struct edge_row *row = *state;
	struct cluster cluster = {};
	struct objects objects;
	struct graph_source source = { .objects = &objects };
	struct graph graph;
	char *text;

	add_workloads(&cluster);
	add_policies(&cluster, row->policies);
	compile_fine(&cluster, NULL, NULL, &objects);
	assert_int_equal(graph_build(&source, &graph), GRAPH_BUILT);
	text = edges_text(&graph, PORT_ACCEPTED);
	assert_string_equal(text, row->edges);
	free(text);
	graph_clear(&graph);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

struct address_row {
	const char *name;
	const char *ips; /* of pod many */
	const char *policy; /* of pod one, which has an address of each family */
	const char *in; /* what passes from many to one */
	const char *out; /* and from one to many */
};

#define ADDRESS_POLICY(rules)                             \
	"N one {podSelector: {matchLabels: {app: one}}, " \
	"policyTypes: [Ingress, Egress], " rules "}"
#define BLOCK(key, cidr, port)                                              \
	"{" key ": [{ipBlock: {cidr: \"" cidr "\"}}], ports: [{port: " port \
	"}]}"
#define IN_BLOCK(cidr, port) \
	ADDRESS_POLICY("ingress: [" BLOCK("from", cidr, port) "]")

static const struct address_row address_rows[] = {
	{ "the only address is accepted", "192.0.2.9",
	  IN_BLOCK("192.0.2.0/24", "80"), "80/tcp", "nothing" },
	{ "of two the lower is accepted alone", "192.0.2.9 198.51.100.9",
	  IN_BLOCK("192.0.2.0/24", "80"), "nothing", "nothing" },
	{ "of two the higher is accepted alone", "198.51.100.9 192.0.2.9",
	  IN_BLOCK("198.51.100.0/24", "80"), "nothing", "nothing" },
	{ "both are accepted", "192.0.2.9 192.0.2.10",
	  IN_BLOCK("192.0.2.0/24", "80"), "80/tcp", "nothing" },
	{ "ports that both are accepted at", "192.0.2.9 198.51.100.9",
	  ADDRESS_POLICY("ingress: [" BLOCK("from", "192.0.2.0/24",
					    "80") ", " BLOCK("from", "0.0.0.0/0",
							     "81") "]"),
	  "81/tcp", "nothing" },
	{ "an address to that nothing may be sent", "192.0.2.9 198.51.100.9",
	  ADDRESS_POLICY("egress: [" BLOCK("to", "198.51.100.0/24", "80") "]"),
	  "nothing", "nothing" },
	{ "addresses to that all may be sent", "192.0.2.9 198.51.100.9",
	  ADDRESS_POLICY("egress: [" BLOCK("to", "0.0.0.0/0", "80") "]"),
	  "nothing", "80/tcp" },
	{ "one family is accepted alone", "192.0.2.9 2001:db8::9",
	  IN_BLOCK("0.0.0.0/0", "80"), "nothing", "nothing" },
	{ "each family at its own port", "192.0.2.9 2001:db8::9",
	  ADDRESS_POLICY("ingress: [" BLOCK("from", "0.0.0.0/0",
					    "80") ", " BLOCK("from", "::/0",
							     "81") "]"),
	  "nothing", "nothing" },
	{ "both families are accepted", "192.0.2.9 2001:db8::9",
	  ADDRESS_POLICY("ingress: [" BLOCK("from", "0.0.0.0/0",
					    "80") ", " BLOCK("from", "::/0",
							     "80") "]"),
	  "80/tcp", "nothing" },
	{ "the only family in common is accepted", "2001:db8::9",
	  IN_BLOCK("2001:db8::/64", "80"), "80/tcp", "nothing" },
};

static char *answer_text(const struct graph *graph, const char *from,
			 const char *to)
{
	return port_map_text(graph_cell(graph, graph_find_pod(graph, from),
					graph_find_pod(graph, to)),
			     PORT_ACCEPTED);
}

static void test_addresses(void **state)
{
	const struct address_row *row = *state;
	struct cluster cluster = {};
	struct objects objects;
	struct graph_source source = { .objects = &objects };
	struct graph graph;
	char *in, *out;

	add_namespace(&cluster, "x", "");
	add_pod(&cluster, "x/one", "app=one", "10.0.0.1 fd00::1", "");
	add_pod(&cluster, "x/many", "app=many", row->ips, "");
	add_policies(&cluster, row->policy);
	compile_fine(&cluster, NULL, NULL, &objects);
	graph_build(&source, &graph);
	in = answer_text(&graph, "x/many", "x/one");
	out = answer_text(&graph, "x/one", "x/many");
	assert_string_equal(in, row->in);
	assert_string_equal(out, row->out);
	free(in);
	free(out);
	graph_clear(&graph);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

struct label_row {
	const char *name;
	const char *pods; /* sorted */
	const char *label;
};

static const struct label_row label_rows[] = {
	{ "one pod", "web-1", "web-1" },
	{ "replicas", "web-1 web-2", "web-* (2)" },
	{ "replicas of a Deployment", "web-7c9f6d5b8-abcde web-7c9f6d5b8-fghij",
	  "web-* (2)" },
	{ "replicas of two of its generations",
	  "web-5d4f6d5b8-abcde web-7c9f6d5b8-fghij", "web-* (2)" },
	{ "a word that is no hash", "web-frontend-1 web-frontend-2",
	  "web-frontend-* (2)" },
	{ "a short number is no hash", "web-2-1 web-2-2", "web-2-* (2)" },
	{ "the whole name is a hash", "7c9f6d5b8-a 7c9f6d5b8-b",
	  "7c9f6d5b8-* (2)" },
	{ "several workloads", "a-1 a-2 b c-1", "a-*, b, c-1 (4)" },
	{ "more than fit", "a b c d", "a, b, c, ... (4)" },
	{ "a name that begins another", "web web-1", "web* (2)" },
};

static void test_label(void **state)
{
	const struct label_row *row = *state;
	char *copy = xstrdup(row->pods), *rest = copy, *word;
	struct objects objects = {};
	struct graph_source source = { .objects = &objects };
	struct graph graph;

	while ((word = strsep(&rest, " ")))
		array_add(objects.pods, objects.pod_count)->key =
			xasprintf("n/%s", word);
	graph_build(&source, &graph);
	assert_string_equal(graph.vertices[0].label, row->label);
	graph_clear(&graph);
	objects_clear(&objects);
	free(copy);
}

static void test_beyond(void **state)
{
	struct network guarded;
	struct cluster cluster = {};
	struct objects objects;
	struct graph_source source = { .objects = &objects,
				       .guarded = &guarded,
				       .guarded_count = 1 };
	struct graph graph;
	struct ip ip;
	size_t job, inside, remote;

	(void)state;
	assert_true(network_parse("10.0.0.0/16", &guarded));
	add_workloads(&cluster);
	add_policy(&cluster,
		   "N db {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: two}}}]}]}");
	cluster_find_pod(&cluster, "y/job")->ips[0].v4.s_addr =
		htonl(0xac100001);
	free(cluster_find_pod(&cluster, "y/job")->node);
	cluster_find_pod(&cluster, "y/job")->node = xstrdup("two");
	compile_fine(&cluster, "one", NULL, &objects);
	graph_build(&source, &graph);
	assert_int_equal(graph_find_pod(&graph, "y/job"), SIZE_MAX);
	assert_true(ip_parse("172.16.0.1", &ip));
	remote = graph_find_ip(&graph, &ip);
	assert_int_equal(graph.vertices[remote].kind, GRAPH_REMOTE);
	job = graph_find_pod(&graph, "x/db");
	assert_true(port_map_has(graph_cell(&graph, remote, job),
				 PORT_ACCEPTED));
	assert_true(ip_parse("10.0.200.1", &ip));
	inside = graph_find_ip(&graph, &ip);
	assert_int_equal(graph.vertices[inside].kind, GRAPH_OUTSIDE);
	job = graph_find_pod(&graph, "x/web-1");
	assert_false(port_map_has(graph_cell(&graph, inside, job),
				  PORT_ACCEPTED));
	assert_false(port_map_has(graph_cell(&graph, job, inside),
				  PORT_ACCEPTED));
	assert_true(ip_parse("10.1.0.1", &ip));
	inside = graph_find_ip(&graph, &ip);
	assert_true(port_map_has(graph_cell(&graph, inside, job),
				 PORT_ACCEPTED));
	graph_clear(&graph);
	objects_clear(&objects);
	cluster_clear(&cluster);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beyond),
	};
	int failed = 0;

	failed += table_tests("edges", edge_rows, COUNT(edge_rows),
			      sizeof(*edge_rows), test_edges);
	failed += table_tests("addresses", address_rows, COUNT(address_rows),
			      sizeof(*address_rows), test_addresses);
	failed += table_tests("labels", label_rows, COUNT(label_rows),
			      sizeof(*label_rows), test_label);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
