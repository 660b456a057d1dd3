/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Graphviz, which lays out and draws what picture.h writes.
 */
#ifndef NLCTL_GRAPH_GRAPHVIZ_H
#define NLCTL_GRAPH_GRAPHVIZ_H

#include <stddef.h>

/**
 * graphviz_draw() - have Graphviz draw an SVG
 * @text: the graph in the language of Graphviz
 * @length: bytes of @text
 * @seconds: how long that may take; then it is ended
 * @svg: receives the picture, which the caller frees; NULL on failure
 *
 * Runs "dot" as found by PATH, without a shell. It is gone afterwards, also when
 * the caller is killed meanwhile.
 *
 * Return: NULL, or why that failed, in a text that the caller frees.
 */
char *graphviz_draw(const char *text, size_t length, unsigned int seconds,
		    char **svg);

#endif
