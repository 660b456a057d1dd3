// SPDX-License-Identifier: GPL-2.0-only
#include "graph/port_text.h"

#include <stdlib.h>
#include <netinet/in.h>

#include "graph/port_map.h"
#include "policy/memory.h"

/* Pieces that a text names; the rest is counted. */
#define PIECES_SHOWN 6

struct port_piece *port_pieces(const struct port_map *map,
			       unsigned int verdicts, size_t *count)
{
	struct port_piece *pieces = NULL;
	size_t i = 0;

	*count = 0;
	while (i < map->count) {
		uint32_t first, last;

		if (!(verdicts & 1u << map->segments[i].verdict)) {
			i++;
			continue;
		}
		first = map->segments[i].first;
		while (i + 1 < map->count &&
		       verdicts & 1u << map->segments[i + 1].verdict)
			i++;
		last = port_map_last(map, i++);
		port_pieces_cut(&pieces, count, first, last);
	}
	return pieces;
}

/* At most three: the end of a protocol, whole protocols, the start of one. */
void port_pieces_cut(struct port_piece **pieces, size_t *count, uint32_t first,
		     uint32_t last)
{
	while (first <= last) {
		struct port_piece *piece = array_add(*pieces, *count);
		uint32_t end;

		piece->protocol = first >> 16;
		piece->last_protocol = piece->protocol;
		piece->first = first & 0xffff;
		if (!piece->first && last - first >= 0xffff) {
			/* Up to the last protocol that is whole. */
			end = ((last + 1) & ~0xffffu) - 1;
			piece->last_protocol = end >> 16;
			piece->last = 0xffff;
		} else {
			end = first | 0xffff;
			end = last < end ? last : end;
			piece->last = end & 0xffff;
		}
		first = end + 1;
	}
}

const char *port_protocol_name(unsigned int protocol)
{
	switch (protocol) {
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMPV6:
		return "icmpv6";
	case IPPROTO_SCTP:
		return "sctp";
	default:
		return NULL;
	}
}

static void print_protocol(FILE *stream, unsigned int protocol)
{
	const char *name = port_protocol_name(protocol);

	if (name)
		fputs(name, stream);
	else
		fprintf(stream, "protocol %u", protocol);
}

static bool is_whole(const struct port_piece *piece)
{
	return !piece->first && piece->last == 0xffff;
}

static void print_piece(FILE *stream, const struct port_piece *piece)
{
	if (piece->protocol != piece->last_protocol)
		fprintf(stream, "protocols %u-%u", piece->protocol,
			piece->last_protocol);
	else if (is_whole(piece))
		print_protocol(stream, piece->protocol);
	else if (piece->first == piece->last)
		fprintf(stream, "%u", piece->first);
	else
		fprintf(stream, "%u-%u", piece->first, piece->last);
}

static void print_pieces(FILE *stream, const struct port_piece *pieces,
			 size_t count)
{
	size_t shown = count > PIECES_SHOWN ? PIECES_SHOWN - 1 : count;
	size_t i;

	for (i = 0; i < shown; i++) {
		const struct port_piece *piece = &pieces[i];
		bool goes_on = i + 1 < shown && !is_whole(piece) &&
			       !is_whole(&pieces[i + 1]) &&
			       pieces[i + 1].protocol == piece->protocol;

		print_piece(stream, piece);
		if (!is_whole(piece) && !goes_on) {
			fputc('/', stream);
			print_protocol(stream, piece->protocol);
		}
		if (i + 1 < shown)
			fputs(goes_on ? "," : ", ", stream);
	}
	if (shown < count)
		fprintf(stream, " and %zu more", count - shown);
}

char *port_map_text(const struct port_map *map, enum port_verdict verdict)
{
	size_t count, rest_count, length;
	struct port_piece *pieces, *rest;
	FILE *stream;
	char *text;

	pieces = port_pieces(map, 1u << verdict, &count);
	rest = port_pieces(map, ~(1u << verdict), &rest_count);
	stream = xopen_memstream(&text, &length);
	if (!count) {
		fputs("nothing", stream);
	} else if (!rest_count) {
		fputs("all traffic", stream);
	} else if (rest_count < count) {
		fputs("all but ", stream);
		print_pieces(stream, rest, rest_count);
	} else {
		print_pieces(stream, pieces, count);
	}
	fclose(stream);
	free(rest);
	free(pieces);
	return text;
}
