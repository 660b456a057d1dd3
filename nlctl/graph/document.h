/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A graph and what was denied, as JSON.
 */
#ifndef NLCTL_GRAPH_DOCUMENT_H
#define NLCTL_GRAPH_DOCUMENT_H

#include <jansson.h>

#include "graph/attempts.h"
#include "graph/graph.h"

/**
 * document_json() - a graph as JSON, as the manual page has it
 * @graph: the graph
 * @attempts: what was denied, placed in the graph
 * @with_edges: list the edges; they may be many
 *
 * Return: a new object.
 */
json_t *document_json(const struct graph *graph,
		      const struct attempts *attempts, bool with_edges);

/**
 * document_add_cells() - put in what every vertex answers each other
 * @graph: the graph
 * @document: of document_json(); receives "answers", of which each is there
 *	once, "cells": for each client the numbers of the answers by server, and
 *	"edge_count"
 */
void document_add_cells(const struct graph *graph, json_t *document);

#endif
