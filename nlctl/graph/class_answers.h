/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the classes of a graph answer each other.
 */
#ifndef NLCTL_GRAPH_CLASS_ANSWERS_H
#define NLCTL_GRAPH_CLASS_ANSWERS_H

#include <stdint.h>

#include "graph/class.h"
#include "graph/graph.h"

/**
 * classes_answer() - what each class answers each other
 * @source: what the graph is built from
 * @peers: its regions
 * @classes: the classes, GRAPH_CLASSES_MAX at most
 * @maps: where the answers are kept
 * @cells: receives numbers of maps by client and server, which the caller frees;
 *	NULL when something is too much
 *
 * Two classes that the caller did not ask about answer each other nothing.
 *
 * Return: GRAPH_BUILT, or what is too much: each different answer that lets
 * something pass between two classes stands for an edge at least, so too many of
 * them are too many edges.
 */
enum graph_result classes_answer(const struct graph_source *source,
				 const struct peers *peers,
				 const struct classes *classes,
				 struct port_maps *maps, uint32_t **cells);

#endif
