// SPDX-License-Identifier: GPL-2.0-only
#include "values.h"

#include <arpa/inet.h>
#include <string.h>

/* One lies in the other, so that blocks have exceptions and regions. */
static const struct network networks[] = {
	{ 4, { 0 }, 0 },
	{ 4, { 0 }, 1 },
	{ 4, { 128 }, 1 },
	{ 4, { 10 }, 8 },
	{ 4, { 10, 0 }, 16 },
	{ 4, { 10, 1 }, 16 },
	{ 4, { 10, 0, 0 }, 24 },
	{ 4, { 10, 0, 1 }, 24 },
	{ 4, { 10, 0, 0, 4 }, 30 },
	{ 4, { 10, 0, 0, 1 }, 32 },
	{ 4, { 10, 0, 0, 2 }, 32 },
	{ 4, { 10, 1, 0, 1 }, 32 },
	{ 4, { 255, 255, 255, 255 }, 32 },
	{ 16, { 0 }, 0 },
	{ 16, { 0xfd }, 8 },
	{ 16, { 0xfd }, 16 },
	{ 16, { 0xfd, 0, 0, 1 }, 32 },
	{ 16, { 0xfd }, 64 },
	{ 16, { 0xfd, 0, 0, 1 }, 64 },
	{ 16, { 0xfd, [15] = 1 }, 128 },
	{ 16, { 0xfd, [15] = 2 }, 128 },
	{ 16, { 0x20, 1, 0x0d, 0xb8 }, 127 },
};

static const uint8_t addresses4[][ADDRESS_IPV4] = {
	{ 10, 0, 0, 1 }, { 10, 0, 0, 2 },	 { 10, 0, 0, 5 },
	{ 10, 1, 0, 1 }, { 192, 0, 2, 1 },	 { 127, 0, 0, 1 },
	{ 0 },		 { 255, 255, 255, 255 },
};

static const uint8_t addresses6[][ADDRESS_IPV6] = {
	{ 0xfd, [15] = 1 },
	{ 0xfd, [15] = 2 },
	{ 0xfd, 0, 0, 1, [15] = 1 },
	{ 0x20, 1, 0x0d, 0xb8, [15] = 1 },
	{ 0xfe, 0x80, [15] = 1 },
	{ [15] = 1 },
	{ 0 },
	{ [10] = 0xff, 0xff, 10, 0, 0, 1 },
};

static const char *const texts[] = {
	"a", "b", "c", "ns/a", "ns/b", "ns/c", "NetworkPolicy default/x",
};

/* What comes instead of small numbers, where nothing is known. */
static const uint64_t odd_numbers[] = {
	0,	    1,		2,	    16,		17,	    30,
	31,	    32,		33,	    64,		128,	    255,
	256,	    511,	512,	    513,	1023,	    1024,
	1025,	    4096,	65535,	    65536,	1000000,    1048576,
	16777216,   INT32_MAX,	1ull << 31, UINT32_MAX, 1ull << 32, INT64_MAX,
	1ull << 63, UINT64_MAX,
};

static const uint64_t protocols[] = { 6,   17, 132, 6,	 17, 132, 6,  17,
				      132, 6,  17,  132, 6,  1,	  136 };
static const uint64_t ports[] = { 0, 1, 53, 80, 81, 443, 8080, 65534, 65535 };

uint64_t chance_number(struct chance *chance)
{
	return (uint64_t)chance_below(chance, 1u << 31) << 33 ^
	       (uint64_t)chance_below(chance, 1u << 31) << 11 ^
	       chance_below(chance, 1u << 31);
}

static bool is_within(const struct network *inner, const struct network *outer)
{
	unsigned int bit;

	if (inner->family != outer->family || inner->length <= outer->length)
		return false;
	for (bit = 0; bit < outer->length; bit++)
		if ((inner->base[bit / 8] ^ outer->base[bit / 8]) &
		    0x80 >> bit % 8)
			return false;
	return true;
}

const struct network *value_network(struct chance *chance,
				    enum grammar_address family,
				    const struct network *outer)
{
	const struct network *network;
	int tries = outer || !chance_one_in(chance, 6) ? 40 : 0;

	do {
		network = &chance_of(chance, networks);
		tries--;
	} while (network->family != family ||
		 (!outer && tries > 0 && network->length > 16) ||
		 (outer && tries > 0 && !is_within(network, outer)));
	return network;
}

void value_set_address(struct arena *arena, struct attribute *attribute,
		       const uint8_t *address)
{
	enum grammar_address family = attribute->definition->address;
	uint32_t number;

	if (family == ADDRESS_IPV4) {
		memcpy(&number, address, sizeof(number));
		attribute->form = FORM_NUMBER;
		attribute->number = ntohl(number);
		return;
	}
	attribute->form = FORM_BYTES;
	attribute->bytes = arena_copy(arena, address, family);
	attribute->size = family;
}

static void set_text(struct arena *arena, struct attribute *attribute,
		     const char *text)
{
	attribute->form = FORM_BYTES;
	attribute->size = strlen(text) + 1;
	attribute->bytes = arena_copy(arena, text, attribute->size);
}

