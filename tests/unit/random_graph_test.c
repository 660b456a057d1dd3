// SPDX-License-Identifier: GPL-2.0-only
/*
 * Graphs of random clusters against the evaluator, which is asked about one
 * connection at a time. PODWALL_SEED sets the seed.
 */
#include "support.h"

#include <stdlib.h>
#include "generator/generator.h"
#include "graph/graph.h"
#include "policy/memory.h"
#include "policy/owners.h"
#include "random_run.h"

#define CLUSTERS 1500
#define SECONDS 15
#define PORTS 24

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

	read_generated(manifests, &cluster);
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

int main(void)
{
	struct random_run run = {
		.test = test_cluster,
		.most = CLUSTERS,
		.seconds = SECONDS,
		.cases = "clusters",
		.parts = "connections",
	};

	return random_run_all("test_random", &run);
}
