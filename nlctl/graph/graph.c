// SPDX-License-Identifier: GPL-2.0-only
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "graph/class.h"
#include "graph/class_answers.h"
#include "graph/label.h"
#include "policy/memory.h"

/* A vertex while classes are put together. */
struct merged {
	uint64_t hash;
	size_t first; /* its first class */
	struct merged *next; /* of the same hash */
	size_t number;
	UT_hash_handle hh;
};

static uint64_t mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x100000001b3;
}

static uint64_t hash_answers(const uint32_t *cells, size_t count, size_t class)
{
	uint64_t hash = 0xcbf29ce484222325;
	size_t i;

	for (i = 0; i < count; i++) {
		hash = mix(hash, cells[class * count + i]);
		hash = mix(hash, cells[i * count + class]);
	}
	return hash;
}

/* Whether two classes give and get the same answers, also among themselves. */
static bool same_answers(const uint32_t *cells, size_t count, size_t a,
			 size_t b)
{
	size_t i;

	if (memcmp(&cells[a * count], &cells[b * count],
		   count * sizeof(*cells)))
		return false;
	for (i = 0; i < count; i++)
		if (cells[i * count + a] != cells[i * count + b])
			return false;
	return true;
}

static bool may_merge(const struct class_key *a, const struct class_key *b)
{
	return a->kind == b->kind && a->namespace == b->namespace &&
	       a->focus == b->focus;
}

/* By class: its vertex; *vertex_count receives their number. */
static size_t *merge_classes(const struct classes *classes,
			     const uint32_t *cells, size_t **firsts,
			     size_t *vertex_count)
{
	size_t *vertex_of = xcalloc(classes->count + 1, sizeof(*vertex_of));
	struct merged *merged = xcalloc(classes->count + 1, sizeof(*merged));
	struct merged *table = NULL;
	size_t i;

	*firsts = NULL;
	*vertex_count = 0;
	for (i = 0; i < classes->count; i++) {
		struct merged *found, *entry = &merged[i];

		entry->hash = hash_answers(cells, classes->count, i);
		HASH_FIND(hh, table, &entry->hash, sizeof(entry->hash), found);
		entry->next = found ? found->next : NULL;
		for (; found; found = found->next)
			if (may_merge(&classes->keys[found->first],
				      &classes->keys[i]) &&
			    same_answers(cells, classes->count, found->first,
					 i))
				break;
		if (found) {
			vertex_of[i] = found->number;
			continue;
		}
		entry->first = i;
		entry->number = *vertex_count;
		*array_add(*firsts, *vertex_count) = i;
		vertex_of[i] = entry->number;
		HASH_FIND(hh, table, &entry->hash, sizeof(entry->hash), found);
		if (found)
			found->next = entry;
		else
			HASH_ADD(hh, table, hash, sizeof(entry->hash), entry);
	}
	HASH_CLEAR(hh, table);
	free(merged);
	return vertex_of;
}

static size_t find_group(struct graph *graph, const char *name, size_t length,
			 enum graph_kind kind)
{
	struct graph_group *group;
	size_t i;

	for (i = graph->group_count; i; i--) {
		group = &graph->groups[i - 1];
		if (group->kind == kind && strlen(group->name) == length &&
		    !memcmp(group->name, name, length))
			return i - 1;
	}
	group = array_add(graph->groups, graph->group_count);
	group->name = xasprintf("%.*s", (int)length, name);
	group->kind = kind;
	return graph->group_count - 1;
}

static void add_vertex(struct graph *graph, const struct class_key *key)
{
	struct graph_vertex *vertex =
		array_add(graph->vertices, graph->vertex_count);
	static const char remote[] = "pods of other nodes";
	static const char outside[] = "outside";
	const char *name;

	vertex->kind = key->kind;
	vertex->focus = key->kind == GRAPH_PODS && key->focus;
	vertex->shown = vertex->focus;
	switch (vertex->kind) {
	case GRAPH_PODS:
		name = graph->objects->pods[key->namespace].key;
		vertex->group = find_group(graph, name,
					   class_namespace_length(name),
					   GRAPH_PODS);
		break;
	case GRAPH_REMOTE:
		vertex->group =
			find_group(graph, remote, strlen(remote), GRAPH_REMOTE);
		break;
	default:
		vertex->group = find_group(graph, outside, strlen(outside),
					   GRAPH_OUTSIDE);
		break;
	}
}

static void copy_cells(struct graph *graph, const uint32_t *cells,
		       size_t class_count, const size_t *firsts)
{
	size_t count = graph->vertex_count, i, j;

	graph->cell_count = count;
	graph->cells = xcalloc(count * count + 1, sizeof(*graph->cells));
	for (i = 0; i < count; i++)
		for (j = 0; j < count; j++)
			graph->cells[i * count + j] =
				cells[firsts[i] * class_count + firsts[j]];
}

static void place_members(struct graph *graph, const struct classes *classes,
			  const size_t *vertex_of)
{
	size_t i;

	graph->pod_vertices = xcalloc(graph->objects->pod_count + 1,
				      sizeof(*graph->pod_vertices));
	graph->region_vertices = xcalloc(graph->peers.region_count,
					 sizeof(*graph->region_vertices));
	for (i = 0; i < graph->objects->pod_count; i++)
		graph->pod_vertices[i] = vertex_of[classes->of_pod[i]];
	for (i = 0; i < graph->peers.region_count; i++)
		graph->region_vertices[i] =
			classes->of_region[i] == SIZE_MAX ?
				SIZE_MAX :
				vertex_of[classes->of_region[i]];
}

