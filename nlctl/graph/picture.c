// SPDX-License-Identifier: GPL-2.0-only
#include "graph/picture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "graph/port_text.h"
#include "policy/memory.h"

/* What a tooltip lists at most. */
#define MEMBERS_SHOWN 20
#define ORIGINS_SHOWN 12

/* Bytes of the UTF-8 character that a text begins with; 0 when it is none. */
static size_t character_length(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t length, i;

	if (byte[0] < 0x80)
		return byte[0] >= 0x20 && byte[0] != 0x7f;
	length = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
	if (byte[0] < 0xc2 || byte[0] > 0xf4)
		return 0;
	for (i = 1; i < length; i++)
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
	/* Control characters, what is too long, and surrogates. */
	if ((byte[0] == 0xc2 && byte[1] < 0xa0) ||
	    (byte[0] == 0xe0 && byte[1] < 0xa0) ||
	    (byte[0] == 0xed && byte[1] >= 0xa0) ||
	    (byte[0] == 0xf0 && byte[1] < 0x90) ||
	    (byte[0] == 0xf4 && byte[1] >= 0x90))
		return 0;
	return length;
}

/* Graphviz reads escapes and entities inside quotes as well. */
static void print_escaped(FILE *stream, const char *text)
{
	while (*text) {
		size_t length = character_length(text);

		if (*text == '\n')
			fputs("\\n", stream);
		else if (!length)
			fputc('?', stream);
		else if (*text == '"' || *text == '\\')
			fprintf(stream, "\\%c", *text);
		else if (*text == '&')
			fputs("&amp;", stream);
		else
			fwrite(text, length, 1, stream);
		text += length ? length : 1;
	}
}

static void print_attribute(FILE *stream, const char *name, const char *text)
{
	fprintf(stream, "%s=\"", name);
	print_escaped(stream, text);
	fputc('"', stream);
}

static void print_vertex(FILE *stream, const struct graph_vertex *vertex,
			 size_t number)
{
	static const char *const classes[] = {
		[GRAPH_PODS] = "pods",
		[GRAPH_REMOTE] = "remote",
		[GRAPH_OUTSIDE] = "outside",
		[GRAPH_ADDRESS] = "address",
	};
	static const char *const looks[] = {
		[GRAPH_PODS] = "fillcolor=\"#dbe9ff\" color=\"#3b6fb6\"",
		[GRAPH_REMOTE] = "fillcolor=\"#e8e4f7\" color=\"#7a68b3\"",
		[GRAPH_OUTSIDE] = "fillcolor=\"#f1efe9\" color=\"#8a8272\"",
		[GRAPH_ADDRESS] = "fillcolor=\"#fff3f2\" color=\"#c0392b\"",
	};
	size_t length, i;
	FILE *tip;
	char *text;

	tip = xopen_memstream(&text, &length);
	for (i = 0; i < vertex->member_count && i < MEMBERS_SHOWN; i++)
		fprintf(tip, "%s%s", i ? "\n" : "", vertex->members[i]);
	if (i < vertex->member_count)
		fprintf(tip, "\nand %zu more", vertex->member_count - i);
	fclose(tip);
	fprintf(stream, "\t\tv%zu [id=\"v%zu\" class=\"%s\" ", number, number,
		classes[vertex->kind]);
	print_attribute(stream, "label", vertex->label);
	fputc(' ', stream);
	print_attribute(stream, "tooltip", text);
	fprintf(stream, " %s];\n", looks[vertex->kind]);
	free(text);
}

static void print_group(FILE *stream, const struct graph *graph, size_t number)
{
	const struct graph_group *group = &graph->groups[number];
	bool any = false;
	char *title;
	size_t i;

	for (i = 0; i < graph->vertex_count; i++)
		any |= graph->vertices[i].group == number &&
		       graph->vertices[i].shown;
	if (!any)
		return;
	title = xasprintf(group->kind == GRAPH_PODS ? "namespace %s" : "%s",
			  group->name);
	fprintf(stream, "\tsubgraph cluster_%zu {\n\t\t", number);
	print_attribute(stream, "label", title);
	fprintf(stream, ";\n\t\tclass=\"%s\";\n",
		group->kind == GRAPH_PODS ? "namespace" : "beyond");
	for (i = 0; i < graph->vertex_count; i++)
		if (graph->vertices[i].group == number &&
		    graph->vertices[i].shown)
			print_vertex(stream, &graph->vertices[i], i);
	fputs("\t}\n", stream);
	free(title);
}

