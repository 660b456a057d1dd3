/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A graph as one page for a browser, which asks nobody for anything.
 */
#ifndef NLCTL_GRAPH_PAGE_H
#define NLCTL_GRAPH_PAGE_H

#include <jansson.h>
#include <stdio.h>

/**
 * page_print() - write the page
 * @document: the graph with its cells, and how it came about: "source", a text;
 *	"seconds", how long somebody watched; "lost", events
 * @svg: the picture as Graphviz wrote it, or NULL
 * @why: why there is none; for a person
 * @stream: receives the page
 *
 * Its Content-Security-Policy allows no request at all, and no script but its
 * own, which is known by its hash.
 */
void page_print(const json_t *document, const char *svg, const char *why,
		FILE *stream);

#endif
