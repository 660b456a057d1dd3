// SPDX-License-Identifier: GPL-2.0-only
/*
 * Graphs of small clusters by tables, and of random ones against the evaluator,
 * which is asked about one connection at a time. PODWALL_SEED sets the seed.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "generator/generator.h"
#include "generator/manifests.h"
#include "graph/attempts.h"
#include "graph/document.h"
#include "graph/graph.h"
#include "graph/picture.h"
#include "graph/port_text.h"
#include "policies.h"
#include "policy/memory.h"
#include "policy/owners.h"

#define CLUSTERS 1500
#define SECONDS 15
#define PORTS 24

/* --- ports */

struct text_row {
	const char *name;
	const char *segments; /* "FIRST VERDICT" in hex and one letter */
	const char *accepted;
};

static const struct text_row text_rows[] = {
	{ "nothing", "0 d", "nothing" },
	{ "everything", "0 a", "all traffic" },
	{ "one port", "0 d, 060050 a, 060051 d", "80/tcp" },
	{ "two ports of a protocol",
	  "0 d, 060050 a, 060051 d, 0601bb a, 0601bc d", "80,443/tcp" },
	{ "a range", "0 d, 060050 a, 060064 d", "80-99/tcp" },
	{ "two protocols", "0 d, 060050 a, 060051 d, 110035 a, 110036 d",
	  "80/tcp, 53/udp" },
	{ "a whole protocol", "0 d, 060000 a, 070000 d", "tcp" },
	{ "the first port", "0 d, 060000 a, 060001 d", "0/tcp" },
	{ "the last port", "0 d, 06ffff a, 070000 d", "65535/tcp" },
	{ "a protocol without a name", "0 d, 2f0000 a, 300000 d",
	  "protocol 47" },
	{ "several whole protocols", "0 d, 110000 a, 130000 d",
	  "protocols 17-18" },
	{ "from one protocol into the next", "0 d, 06fffe a, 070001 d",
	  "65534-65535/tcp, 0/protocol 7" },
	{ "across whole protocols", "0 d, 06fffe a, 080001 d",
	  "65534-65535/tcp, protocol 7, 0/protocol 8" },
	{ "all but one port", "0 a, 060016 d, 060017 a", "all but 22/tcp" },
	{ "all but a protocol", "0 a, 110000 d, 120000 a", "all but udp" },
	{ "more than fit",
	  "0 d, 060001 a, 060002 d, 060003 a, 060004 d, 060005 a, 060006 d, "
	  "060007 a, 060008 d, 060009 a, 06000a d, 06000b a, 06000c d, "
	  "06000d a, 06000e d",
	  "1,3,5,7,9/tcp and 2 more" },
	{ "audited ports are others", "0 d, 060050 a, 060051 u, 060052 d",
	  "80/tcp" },
};

static void read_map(const char *text, struct port_map *map)
{
	char *copy = xstrdup(text), *rest = copy, *word;

	while ((word = strsep(&rest, ","))) {
		struct port_segment segment = {};
		char letter;

		assert_int_equal(sscanf(word, "%x %c", &segment.first, &letter),
				 2);
		segment.verdict = letter == 'a' ? PORT_ACCEPTED :
				  letter == 'u' ? PORT_AUDITED :
						  PORT_DENIED;
		port_map_append(map, &segment);
	}
	free(copy);
}

static void test_text(void **state)
{
	const struct text_row *row = *state;
	struct port_map map = {};
	char *text;

	read_map(row->segments, &map);
	text = port_map_text(&map, PORT_ACCEPTED);
	assert_string_equal(text, row->accepted);
	free(text);
	free(map.segments);
}

/* What has the same content has one number, and combining is pointwise. */
static void test_maps(void **state)
{
	struct port_maps maps = {};
	struct port_map map = {};
	uint32_t a, b, both;

	(void)state;
	assert_int_equal(port_maps_text(&maps, ""), 0);
	assert_int_equal(port_maps_text(&maps, NULL), 0);
	assert_int_equal(port_maps_text(&maps, "x"), 1);
	assert_int_equal(port_maps_text(&maps, "y"), 2);
	assert_int_equal(port_maps_text(&maps, "x"), 1);
	read_map("0 d, 060050 a, 060060 d", &map);
	a = port_maps_put(&maps, &map);
	read_map("0 a, 060055 u, 060058 d", &map);
	b = port_maps_put(&maps, &map);
	read_map("0 d, 060050 a, 060060 d", &map);
	assert_int_equal(port_maps_put(&maps, &map), a);
	read_map("0 d, 060050 a, 060055 u, 060058 d", &map);
	both = port_maps_both(&maps, a, b);
	assert_int_equal(port_maps_put(&maps, &map), both);
	assert_int_equal(port_maps_worse(&maps, a, b), both);
	assert_int_equal(port_maps_both(&maps, a, b), both);
	read_map("0 u, 060050 a, 060058 a, 060060 d", &map);
	assert_int_equal(port_maps_enforced(&maps, a, b),
			 port_maps_put(&maps, &map));
	port_maps_clear(&maps);
}

/* --- small clusters */

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