/* One that is not too long. */
static const char *any_text(struct chance *chance,
			    const struct grammar_attribute *definition)
{
	const char *text;

	do {
		text = chance_of(chance, texts);
	} while (definition->most && strlen(text) > definition->most);
	return text;
}

static void set_number(struct attribute *attribute, uint64_t number)
{
	attribute->form = FORM_NUMBER;
	attribute->number = number;
}

/* A direction's rule sets have ids of their own, so that pods find them. */
static uint64_t small_number(struct chance *chance, const char *name)
{
	uint64_t number = 1 + chance_below(chance, OBJECTS);

	if (!strncmp(name, "ingress", 7) && !chance_one_in(chance, 20))
		number = 1 + 2 * chance_below(chance, (OBJECTS + 1) / 2);
	else if (!strncmp(name, "egress", 6) && !chance_one_in(chance, 20))
		number = 2 + 2 * chance_below(chance, OBJECTS / 2);
	return number;
}

static uint64_t likely_number(struct chance *chance,
			      const struct grammar_attribute *definition)
{
	unsigned int width = grammar_width(definition->type);

	if (definition->entry_count)
		return definition
			->entries[chance_below(chance, definition->entry_count)]
			.value;
	if (grammar_ends(definition->name, "protocol"))
		return chance_of(chance, protocols);
	if (width == 2)
		return chance_of(chance, ports);
	if (definition->least)
		return small_number(chance, definition->name);
	if (definition->most)
		return chance_below(chance, 4);
	/* Amounts, cookies: most are large enough. */
	return chance_one_in(chance, 3) ? chance_of(chance, odd_numbers) :
					  1000000 + chance_below(chance, 8);
}

void value_set(struct arena *arena, struct chance *chance,
	       struct attribute *attribute)
{
	const struct grammar_attribute *definition = attribute->definition;

	if (now_knows(definition)) {
		attribute->form = FORM_NOW;
		attribute->number = 0;
		if (chance_one_in(chance, 12))
			attribute->number =
				chance_one_in(chance, 2) ? 1 : UINT64_MAX;
		return;
	}
	if (definition->address == ADDRESS_IPV4)
		value_set_address(arena, attribute,
				  chance_of(chance, addresses4));
	else if (definition->address == ADDRESS_IPV6)
		value_set_address(arena, attribute,
				  chance_of(chance, addresses6));
	else if (grammar_width(definition->type))
		set_number(attribute, likely_number(chance, definition));
	else if (definition->type == TYPE_STRING)
		set_text(arena, attribute, any_text(chance, definition));
}

static uint64_t edge_number(struct chance *chance,
			    const struct grammar_attribute *definition)
{
	switch (chance_below(chance, 7)) {
	case 0:
		return definition->least;
	case 1:
		return definition->least - 1;
	case 2:
		return definition->most;
	case 3:
		return definition->most + 1;
	case 4:
		return chance_number(chance);
	default:
		return chance_of(chance, odd_numbers);
	}
}

/* A text as long as it may be, or not; with a NUL, or without. */
static void set_edge_text(struct arena *arena, struct chance *chance,
			  struct attribute *attribute)
{
	/* Of a text without a limit, any length is one. */
	const size_t most =
		attribute->definition->most ? attribute->definition->most : 64;
	const size_t lengths[] = { 0,	     1,	       most - 1, most,
				   most + 1, most + 2, 5000 };
	size_t length = chance_of(chance, lengths);
	static const char bytes[] = "a\n\t\x7f\x80\xff\x01/\"%";
	char byte = 'a';

	if (chance_one_in(chance, 3))
		byte = bytes[chance_below(chance, sizeof(bytes))];
	attribute->form = FORM_BYTES;
	attribute->size = length + 1;
	attribute->bytes = arena_alloc(arena, length + 1);
	memset(attribute->bytes, byte, length);
	if (length && chance_one_in(chance, 4))
		attribute->bytes[chance_below(chance, length)] = '\0';
	if (chance_one_in(chance, 4))
		attribute->size = length;
}

static void set_edge_bytes(struct arena *arena, struct chance *chance,
			   struct attribute *attribute)
{
	static const size_t sizes[] = { 0, 1,  2,  3,  4,  5,	7,
					8, 12, 15, 16, 17, 512, 4096 };
	size_t i, size = chance_of(chance, sizes);

	attribute->form = FORM_BYTES;
	attribute->size = size;
	attribute->bytes = arena_alloc(arena, size);
	for (i = 0; i < size && i < 64; i++)
		attribute->bytes[i] = chance_below(chance, 256);
}

void value_set_edge(struct arena *arena, struct chance *chance,
		    struct attribute *attribute)
{
	const struct grammar_attribute *definition = attribute->definition;

	if (!definition || chance_one_in(chance, 8))
		set_edge_bytes(arena, chance, attribute);
	else if (grammar_width(definition->type))
		set_number(attribute, edge_number(chance, definition));
	else if (definition->type == TYPE_STRING)
		set_edge_text(arena, chance, attribute);
	else if (definition->type != TYPE_NEST)
		set_edge_bytes(arena, chance, attribute);
}
