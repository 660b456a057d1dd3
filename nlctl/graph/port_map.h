/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is answered for each protocol and port, as intervals.
 */
#ifndef NLCTL_GRAPH_PORT_MAP_H
#define NLCTL_GRAPH_PORT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * DOC: Intervals of ports
 *
 * Protocol and port are one number, protocol * 65536 + port, so that all
 * questions a rule set can be asked about one peer lie on one line from 0 to
 * PORT_MAP_END. A map cuts that line into segments; each says where it begins
 * and what holds up to the next one. Rules that accept TCP 80 and deny the rest
 * give
 *
 *	0x000000 denied, 0x060050 accepted, 0x060051 denied
 *
 * Neighbours differ, so equal maps have equal bytes. A map is kept once and
 * known by its number: of a thousand pods most have the same few.
 */

#define PORT_MAP_END 0x1000000u

/* From the worst to the best. */
enum port_verdict {
	PORT_DENIED,
	PORT_AUDITED, /* passes, and would be denied but for audit mode */
	PORT_ACCEPTED,
};

/**
 * struct port_segment - what holds from here to the next segment
 * @first: protocol * 65536 + port in host byte order
 * @verdict: an enum port_verdict
 * @egress: number of the text that says what decided at the client; 0 when
 *	nothing did
 * @ingress: likewise at the server
 */
struct port_segment {
	uint32_t first;
	uint32_t verdict;
	uint32_t egress;
	uint32_t ingress;
};

/**
 * struct port_map - the whole line, cut into segments
 * @segments: ascending; the first begins at 0
 * @count: length of @segments, 1 at least
 */
struct port_map {
	struct port_segment *segments;
	size_t count;
};

/* Append a segment, or let the last one go on when it says the same. */
void port_map_append(struct port_map *map, const struct port_segment *segment);

/* Where segment @i ends, inclusive. */
uint32_t port_map_last(const struct port_map *map, size_t i);

/* The segment that answers for a protocol and port. */
const struct port_segment *port_map_find(const struct port_map *map,
					 uint8_t protocol, uint16_t port);

/* Whether any protocol and port has this verdict. */
bool port_map_has(const struct port_map *map, enum port_verdict verdict);

/**
 * port_map_text() - the ports with a verdict, for a person
 * @map: the map
 * @verdict: the verdict
 *
 * Return: a text as "80,443/tcp, 53/udp", "all traffic" or "all but 22/tcp", cut
 * short after a few; the caller frees it.
 */
char *port_map_text(const struct port_map *map, enum port_verdict verdict);

/**
 * struct port_maps - maps, each once; start with zeroes
 * @list: the maps by number
 * @count: length of @list
 * @by_content: finds a map that is there already
 * @by_pair: finds the answer to a question that was asked before
 * @texts: texts by number; 0 stands for none
 * @text_count: length of @texts
 * @by_text: finds a text that is there already
 */
struct port_maps {
	struct port_map *list;
	size_t count;
	struct port_map_entry *by_content;
	struct port_pair_entry *by_pair;
	char **texts;
	size_t text_count;
	struct port_text_entry *by_text;
};

/* The number of a text, which is copied; NULL and "" have 0. */
uint32_t port_maps_text(struct port_maps *maps, const char *text);

/**
 * port_maps_put() - give a map a number
 * @maps: where it is kept
 * @map: the map, which is taken over and empty afterwards
 *
 * Return: the number of the map; that of an equal one, if there is any.
 */
uint32_t port_maps_put(struct port_maps *maps, struct port_map *map);

/* The number of the map that says the same everywhere. */
uint32_t port_maps_everywhere(struct port_maps *maps, enum port_verdict verdict,
			      uint32_t egress, uint32_t ingress);

/**
 * port_maps_both() - what passes both ends
 * @maps: where the maps are kept
 * @egress: number of the client's map
 * @ingress: number of the server's map
 *
 * Return: the number of the map with the worse verdict of both everywhere.
 */
uint32_t port_maps_both(struct port_maps *maps, uint32_t egress,
			uint32_t ingress);

/**
 * port_maps_worse() - what passes for both of two pairs of addresses
 * @maps: where the maps are kept
 * @a: number of a map
 * @b: number of a map
 *
 * Return: the number of the map that has the worse of both segments everywhere.
 */
uint32_t port_maps_worse(struct port_maps *maps, uint32_t a, uint32_t b);

/**
 * port_maps_enforced() - what of a map is in force
 * @maps: where the maps are kept
 * @all: number of the map of all rules
 * @enforced: number of the map without what policies in audit mode deny
 *
 * Return: the number of the map that has @all where that accepts, what is
 * denied by @all alone as audited, and @enforced elsewhere.
 */
uint32_t port_maps_enforced(struct port_maps *maps, uint32_t all,
			    uint32_t enforced);

/* The number of the map with everything denied turned to audited. */
uint32_t port_maps_audited(struct port_maps *maps, uint32_t map);

/* Free what the structure owns and zero it; the structure itself stays. */
void port_maps_clear(struct port_maps *maps);

#endif
