// SPDX-License-Identifier: GPL-2.0-only
#include "graph/label.h"

#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"
#include "policy/memory.h"

/* Peer sets that the name of a vertex lists at most. */
#define PEER_SETS_SHOWN 2
/* Workloads that it lists. */
#define WORKLOADS_SHOWN 3

static void add_member(struct graph *graph, size_t number, char *text)
{
	struct graph_vertex *vertex = &graph->vertices[number];

	*array_add(vertex->members, vertex->member_count) = text;
}

static const char *pod_name(const char *key)
{
	const char *slash = strchr(key, '/');

	return slash ? slash + 1 : key;
}

/* Up to its first dash a name says which workload it is of. */
static bool same_workload(const char *a, const char *b)
{
	size_t length = strcspn(a, "-");

	return length == strcspn(b, "-") && !memcmp(a, b, length);
}

/* What the names from one to the next have in common, up to a dash. */
static int common_length(const struct graph_vertex *vertex, size_t from,
			 size_t next)
{
	const char *first = pod_name(vertex->members[from]);
	size_t length = strlen(first), i, j;

	for (i = from + 1; i < next; i++) {
		const char *name = pod_name(vertex->members[i]);

		for (j = 0; j < length && name[j] == first[j]; j++)
			;
		length = j;
	}
	while (length && first[length - 1] != '-')
		length--;
	return length;
}

/* Replicas of a Deployment have a hash of their template in their names, which
 * tells nobody anything: a word of these characters with a digit among them.
 */
static int without_hash(const char *name, int length)
{
	static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789";
	int start = length - 1;
	size_t word;

	while (start > 0 && name[start - 1] != '-')
		start--;
	word = strspn(name + start, alphabet);
	if (start <= 0 || word < 6 || word > 10 ||
	    start + (int)word != length - 1 ||
	    strcspn(name + start, "2456789") >= word)
		return length;
	return start;
}

/* Members are in the order of their names. */
static char *pods_label(const struct graph_vertex *vertex)
{
	size_t shown = 0, i, next, length;
	FILE *stream;
	char *text;

	stream = xopen_memstream(&text, &length);
	for (i = 0; i < vertex->member_count && shown < WORKLOADS_SHOWN;
	     i = next, shown++) {
		const char *first = pod_name(vertex->members[i]);
		int common;

		for (next = i + 1;
		     next < vertex->member_count &&
		     same_workload(first, pod_name(vertex->members[next]));
		     next++)
			;
		fputs(shown ? ", " : "", stream);
		common = next > i + 1 ? common_length(vertex, i, next) : 0;
		if (next == i + 1)
			fputs(first, stream);
		else if (common)
			fprintf(stream, "%.*s*", without_hash(first, common),
				first);
		else
			fprintf(stream, "%s*", first);
	}
	if (i < vertex->member_count)
		fputs(", ...", stream);
	if (vertex->member_count > 1)
		fprintf(stream, " (%zu)", vertex->member_count);
	fclose(stream);
	return text;
}

static char *remote_label(const struct graph *graph,
			  const struct graph_vertex *vertex,
			  uint32_t membership)
{
	const struct objects *objects = graph->objects;
	size_t found = 0, length, i;
	FILE *stream;
	char *text;

	stream = xopen_memstream(&text, &length);
	for (i = 0; i < objects->peer_set_count; i++) {
		if (!peers_has(&graph->peers, membership, i))
			continue;
		if (found++ < PEER_SETS_SHOWN)
			fprintf(stream, "%s%s", found > 1 ? ", " : "",
				objects->peer_sets[i].name);
	}
	if (found > PEER_SETS_SHOWN)
		fprintf(stream, " and %zu more", found - PEER_SETS_SHOWN);
	if (!found)
		fputs("in no peer set", stream);
	fprintf(stream, " (%zu address%s)", vertex->member_count,
		vertex->member_count == 1 ? "" : "es");
	fclose(stream);
	return text;
}