static void add_edge(struct graph *graph, size_t from, size_t to,
		     enum port_verdict verdict)
{
	if (!port_map_has(graph_cell(graph, from, to), verdict))
		return;
	*array_add(graph->edges, graph->edge_count) = (struct graph_edge){
		.from = from,
		.to = to,
		.map = graph->cells[from * graph->cell_count + to],
		.verdict = verdict,
	};
	graph->vertices[from].shown = true;
	graph->vertices[to].shown = true;
}

/* False when there are more edges than asked for. */
static bool add_edges(struct graph *graph, size_t edge_max)
{
	size_t from, to;

	for (from = 0; from < graph->cell_count; from++)
		for (to = 0; to < graph->cell_count; to++) {
			const struct graph_vertex *client =
				&graph->vertices[from];
			const struct graph_vertex *server =
				&graph->vertices[to];

			if (!client->focus && !server->focus)
				continue;
			if (from == to && client->member_count == 1)
				continue;
			add_edge(graph, from, to, PORT_ACCEPTED);
			add_edge(graph, from, to, PORT_AUDITED);
			if (edge_max && graph->edge_count > edge_max)
				return false;
		}
	return true;
}

static enum graph_result make_vertices(const struct graph_source *source,
				       const struct classes *classes,
				       struct graph *graph)
{
	size_t *vertex_of, *firsts = NULL, vertex_count, i;
	enum graph_result result;
	uint32_t *cells;

	result = classes_answer(source, &graph->peers, classes, &graph->maps,
				&cells);
	if (result != GRAPH_BUILT)
		return result;
	vertex_of = merge_classes(classes, cells, &firsts, &vertex_count);
	for (i = 0; i < vertex_count; i++)
		add_vertex(graph, &classes->keys[firsts[i]]);
	copy_cells(graph, cells, classes->count, firsts);
	place_members(graph, classes, vertex_of);
	free(cells);
	free(vertex_of);
	free(firsts);
	label_vertices(graph);
	return add_edges(graph, source->edge_max) ? GRAPH_BUILT :
						    GRAPH_MANY_EDGES;
}

enum graph_result graph_build(const struct graph_source *source,
			      struct graph *graph)
{
	enum graph_result result = GRAPH_MANY_CLASSES;
	struct classes classes;
	size_t count;

	*graph = (struct graph){ .objects = source->objects };
	peers_build(source->objects, source->guarded, source->guarded_count,
		    &graph->peers);
	classes_build(source, &graph->peers, &classes);
	count = classes.count;
	if (count <= GRAPH_CLASSES_MAX)
		result = make_vertices(source, &classes, graph);
	classes_clear(&classes);
	if (result != GRAPH_BUILT)
		graph_clear(graph);
	graph->class_count = count;
	return result;
}

size_t graph_find_pod(const struct graph *graph, const char *key)
{
	const struct objects *objects = graph->objects;
	size_t low = 0, high = objects->pod_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(objects->pods[middle].key, key);

		if (!order)
			return graph->pod_vertices[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

const struct pod *graph_pod_at(const struct graph *graph, const struct ip *ip)
{
	const struct objects *objects = graph->objects;
	size_t i, j;

	if (!peers_find(&graph->peers, ip)->address)
		return NULL;
	for (i = 0; i < objects->pod_count; i++)
		for (j = 0; j < objects->pods[i].ip_count; j++)
			if (ip_equal(&objects->pods[i].ips[j], ip))
				return &objects->pods[i];
	return NULL;
}

size_t graph_find_ip(const struct graph *graph, const struct ip *ip)
{
	const struct region *region = peers_find(&graph->peers, ip);
	const struct pod *pod = graph_pod_at(graph, ip);

	if (pod)
		return graph->pod_vertices[pod - graph->objects->pods];
	return graph->region_vertices[region - graph->peers.regions];
}

size_t graph_add_address(struct graph *graph, const char *text)
{
	static const char outside[] = "outside";
	struct graph_vertex *vertex =
		array_add(graph->vertices, graph->vertex_count);

	vertex->kind = GRAPH_ADDRESS;
	vertex->group =
		find_group(graph, outside, strlen(outside), GRAPH_OUTSIDE);
	vertex->label = xstrdup(text);
	*array_add(vertex->members, vertex->member_count) = xstrdup(text);
	vertex->shown = true;
	return graph->vertex_count - 1;
}

void graph_clear(struct graph *graph)
{
	size_t i, j;

	for (i = 0; i < graph->vertex_count; i++) {
		for (j = 0; j < graph->vertices[i].member_count; j++)
			free(graph->vertices[i].members[j]);
		free(graph->vertices[i].members);
		free(graph->vertices[i].label);
	}
	for (i = 0; i < graph->group_count; i++)
		free(graph->groups[i].name);
	free(graph->vertices);
	free(graph->groups);
	free(graph->cells);
	free(graph->edges);
	free(graph->pod_vertices);
	free(graph->region_vertices);
	port_maps_clear(&graph->maps);
	peers_clear(&graph->peers);
	*graph = (struct graph){};
}