static void print_origin(FILE *stream, const struct graph *graph,
			 const struct port_segment *segment)
{
	const char *egress =
		graph->maps.texts ? graph->maps.texts[segment->egress] : "";
	const char *ingress =
		graph->maps.texts ? graph->maps.texts[segment->ingress] : "";

	if (!*egress && !*ingress) {
		fputs("no policy objects", stream);
		return;
	}
	fprintf(stream, "%s%s%s%s%s", *egress ? "egress by " : "", egress,
		*egress && *ingress ? ", " : "", *ingress ? "ingress by " : "",
		ingress);
}

static bool same_origin(const struct port_segment *a,
			const struct port_segment *b)
{
	return a->egress == b->egress && a->ingress == b->ingress;
}

/* The ports of a map that one pair of origins decides about, as text. */
static char *ports_of_origin(const struct port_map *map, size_t like,
			     enum port_verdict verdict)
{
	struct port_map only = {};
	char *text;
	size_t i;

	for (i = 0; i < map->count; i++) {
		struct port_segment segment = {
			.first = map->segments[i].first
		};

		segment.verdict = PORT_DENIED;
		if (map->segments[i].verdict == verdict &&
		    same_origin(&map->segments[i], &map->segments[like]))
			segment.verdict = PORT_ACCEPTED;
		port_map_append(&only, &segment);
	}
	text = port_map_text(&only, PORT_ACCEPTED);
	free(only.segments);
	return text;
}

/* What is behind an edge, for a person: a line for each different pair of what
 * decided at both ends, with the ports; cut short after a few.
 */
static char *origins_text(const struct graph *graph, const struct port_map *map,
			  enum port_verdict verdict)
{
	size_t shown = 0, more = 0, length, i, j;
	FILE *stream;
	char *text;

	stream = xopen_memstream(&text, &length);
	for (i = 0; i < map->count; i++) {
		char *ports;

		if (map->segments[i].verdict != verdict)
			continue;
		/* A long map is not searched for what was told before. */
		if (shown == ORIGINS_SHOWN) {
			more++;
			continue;
		}
		for (j = 0; j < i && (map->segments[j].verdict != verdict ||
				      !same_origin(&map->segments[j],
						   &map->segments[i]));
		     j++)
			;
		if (j < i)
			continue;
		ports = ports_of_origin(map, i, verdict);
		fprintf(stream, "%s%s: ", shown++ ? "\n" : "", ports);
		print_origin(stream, graph, &map->segments[i]);
		free(ports);
	}
	if (more)
		fprintf(stream, "\nand more");
	fclose(stream);
	return text;
}

static void print_edge(FILE *stream, const struct graph *graph, size_t number)
{
	const struct graph_edge *edge = &graph->edges[number];
	const struct port_map *map = &graph->maps.list[edge->map];
	bool audited = edge->verdict == PORT_AUDITED;
	char *ports = port_map_text(map, edge->verdict);
	char *origins = origins_text(graph, map, edge->verdict);
	char *tip;

	tip = xasprintf("%s to %s\n%s", graph->vertices[edge->from].label,
			graph->vertices[edge->to].label, origins);
	fprintf(stream, "\tv%zu -> v%zu [id=\"e%zu\" class=\"%s\" ", edge->from,
		edge->to, number, audited ? "audited" : "accepted");
	print_attribute(stream, audited ? "xlabel" : "label", ports);
	fputc(' ', stream);
	print_attribute(stream, "tooltip", tip);
	fputc(' ', stream);
	print_attribute(stream, "labeltooltip", tip);
	if (audited)
		fputs(" color=\"#d9822b\" fontcolor=\"#b5651d\" style=dashed",
		      stream);
	fputs("];\n", stream);
	free(tip);
	free(origins);
	free(ports);
}

static bool same_ends(const struct attempt *a, const struct attempt *b)
{
	return a->from == b->from && a->to == b->to && a->audited == b->audited;
}