/* Regions that have lost something to another vertex than their own. */
static bool *find_carved(const struct graph *graph)
{
	const struct peers *peers = &graph->peers;
	bool *carved = xcalloc(peers->region_count, sizeof(*carved));
	size_t i, j;

	for (i = 0; i < peers->region_count; i++) {
		if (peers->regions[i].address || peers->regions[i].empty)
			continue;
		for (j = i; peers->regions[j].parent != j;) {
			j = peers->regions[j].parent;
			if (graph->region_vertices[j] !=
			    graph->region_vertices[i])
				carved[j] = true;
		}
	}
	return carved;
}

static bool is_inside_own(const struct graph *graph, size_t region)
{
	size_t parent = graph->peers.regions[region].parent;

	return parent != region &&
	       graph->region_vertices[parent] == graph->region_vertices[region];
}

static void add_regions(struct graph *graph, bool *roots4, bool *roots6)
{
	bool *carved = find_carved(graph);
	size_t i;

	for (i = 0; i < graph->peers.region_count; i++) {
		const struct region *region = &graph->peers.regions[i];
		size_t vertex = graph->region_vertices[i];
		char text[NETWORK_TEXT_MAX];

		if (vertex == SIZE_MAX || is_inside_own(graph, i))
			continue;
		if (!region->network.prefix_length &&
		    region->network.base.family == AF_INET)
			roots4[vertex] = true;
		else if (!region->network.prefix_length)
			roots6[vertex] = true;
		if (region->network.prefix_length ==
		    (region->network.base.family == AF_INET ? 32 : 128))
			ip_text(&region->network.base, text);
		else
			network_text(&region->network, text);
		add_member(graph, vertex,
			   xasprintf("%s%s", carved[i] ? "rest of " : "",
				     text));
	}
	free(carved);
}

static bool has_family(const struct objects *objects, int family)
{
	size_t i, j;

	for (i = 0; i < objects->pod_count; i++)
		for (j = 0; j < objects->pods[i].ip_count; j++)
			if (objects->pods[i].ips[j].family == family)
				return true;
	return false;
}

static char *outside_label(const struct graph *graph,
			   const struct graph_vertex *vertex, bool root4,
			   bool root6)
{
	if (root4 && (root6 || !has_family(graph->objects, AF_INET6)))
		return xstrdup("any other address");
	if (root6 && !has_family(graph->objects, AF_INET))
		return xstrdup("any other address");
	if (root4)
		return xstrdup("any other IPv4 address");
	if (root6)
		return xstrdup("any other IPv6 address");
	if (vertex->member_count == 1)
		return xstrdup(vertex->members[0]);
	return xasprintf("%s and %zu more", vertex->members[0],
			 vertex->member_count - 1);
}

/* The membership of the first region of each vertex. */
static uint32_t *first_memberships(const struct graph *graph)
{
	uint32_t *memberships =
		xcalloc(graph->vertex_count + 1, sizeof(*memberships));
	size_t i;

	for (i = graph->peers.region_count; i; i--)
		if (graph->region_vertices[i - 1] != SIZE_MAX)
			memberships[graph->region_vertices[i - 1]] =
				graph->peers.regions[i - 1].membership;
	return memberships;
}

void label_vertices(struct graph *graph)
{
	bool *roots4 = xcalloc(graph->vertex_count + 1, sizeof(*roots4));
	bool *roots6 = xcalloc(graph->vertex_count + 1, sizeof(*roots6));
	uint32_t *memberships = first_memberships(graph);
	size_t i;

	for (i = 0; i < graph->objects->pod_count; i++)
		add_member(graph, graph->pod_vertices[i],
			   xstrdup(graph->objects->pods[i].key));
	add_regions(graph, roots4, roots6);
	for (i = 0; i < graph->vertex_count; i++) {
		struct graph_vertex *vertex = &graph->vertices[i];

		if (vertex->kind == GRAPH_PODS)
			vertex->label = pods_label(vertex);
		else if (vertex->kind == GRAPH_REMOTE)
			vertex->label =
				remote_label(graph, vertex, memberships[i]);
		else
			vertex->label = outside_label(graph, vertex, roots4[i],
						      roots6[i]);
	}
	free(memberships);
	free(roots6);
	free(roots4);
}