static void add_policies(struct cluster *cluster, const char *policies)
{
	char *copy = xstrdup(policies), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			add_policy(cluster, line);
	free(copy);
}

static void add_pods(struct cluster *cluster)
{
	add_namespace(cluster, "x", "team=one");
	add_namespace(cluster, "y", "team=two");
	add_pod(cluster, "x/web-1", "app=web", "10.0.0.1", "");
	add_pod(cluster, "x/web-2", "app=web", "10.0.0.2", "");
	add_pod(cluster, "x/db", "app=db", "10.0.0.3", "");
	add_pod(cluster, "y/job", "app=job", "10.0.1.1", "");
}

static void test_edges(void **state)
{
	const struct edge_row *row = *state;
	struct cluster cluster = {};
	struct objects objects;
	struct graph_source source = { .objects = &objects };
	struct graph graph;
	char *text;

	add_pods(&cluster);
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

/* --- too much */

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

/* --- pods with several addresses */

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

/* --- what is printed, and what was denied */

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
	add_pods(&cluster);
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

struct quote_row {
	const char *name;
	const char *pod;
	const char *label; /* as it stands in the text for Graphviz */
};

static const struct quote_row quote_rows[] = {
	{ "a plain name", "web", "web" },
	{ "a quote", "a\"] ; b [label=\"c", "a\\\"] ; b [label=\\\"c" },
	{ "escapes of Graphviz", "\\N\\G", "\\\\N\\\\G" },
	{ "an entity", "&lt;b&gt;", "&amp;lt;b&amp;gt;" },
	{ "markup", "</script><b>", "</script><b>" },
	{ "control characters", "a\x01\x1b[1m\x7f", "a??[1m?" },
	{ "UTF-8", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7",
	  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7" },
	{ "no UTF-8",
	  "\xff"
	  "a\xc3",
	  "?a?" },
	{ "too long UTF-8", "\xc0\xaf", "??" },
	{ "a control character of two bytes", "\xc2\x9b", "??" },
	{ "half a surrogate", "\xed\xa0\x80", "???" },
	{ "a newline", "a\nb", "a\\nb" },
};

static void test_quotes(void **state)
{
	const struct quote_row *row = *state;
	struct attempts none = {};
	struct pod pod = { .uid = "" };
	struct objects objects = { .pods = &pod, .pod_count = 1 };
	struct graph_source source = { .objects = &objects };
	struct graph graph;
	char *text, *wanted;
	size_t length;
	FILE *stream;

	pod.key = xasprintf("n/%s", row->pod);
	graph_build(&source, &graph);
	stream = xopen_memstream(&text, &length);
	picture_print(&graph, &none, stream);
	fclose(stream);
	wanted = xasprintf(" label=\"%s\" tooltip=\"n/%s\" ", row->label,
			   row->label);
	if (!strstr(text, wanted))
		fail_msg("%s is not in %s", wanted, text);
	free(wanted);
	free(text);
	graph_clear(&graph);
	free(pod.key);
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

/* --- guarded blocks and other nodes */

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
	add_pods(&cluster);
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

/* --- random clusters */

/* One end: a pod of the objects, or an address. */
struct probe {
	const struct pod *pod;
	const struct ip *ips;
	size_t ip_count;
};

/* Not only nodes have their addresses, pods in their network do as well. */
static bool is_node(const struct cluster *cluster, const struct probe *probe)
{
	return !probe->pod && (is_ip_of_node(cluster, "one", probe->ips) ||
			       is_ip_of_node(cluster, "two", probe->ips));
}

static enum port_verdict verdict_of(const struct judgement *judgement)
{
	if (judgement->verdict == PODWALL_VERDICT_ACCEPT)
		return PORT_ACCEPTED;
	return judgement->audited ? PORT_AUDITED : PORT_DENIED;
}

/* The worst answer of the evaluator; -1 without a family in common. */
static int evaluate_probes(const struct cluster *cluster,
			   const struct probe *client,
			   const struct probe *server, uint8_t protocol,
			   uint16_t port)
{
	int worst = -1;
	size_t i;

	for (i = 0; i < client->ip_count * server->ip_count; i++) {
		const struct ip *from = &client->ips[i / server->ip_count];
		const struct ip *to = &server->ips[i % server->ip_count];
		struct endpoint ends[2] = {};
		struct evaluation evaluation;
		int egress, ingress;

		if (from->family != to->family)
			continue;
		ends[0].ip = *from;
		ends[1].ip = *to;
		assert_null(evaluate(cluster, &ends[0], &ends[1], from->family,
				     protocol, port, &evaluation));
		egress = verdict_of(&evaluation.egress);
		ingress = verdict_of(&evaluation.ingress);
		evaluation_clear(&evaluation);
		if (ingress < egress)
			egress = ingress;
		if (worst < 0 || egress < worst)
			worst = egress;
	}
	return worst;
}

static size_t find_vertex(const struct graph *graph, const struct probe *probe)
{
	size_t vertex = probe->pod ? graph_find_pod(graph, probe->pod->key) :
				     graph_find_ip(graph, probe->ips);

	assert_true(vertex < graph->cell_count);
	return vertex;
}

static size_t compare_pair(struct chance *chance, const struct cluster *cluster,
			   const struct graph *graph,
			   const struct probe *client,
			   const struct probe *server)
{
	static const uint8_t protocols[] = { IPPROTO_TCP,  IPPROTO_TCP,
					     IPPROTO_UDP,  IPPROTO_SCTP,
					     IPPROTO_ICMP, 47 };
	static const uint16_t near[] = { 0,  1,	   79,	 80,   81,    82,
					 83, 8079, 8080, 8081, 65534, 65535 };
	const struct port_map *map = graph_cell(graph,
						find_vertex(graph, client),
						find_vertex(graph, server));
	size_t done = 0, i;

	for (i = 0; i < PORTS; i++) {
		uint8_t protocol = chance_of(chance, protocols);
		uint16_t port = chance_one_in(chance, 4) ?
					chance_below(chance, 65536) :
					chance_of(chance, near);
		int expected, found;

		if (protocol == IPPROTO_ICMP || protocol == 47)
			port = 0;
		expected = evaluate_probes(cluster, client, server, protocol,
					   port);
		found = port_map_find(map, protocol, port)->verdict;
		if (expected < 0)
			expected = PORT_DENIED;
		else
			done++;
		if (expected != found) {
			char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];

			fail_msg("%s to %s %u/%u: the graph says %d, the evaluator %d",
				 ip_text(client->ips, a),
				 ip_text(server->ips, b), protocol, port, found,
				 expected);
		}
	}
	return done;
}

static size_t compare(struct chance *chance, const struct cluster *cluster,
		      const struct graph *graph)
{
	const struct objects *objects = graph->objects;
	struct probe *probes = NULL;
	struct ip outsiders[64];
	size_t count = 0, done = 0, i, j;

	for (i = 0; i < objects->pod_count; i++)
		*array_add(probes, count) =
			(struct probe){ &objects->pods[i], objects->pods[i].ips,
					objects->pods[i].ip_count };
	for (i = 0; i < generator_outsider_count && i < COUNT(outsiders); i++) {
		struct probe *probe;

		assert_true(ip_parse(generator_outsiders[i], &outsiders[i]));
		/* Some pods claim one of these. */
		if (graph->vertices[graph_find_ip(graph, &outsiders[i])].kind ==
		    GRAPH_PODS)
			continue;
		probe = array_add(probes, count);
		*probe = (struct probe){ NULL, &outsiders[i], 1 };
	}
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++) {
			if (i == j || (!probes[i].pod && !probes[j].pod))
				continue;
			/* A node is let in by its own pods. */
			if (is_node(cluster, &probes[i]) ||
			    is_node(cluster, &probes[j]))
				continue;
			done += compare_pair(chance, cluster, graph, &probes[i],
					     &probes[j]);
		}
	free(probes);
	return done;
}

static size_t test_cluster(uint64_t number)
{
	struct chance chance = chance_begin(number);
	json_t *manifests = generate_cluster(&chance);
	struct objects objects = {};
	struct problems problems = {};
	struct cluster cluster = {};
	size_t done = 0;

	assert_true(manifests_read(manifests, &cluster, &problems));
	if (compile(&cluster, NULL, NULL, &objects, &problems)) {
		struct graph_source source = { .objects = &objects };
		struct graph graph;

		assert_int_equal(graph_build(&source, &graph), GRAPH_BUILT);
		done = compare(&chance, &cluster, &graph);
		graph_clear(&graph);
	}
	problems_clear(&problems);
	objects_clear(&objects);
	cluster_clear(&cluster);
	json_decref(manifests);
	return done;
}

/* The run as the teardown sees it, after a failure too. */
struct run {
	uint64_t seed;
	unsigned int clusters;
	size_t connections;
};

static void test_random(void **state)
{
	const char *given = getenv("PODWALL_SEED");
	time_t end = time(NULL) + SECONDS;
	struct run *run = *state;

	run->seed = given ? strtoull(given, NULL, 0) :
			    (uint64_t)time(NULL) * 1000000;
	while (run->clusters < CLUSTERS && time(NULL) < end) {
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
		cmocka_unit_test(test_maps),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_attempts),
		cmocka_unit_test(test_beyond),
		cmocka_unit_test_prestate_setup_teardown(test_random, NULL,
							 print_run, &run),
	};
	int failed = 0;

	failed += table_tests("texts of ports", text_rows, COUNT(text_rows),
			      sizeof(*text_rows), test_text);
	failed += table_tests("edges", edge_rows, COUNT(edge_rows),
			      sizeof(*edge_rows), test_edges);
	failed += table_tests("limits", limit_rows, COUNT(limit_rows),
			      sizeof(*limit_rows), test_limit);
	failed += table_tests("addresses", address_rows, COUNT(address_rows),
			      sizeof(*address_rows), test_addresses);
	failed += table_tests("quotes", quote_rows, COUNT(quote_rows),
			      sizeof(*quote_rows), test_quotes);
	failed += table_tests("labels", label_rows, COUNT(label_rows),
			      sizeof(*label_rows), test_label);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
