/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Intervals of protocols and ports as people write them.
 */
#ifndef NLCTL_GRAPH_PORT_TEXT_H
#define NLCTL_GRAPH_PORT_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct port_map;

/**
 * struct port_piece - ports of one protocol, or whole protocols
 * @protocol: the protocol, or the first of several
 * @last_protocol: the last of several, inclusive
 * @first: first port, host byte order; 0 for whole protocols
 * @last: last port, inclusive; 65535 for whole protocols
 */
struct port_piece {
	unsigned int protocol;
	unsigned int last_protocol;
	unsigned int first;
	unsigned int last;
};

/**
 * port_pieces() - the ports with certain verdicts
 * @map: the map
 * @verdicts: bits 1 << verdict
 * @count: receives the number of pieces
 *
 * Return: the pieces, ascending, which the caller frees.
 */
struct port_piece *port_pieces(const struct port_map *map,
			       unsigned int verdicts, size_t *count);

/* Append an interval of protocol * 65536 + port, cut into pieces. */
void port_pieces_cut(struct port_piece **pieces, size_t *count, uint32_t first,
		     uint32_t last);

/* The name of a protocol that has one here, or NULL. */
const char *port_protocol_name(unsigned int protocol);

#endif
