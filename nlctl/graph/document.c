// SPDX-License-Identifier: GPL-2.0-only
#include "graph/document.h"

#include <stdlib.h>

#include "graph/port_text.h"
#include "names.h"
#include "output.h"
#include "policy/memory.h"

/* Members and ports that a document lists; it says how many more there are. */
#define MEMBERS_LISTED 1000
#define PORTS_LISTED 256

static const char *const kind_names[] = {
	[GRAPH_PODS] = "pods",
	[GRAPH_REMOTE] = "remote",
	[GRAPH_OUTSIDE] = "outside",
	[GRAPH_ADDRESS] = "address",
};

static const char *const verdict_names[] = {
	[PORT_DENIED] = "deny",
	[PORT_AUDITED] = "audit",
	[PORT_ACCEPTED] = "accept",
};

static json_t *vertex_json(const struct graph *graph, size_t number)
{
	const struct graph_vertex *vertex = &graph->vertices[number];
	json_t *members = json_array();
	size_t i;

	for (i = 0; i < vertex->member_count && i < MEMBERS_LISTED; i++)
		json_array_append_new(members, json_text(vertex->members[i]));
	return json_pack("{s:I, s:s, s:o, s:o, s:I, s:o, s:I}", "id",
			 (json_int_t)number, "kind", kind_names[vertex->kind],
			 "group", json_text(graph->groups[vertex->group].name),
			 "label", json_text(vertex->label), "count",
			 (json_int_t)vertex->member_count, "members", members,
			 "members_left_out",
			 (json_int_t)(vertex->member_count - i));
}

static json_t *origin_json(const struct graph *graph, uint32_t number)
{
	return number ? json_text(graph->maps.texts[number]) : json_null();
}

static json_t *piece_json(const struct graph *graph,
			  const struct port_segment *segment,
			  const struct port_piece *piece)
{
	return json_pack("{s:[i,i], s:[i,i], s:s, s:o, s:o}", "protocols",
			 (int)piece->protocol, (int)piece->last_protocol,
			 "ports", (int)piece->first, (int)piece->last,
			 "verdict", verdict_names[segment->verdict], "egress",
			 origin_json(graph, segment->egress), "ingress",
			 origin_json(graph, segment->ingress));
}

/* The ports of a map that have one of some verdicts, and how many more there are
 * than are listed.
 */
static json_t *ports_json(const struct graph *graph, const struct port_map *map,
			  unsigned int verdicts, size_t *left_out)
{
	json_t *list = json_array();
	size_t i, j;

	*left_out = 0;
	for (i = 0; i < map->count; i++) {
		const struct port_segment *segment = &map->segments[i];
		struct port_piece *pieces = NULL;
		size_t count = 0;

		if (!(verdicts & 1u << segment->verdict))
			continue;
		port_pieces_cut(&pieces, &count, segment->first,
				port_map_last(map, i));
		for (j = 0; j < count; j++)
			if (json_array_size(list) < PORTS_LISTED)
				json_array_append_new(list,
						      piece_json(graph, segment,
								 &pieces[j]));
			else
				++*left_out;
		free(pieces);
	}
	return list;
}

static json_t *text_json(char *text)
{
	json_t *value = json_text(text);

	free(text);
	return value;
}

static json_t *edge_json(const struct graph *graph, size_t number)
{
	const struct graph_edge *edge = &graph->edges[number];
	const struct port_map *map = &graph->maps.list[edge->map];
	size_t left_out;
	json_t *ports = ports_json(graph, map, 1u << edge->verdict, &left_out);

	return json_pack("{s:I, s:I, s:I, s:s, s:o, s:o, s:I}", "id",
			 (json_int_t)number, "from", (json_int_t)edge->from,
			 "to", (json_int_t)edge->to, "verdict",
			 verdict_names[edge->verdict], "label",
			 text_json(port_map_text(map, edge->verdict)), "ports",
			 ports, "ports_left_out", (json_int_t)left_out);
}

static json_t *attempt_json(const struct attempt *attempt)
{
	return json_pack("{s:I, s:I, s:o, s:o, s:i, s:i, s:o, s:b, s:I, s:s, s:o}",
			 "from", (json_int_t)attempt->from, "to",
			 (json_int_t)attempt->to, "client",
			 json_text(attempt->client), "server",
			 json_text(attempt->server), "protocol",
			 (int)attempt->protocol, "port", (int)attempt->port,
			 "label", text_json(attempt_port_text(attempt)),
			 "audited", attempt->audited, "packets",
			 (json_int_t)attempt->packets, "reason",
			 name_of(ENUMERATION_REASON, attempt->reason), "origin",
			 json_text(attempt->origin));
}

json_t *document_json(const struct graph *graph,
		      const struct attempts *attempts, bool with_edges)
{
	json_t *vertices = json_array();
	json_t *edges = json_array();
	json_t *denied = json_array();
	size_t i;

	for (i = 0; i < graph->vertex_count; i++)
		if (graph->vertices[i].shown)
			json_array_append_new(vertices, vertex_json(graph, i));
	for (i = 0; with_edges && i < graph->edge_count; i++)
		json_array_append_new(edges, edge_json(graph, i));
	for (i = 0; i < attempts->count; i++)
		json_array_append_new(denied, attempt_json(&attempts->list[i]));
	return json_pack("{s:o, s:o, s:o, s:I}", "vertices", vertices, "edges",
			 edges, "attempts", denied, "attempts_left_out",
			 (json_int_t)attempts->left_out);
}

/* One answer as texts: what passes, what is audited, and who decides. */
static json_t *answer_json(const struct graph *graph,
			   const struct port_map *map)
{
	bool accepts = port_map_has(map, PORT_ACCEPTED);
	bool audits = port_map_has(map, PORT_AUDITED);
	const unsigned int all = 1u << PORT_DENIED | 1u << PORT_AUDITED |
				 1u << PORT_ACCEPTED;
	size_t left_out;
	json_t *ports = ports_json(graph, map, all, &left_out);

	return json_pack("{s:o, s:o, s:o, s:I}", "accept",
			 accepts ?
				 text_json(port_map_text(map, PORT_ACCEPTED)) :
				 json_null(),
			 "audit",
			 audits ? text_json(port_map_text(map, PORT_AUDITED)) :
				  json_null(),
			 "ports", ports, "ports_left_out",
			 (json_int_t)left_out);
}

void document_add_cells(const struct graph *graph, json_t *document)
{
	size_t *number_of = xcalloc(graph->maps.count + 1, sizeof(*number_of));
	json_t *answers = json_array();
	json_t *cells = json_array();
	size_t from, to;

	for (from = 0; from < graph->cell_count; from++) {
		json_t *row = json_array();

		if (!graph->vertices[from].shown) {
			json_array_append_new(cells, json_null());
			json_decref(row);
			continue;
		}
		for (to = 0; to < graph->cell_count; to++) {
			uint32_t map =
				graph->cells[from * graph->cell_count + to];

			if (!graph->vertices[to].shown) {
				json_array_append_new(row, json_null());
				continue;
			}
			if (!number_of[map]) {
				json_array_append_new(
					answers,
					answer_json(graph,
						    &graph->maps.list[map]));
				number_of[map] = json_array_size(answers);
			}
			json_array_append_new(row,
					      json_integer((json_int_t)
								   number_of[map] -
							   1));
		}
		json_array_append_new(cells, row);
	}
	free(number_of);
	json_object_set_new(document, "edge_count",
			    json_number(graph->edge_count));
	json_object_set_new(document, "answers", answers);
	json_object_set_new(document, "cells", cells);
}
