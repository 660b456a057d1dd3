/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the vertices of a graph are called.
 */
#ifndef NLCTL_GRAPH_LABEL_H
#define NLCTL_GRAPH_LABEL_H

struct graph;

/**
 * label_vertices() - list the members of all vertices, and name them
 * @graph: the graph, whose pods and regions have vertices
 *
 * One pod is called by its name, several by what their names begin with, as
 * "web-* (3)"; addresses of other nodes by the peer sets that hold them; outside
 * addresses by their first block.
 */
void label_vertices(struct graph *graph);

#endif
