/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may talk to whom.
 */
#ifndef NLCTL_GRAPH_GRAPH_H
#define NLCTL_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/peers.h"
#include "graph/port_map.h"
#include "policy/objects.h"

/**
 * DOC: From objects to a graph
 *
 * 1. Pods, addresses of other nodes and regions of outside addresses fall into
 *    *classes*: of one namespace, with the same rule sets, held by the same peer
 *    sets. No rule tells two of a class apart.
 * 2. For each two classes, of which one at least is of pods, the client's egress
 *    and the server's ingress are asked for all ports at once, for each address
 *    of the one and each of the other in each family that both have; the worst
 *    answer counts.
 * 3. Classes of one kind and namespace that give and get the same answers become
 *    one *vertex*: replicas of a workload, or the blocks of a list.
 * 4. An *edge* stands for each two vertices between which something passes.
 *
 * What the node itself begins reaches its pods whatever the rules say, and is not
 * drawn; neither is what a pod sends to itself.
 */

/* Classes at most: for each two of them there is an answer. */
#define GRAPH_CLASSES_MAX 4096
/* Different maps at most, what is asked on the way included: 100 MB. */
#define GRAPH_MAPS_MAX 250000

/**
 * enum graph_result - whether there is a graph
 * @GRAPH_BUILT: there is
 * @GRAPH_MANY_CLASSES: there are more than GRAPH_CLASSES_MAX classes
 * @GRAPH_MANY_MAPS: there are more than GRAPH_MAPS_MAX maps
 * @GRAPH_MANY_ANSWERS: there are more different answers than asked for
 * @GRAPH_MANY_EDGES: there are more edges than asked for
 */
enum graph_result {
	GRAPH_BUILT,
	GRAPH_MANY_CLASSES,
	GRAPH_MANY_MAPS,
	GRAPH_MANY_ANSWERS,
	GRAPH_MANY_EDGES,
};

enum graph_kind {
	GRAPH_PODS, /* registered pods */
	GRAPH_REMOTE, /* addresses with an identity, of pods of other nodes */
	GRAPH_OUTSIDE, /* regions of addresses without identity */
	GRAPH_ADDRESS, /* one address, because something of it was denied */
};

/** struct graph_group - vertices that are drawn together */
struct graph_group {
	char *name;
	enum graph_kind kind;
};

/**
 * struct graph_vertex - pods or addresses that nothing tells apart
 * @kind: what they are
 * @group: where they are drawn
 * @label: what they are called; owned
 * @members: keys of pods, or addresses and blocks; owned
 * @member_count: length of @members
 * @focus: the caller asked about them
 * @shown: they are part of the picture
 */
struct graph_vertex {
	enum graph_kind kind;
	size_t group;
	char *label;
	char **members;
	size_t member_count;
	bool focus;
	bool shown;
};

/**
 * struct graph_edge - what passes from one vertex to another
 * @from: number of the client's vertex
 * @to: number of the server's vertex
 * @map: number of the map of ports
 * @verdict: accepted or audited: which of the map's ports it stands for
 */
struct graph_edge {
	size_t from;
	size_t to;
	uint32_t map;
	enum port_verdict verdict;
};

/**
 * struct graph - the whole; start with zeroes
 * @maps: all maps of ports
 * @peers: all regions
 * @groups: ordered by name: namespaces, other nodes, outside
 * @group_count: length of @groups
 * @vertices: in the order of groups and labels
 * @vertex_count: length of @vertices
 * @cells: numbers of maps, by client and server; of the first @cell_count
 *	vertices, others were added later
 * @cell_count: how many vertices have cells
 * @edges: by client and server
 * @edge_count: length of @edges
 * @pod_vertices: by pod of the objects: its vertex
 * @region_vertices: by region: its vertex, or SIZE_MAX
 * @class_count: how many classes it was built from
 * @objects: what it was built from; borrowed
 */
struct graph {
	struct port_maps maps;
	struct peers peers;
	struct graph_group *groups;
	size_t group_count;
	struct graph_vertex *vertices;
	size_t vertex_count;
	uint32_t *cells;
	size_t cell_count;
	struct graph_edge *edges;
	size_t edge_count;
	size_t *pod_vertices;
	size_t *region_vertices;
	size_t class_count;
	const struct objects *objects;
};

/**
 * struct graph_source - what a graph is built from
 * @objects: the policy; must outlive the graph
 * @guarded: guarded blocks, or NULL
 * @guarded_count: length of @guarded
 * @focus: by pod: whether the caller asked about it; NULL for all
 * @answer_max: different answers at most; 0 for any
 * @edge_max: edges at most; 0 for any
 */
struct graph_source {
	const struct objects *objects;
	const struct network *guarded;
	size_t guarded_count;
	const bool *focus;
	size_t answer_max;
	size_t edge_max;
};

/**
 * graph_build() - find out who may talk to whom
 * @source: what to build it from
 * @graph: receives the result; freed with graph_clear() in any case
 *
 * Stops as soon as something is too much, and the graph is empty then, but for
 * the number of classes. Progress goes on until somebody ends it.
 */
enum graph_result graph_build(const struct graph_source *source,
			      struct graph *graph);

/* The vertex of a registered pod or of an address; SIZE_MAX if there is none. */
size_t graph_find_pod(const struct graph *graph, const char *key);
size_t graph_find_ip(const struct graph *graph, const struct ip *ip);

/* The registered pod that an address belongs to, or NULL. */
const struct pod *graph_pod_at(const struct graph *graph, const struct ip *ip);

/* What one vertex answers another. */
static inline const struct port_map *graph_cell(const struct graph *graph,
						size_t from, size_t to)
{
	return &graph->maps.list[graph->cells[from * graph->cell_count + to]];
}

/**
 * graph_add_address() - give an address outside a vertex of its own
 * @graph: the graph
 * @text: the address
 *
 * Return: the number of the vertex, which has no cells.
 */
size_t graph_add_address(struct graph *graph, const char *text);

/* Free what the structure owns and zero it; the structure itself stays. */
void graph_clear(struct graph *graph);

#endif