/* All attempts between the ends of one are one line. */
static void print_attempt(FILE *stream, const struct attempts *attempts,
			  size_t number)
{
	const struct attempt *first = &attempts->list[number];
	size_t shown = 0, ports = 0, length, i;
	uint64_t packets = 0;
	FILE *tip;
	char *text, *label, *port;

	tip = xopen_memstream(&text, &length);
	for (i = number; i < attempts->count; i++) {
		const struct attempt *attempt = &attempts->list[i];

		if (!same_ends(first, attempt))
			continue;
		packets += attempt->packets;
		ports += attempt->port != first->port ||
			 attempt->protocol != first->protocol;
		if (shown++ >= ORIGINS_SHOWN)
			continue;
		port = attempt_port_text(attempt);
		fprintf(tip, "%s%s to %s, %s: %" PRIu64 " packets%s%s",
			shown > 1 ? "\n" : "", attempt->client, attempt->server,
			port, attempt->packets, attempt->origin ? ", by " : "",
			attempt->origin ? attempt->origin : "");
		free(port);
	}
	if (shown > ORIGINS_SHOWN)
		fprintf(tip, "\nand %zu more", shown - ORIGINS_SHOWN);
	fclose(tip);
	port = attempt_port_text(first);
	label = xasprintf("%s%s\n%" PRIu64 " %s", port,
			  ports ? " and more" : "", packets,
			  first->audited ? "audited" : "denied");
	fprintf(stream, "\tv%zu -> v%zu [id=\"d%zu\" class=\"%s\" ",
		first->from, first->to, number,
		first->audited ? "attempt-audited" : "attempt-denied");
	print_attribute(stream, "label", label);
	fputc(' ', stream);
	print_attribute(stream, "tooltip", text);
	fputc(' ', stream);
	print_attribute(stream, "labeltooltip", text);
	fprintf(stream,
		" color=\"%s\" fontcolor=\"%s\" style=dashed penwidth=2 constraint=false];\n",
		first->audited ? "#e67e22" : "#d62718",
		first->audited ? "#b5651d" : "#b0200f");
	free(port);
	free(label);
	free(text);
}

static bool is_first(const struct attempts *attempts, size_t number)
{
	size_t i;

	for (i = 0; i < number; i++)
		if (same_ends(&attempts->list[i], &attempts->list[number]))
			return false;
	return true;
}

size_t picture_size(const struct graph *graph, const struct attempts *attempts)
{
	size_t size = graph->edge_count, i;

	for (i = 0; i < graph->vertex_count; i++)
		size += graph->vertices[i].shown;
	for (i = 0; i < attempts->count; i++)
		size += is_first(attempts, i);
	return size;
}

void picture_print(const struct graph *graph, const struct attempts *attempts,
		   FILE *stream)
{
	size_t i;

	fputs("digraph podwall {\n", stream);
	fputs("\tgraph [rankdir=LR ranksep=1.1 nodesep=0.35 pad=0.3 forcelabels=true];\n",
	      stream);
	fputs("\tgraph [fontname=\"Helvetica\" fontsize=12 fontcolor=\"#4a5a70\" bgcolor=\"white\"];\n",
	      stream);
	fputs("\tgraph [style=\"rounded,filled\" color=\"#c9d3e0\" fillcolor=\"#f6f9fd\"];\n",
	      stream);
	fputs("\tnode [shape=box style=\"rounded,filled\" margin=\"0.18,0.09\"];\n",
	      stream);
	fputs("\tnode [fontname=\"Helvetica\" fontsize=12 fontcolor=\"#16202e\"];\n",
	      stream);
	fputs("\tedge [fontname=\"Helvetica\" fontsize=10 color=\"#5c6b7f\" fontcolor=\"#3d4a5c\" arrowsize=0.7];\n",
	      stream);
	for (i = 0; i < graph->group_count; i++)
		print_group(stream, graph, i);
	for (i = 0; i < graph->edge_count; i++)
		print_edge(stream, graph, i);
	for (i = 0; i < attempts->count; i++)
		if (is_first(attempts, i))
			print_attempt(stream, attempts, i);
	fputs("}\n", stream);
}
