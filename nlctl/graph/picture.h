/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A graph and what was denied, in the language of Graphviz.
 */
#ifndef NLCTL_GRAPH_PICTURE_H
#define NLCTL_GRAPH_PICTURE_H

#include <stdbool.h>
#include <stdio.h>

#include "graph/attempts.h"
#include "graph/graph.h"

/**
 * picture_print() - write a graph as text for Graphviz
 * @graph: the graph
 * @attempts: what was denied, placed in the graph
 * @stream: receives the text
 *
 * Vertices are "v<number>", edges "e<number>", denied attempts "d<number>" of the
 * first attempt between two ends; so are their ids in an SVG. Every text is
 * quoted; what is not UTF-8, and control characters, become "?".
 */
void picture_print(const struct graph *graph, const struct attempts *attempts,
		   FILE *stream);

/* How many lines and vertices the picture has. */
size_t picture_size(const struct graph *graph, const struct attempts *attempts);

#endif
