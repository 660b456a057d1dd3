// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maps of ports: what they say in words, and how they are combined.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "graph/port_map.h"
#include "graph/port_text.h"
#include "policy/memory.h"

struct text_row {
	const char *name;
	const char *segments; /* "FIRST VERDICT" in hex and one letter */
	const char *accepted;
};

static const struct text_row text_rows[] = {
	{ "nothing", "0 d", "nothing" },
	{ "everything", "0 a", "all traffic" },
	{ "one port", "0 d, 060050 a, 060051 d", "80/tcp" },
	{ "two ports of a protocol",
	  "0 d, 060050 a, 060051 d, 0601bb a, 0601bc d", "80,443/tcp" },
	{ "a range", "0 d, 060050 a, 060064 d", "80-99/tcp" },
	{ "two protocols", "0 d, 060050 a, 060051 d, 110035 a, 110036 d",
	  "80/tcp, 53/udp" },
	{ "a whole protocol", "0 d, 060000 a, 070000 d", "tcp" },
	{ "the first port", "0 d, 060000 a, 060001 d", "0/tcp" },
	{ "the last port", "0 d, 06ffff a, 070000 d", "65535/tcp" },
	{ "a protocol without a name", "0 d, 2f0000 a, 300000 d",
	  "protocol 47" },
	{ "several whole protocols", "0 d, 110000 a, 130000 d",
	  "protocols 17-18" },
	{ "from one protocol into the next", "0 d, 06fffe a, 070001 d",
	  "65534-65535/tcp, 0/protocol 7" },
	{ "across whole protocols", "0 d, 06fffe a, 080001 d",
	  "65534-65535/tcp, protocol 7, 0/protocol 8" },
	{ "all but one port", "0 a, 060016 d, 060017 a", "all but 22/tcp" },
	{ "all but a protocol", "0 a, 110000 d, 120000 a", "all but udp" },
	{ "more than fit",
	  "0 d, 060001 a, 060002 d, 060003 a, 060004 d, 060005 a, 060006 d, "
	  "060007 a, 060008 d, 060009 a, 06000a d, 06000b a, 06000c d, "
	  "06000d a, 06000e d",
	  "1,3,5,7,9/tcp and 2 more" },
	{ "audited ports are others", "0 d, 060050 a, 060051 u, 060052 d",
	  "80/tcp" },
};

static void read_map(const char *text, struct port_map *map)
{
	char *copy = xstrdup(text), *rest = copy, *word;

	while ((word = strsep(&rest, ","))) {
		struct port_segment segment = {};
		char letter;

		assert_int_equal(sscanf(word, "%x %c", &segment.first, &letter),
				 2);
		segment.verdict = letter == 'a' ? PORT_ACCEPTED :
				  letter == 'u' ? PORT_AUDITED :
						  PORT_DENIED;
		port_map_append(map, &segment);
	}
	free(copy);
}

static void test_text(void **state)
{
	const struct text_row *row = *state;
	struct port_map map = {};
	char *text;

	read_map(row->segments, &map);
	text = port_map_text(&map, PORT_ACCEPTED);
	assert_string_equal(text, row->accepted);
	free(text);
	free(map.segments);
}

/* What has the same content has one number, and combining is pointwise. */
static void test_maps(void **state)
{
	struct port_maps maps = {};
	struct port_map map = {};
	uint32_t a, b, both;

	(void)state;
	assert_int_equal(port_maps_text(&maps, ""), 0);
	assert_int_equal(port_maps_text(&maps, NULL), 0);
	assert_int_equal(port_maps_text(&maps, "x"), 1);
	assert_int_equal(port_maps_text(&maps, "y"), 2);
	assert_int_equal(port_maps_text(&maps, "x"), 1);
	read_map("0 d, 060050 a, 060060 d", &map);
	a = port_maps_put(&maps, &map);
	read_map("0 a, 060055 u, 060058 d", &map);
	b = port_maps_put(&maps, &map);
	read_map("0 d, 060050 a, 060060 d", &map);
	assert_int_equal(port_maps_put(&maps, &map), a);
	read_map("0 d, 060050 a, 060055 u, 060058 d", &map);
	both = port_maps_both(&maps, a, b);
	assert_int_equal(port_maps_put(&maps, &map), both);
	assert_int_equal(port_maps_worse(&maps, a, b), both);
	assert_int_equal(port_maps_both(&maps, a, b), both);
	read_map("0 u, 060050 a, 060058 a, 060060 d", &map);
	assert_int_equal(port_maps_enforced(&maps, a, b),
			 port_maps_put(&maps, &map));
	port_maps_clear(&maps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maps),
	};
	int failed = 0;

	failed += table_tests("texts of ports", text_rows, COUNT(text_rows),
			      sizeof(*text_rows), test_text);
	failed += cmocka_run_group_tests(tests, NULL, NULL);
	return failed;
}
