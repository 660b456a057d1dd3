/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What attributes hold: few values, so that messages meet, and the edges of what
 * is allowed.
 */
#ifndef NETLINK_FUZZ_VALUES_H
#define NETLINK_FUZZ_VALUES_H

#include "generator/chance.h"
#include "encode.h"
#include "program.h"

/* How many ids, names and the like there are. */
#define OBJECTS 3

/**
 * struct network - a block of addresses
 * @family: bytes of an address
 * @base: first address
 * @length: of the prefix
 */
struct network {
	enum grammar_address family;
	uint8_t base[ADDRESS_IPV6];
	uint8_t length;
};

/* One of a few, inside another one if that is given and has any. */
const struct network *value_network(struct chance *chance,
				    enum grammar_address family,
				    const struct network *outer);

void value_set_address(struct arena *arena, struct attribute *attribute,
		       const uint8_t *address);

/* Let an attribute hold what its definition asks for. */
void value_set(struct arena *arena, struct chance *chance,
	       struct attribute *attribute);

/* Let it hold something at an edge of its definition, or beyond. */
void value_set_edge(struct arena *arena, struct chance *chance,
		    struct attribute *attribute);

uint64_t chance_number(struct chance *chance);

#endif
