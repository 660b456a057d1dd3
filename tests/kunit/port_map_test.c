// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "array.h"
#include "draft.h"
#include "port_case.h"
#include "port_map.h"
#include "port_sets.h"

#define TCP(first, last)	{ IPPROTO_TCP, first, last }
#define UDP(first, last)	{ IPPROTO_UDP, first, last }
#define SCTP(first, last)	{ IPPROTO_SCTP, first, last }
#define FRAGMENT		 -1
#define ROOT			PODWALL_PORT_ROOT_PORTS
#define NONE			PODWALL_PORT_CLASS_UNNAMED

/* The classes of ports that some rule names, in order. */
#define NAMED(index)		(PODWALL_PORT_CLASS_UNNAMED + 1 + (index))

static const struct class_case {
	const char *desc;
	struct podwall_port_range ranges[5];
	struct {
		u8 protocol;
		int port;
		u32 class;
	} expected[11];
	u32 named;
	u32 divided;
} class_cases[] = {
	{ "no ranges", {},
	  { { IPPROTO_TCP, 0, NONE }, { IPPROTO_TCP, 65535, NONE },
	    { IPPROTO_UDP, 0, NONE }, { IPPROTO_SCTP, 65535, NONE },
	    { IPPROTO_TCP, FRAGMENT, 0 }, { IPPROTO_UDP, FRAGMENT, 1 },
	    { IPPROTO_SCTP, FRAGMENT, 2 }, { IPPROTO_ICMP, FRAGMENT, NONE },
	    { IPPROTO_ICMP, 80, NONE }, { IPPROTO_ICMPV6, 0, NONE },
	    { 255, FRAGMENT, NONE } }, 0, 0 },
	{ "fragments and other protocols are apart from named ports",
	  { TCP(0, 65535), UDP(0, 65535), SCTP(0, 65535) },
	  { { IPPROTO_TCP, FRAGMENT, 0 }, { IPPROTO_UDP, FRAGMENT, 1 },
	    { IPPROTO_SCTP, FRAGMENT, 2 }, { IPPROTO_ICMP, FRAGMENT, NONE },
	    { IPPROTO_ICMP, 80, NONE }, { 255, 80, NONE } }, 3, 0 },
	{ "one port", { TCP(80, 80) },
	  { { IPPROTO_TCP, 79, NONE }, { IPPROTO_TCP, 80, NAMED(0) },
	    { IPPROTO_TCP, 81, NONE }, { IPPROTO_UDP, 80, NONE },
	    { IPPROTO_SCTP, 80, NONE } }, 1, 1 },
	{ "port 0", { TCP(0, 0) },
	  { { IPPROTO_TCP, 0, NAMED(0) }, { IPPROTO_TCP, 1, NONE },
	    { IPPROTO_UDP, 0, NONE } }, 1, 1 },
	{ "port 65535", { UDP(65535, 65535) },
	  { { IPPROTO_UDP, 65535, NAMED(0) }, { IPPROTO_UDP, 65534, NONE },
	    { IPPROTO_SCTP, 0, NONE }, { IPPROTO_UDP, 0, NONE } }, 1, 1 },
	{ "the last port of all", { SCTP(65535, 65535) },
	  { { IPPROTO_SCTP, 65535, NAMED(0) },
	    { IPPROTO_SCTP, 65534, NONE } }, 1, 1 },
	{ "all of one protocol", { UDP(0, 65535) },
	  { { IPPROTO_TCP, 65535, NONE }, { IPPROTO_UDP, 0, NAMED(0) },
	    { IPPROTO_UDP, 65535, NAMED(0) }, { IPPROTO_SCTP, 0, NONE } },
	  1, 0 },
	{ "all of each protocol",
	  { SCTP(0, 65535), TCP(0, 65535), UDP(0, 65535) },
	  { { IPPROTO_TCP, 0, NAMED(0) }, { IPPROTO_TCP, 65535, NAMED(0) },
	    { IPPROTO_UDP, 0, NAMED(1) }, { IPPROTO_UDP, 65535, NAMED(1) },
	    { IPPROTO_SCTP, 0, NAMED(2) }, { IPPROTO_SCTP, 65535, NAMED(2) } },
	  3, 0 },
	{ "to the end of one protocol, from the beginning of the next",
	  { TCP(65000, 65535), UDP(0, 9), UDP(65535, 65535), SCTP(0, 0) },
	  { { IPPROTO_TCP, 64999, NONE }, { IPPROTO_TCP, 65535, NAMED(0) },
	    { IPPROTO_UDP, 0, NAMED(1) }, { IPPROTO_UDP, 9, NAMED(1) },
	    { IPPROTO_UDP, 10, NONE }, { IPPROTO_UDP, 65535, NAMED(2) },
	    { IPPROTO_SCTP, 0, NAMED(3) }, { IPPROTO_SCTP, 1, NONE } }, 4, 4 },
	{ "neighbours", { TCP(20, 29), TCP(10, 19) },
	  { { IPPROTO_TCP, 9, NONE }, { IPPROTO_TCP, 10, NAMED(0) },
	    { IPPROTO_TCP, 19, NAMED(0) }, { IPPROTO_TCP, 20, NAMED(1) },
	    { IPPROTO_TCP, 29, NAMED(1) }, { IPPROTO_TCP, 30, NONE } }, 2, 1 },
	{ "the same twice", { TCP(10, 19), TCP(10, 19) },
	  { { IPPROTO_TCP, 9, NONE }, { IPPROTO_TCP, 10, NAMED(0) },
	    { IPPROTO_TCP, 19, NAMED(0) }, { IPPROTO_TCP, 20, NONE } }, 1, 1 },
	{ "overlapping", { TCP(10, 20), TCP(15, 25) },
	  { { IPPROTO_TCP, 9, NONE }, { IPPROTO_TCP, 10, NAMED(0) },
	    { IPPROTO_TCP, 14, NAMED(0) }, { IPPROTO_TCP, 15, NAMED(1) },
	    { IPPROTO_TCP, 20, NAMED(1) }, { IPPROTO_TCP, 21, NAMED(2) },
	    { IPPROTO_TCP, 25, NAMED(2) }, { IPPROTO_TCP, 26, NONE } }, 3, 1 },
	{ "nested", { TCP(10, 30), TCP(15, 20) },
	  { { IPPROTO_TCP, 9, NONE }, { IPPROTO_TCP, 14, NAMED(0) },
	    { IPPROTO_TCP, 15, NAMED(1) }, { IPPROTO_TCP, 20, NAMED(1) },
	    { IPPROTO_TCP, 21, NAMED(2) }, { IPPROTO_TCP, 30, NAMED(2) },
	    { IPPROTO_TCP, 31, NONE } }, 3, 1 },
	{ "nested to the last port", { TCP(0, 65535), TCP(65535, 65535) },
	  { { IPPROTO_TCP, 0, NAMED(0) }, { IPPROTO_TCP, 65534, NAMED(0) },
	    { IPPROTO_TCP, 65535, NAMED(1) }, { IPPROTO_UDP, 0, NONE } },
	  2, 1 },
	{ "ends at one port", { TCP(10, 30), TCP(20, 30), TCP(30, 30) },
	  { { IPPROTO_TCP, 19, NAMED(0) }, { IPPROTO_TCP, 29, NAMED(1) },
	    { IPPROTO_TCP, 30, NAMED(2) }, { IPPROTO_TCP, 31, NONE } }, 3, 1 },
	{ "gaps are of one class",
	  { TCP(10, 10), TCP(12, 12), UDP(1000, 2000), SCTP(5, 5) },
	  { { IPPROTO_TCP, 9, NONE }, { IPPROTO_TCP, 11, NONE },
	    { IPPROTO_TCP, 13, NONE }, { IPPROTO_UDP, 999, NONE },
	    { IPPROTO_UDP, 2001, NONE }, { IPPROTO_SCTP, 4, NONE },
	    { IPPROTO_SCTP, 6, NONE }, { IPPROTO_ICMP, FRAGMENT, NONE } },
	  4, 4 },
	{ "a whole root is not divided", { TCP(ROOT, 2 * ROOT - 1) },
	  { { IPPROTO_TCP, ROOT - 1, NONE }, { IPPROTO_TCP, ROOT, NAMED(0) },
	    { IPPROTO_TCP, 2 * ROOT - 1, NAMED(0) },
	    { IPPROTO_TCP, 2 * ROOT, NONE } }, 1, 0 },
	{ "a port more than a root", { TCP(ROOT, 2 * ROOT) },
	  { { IPPROTO_TCP, ROOT - 1, NONE }, { IPPROTO_TCP, ROOT, NAMED(0) },
	    { IPPROTO_TCP, 2 * ROOT, NAMED(0) },
	    { IPPROTO_TCP, 2 * ROOT + 1, NONE } }, 1, 1 },
	{ "a port before a root", { TCP(ROOT - 1, 2 * ROOT - 1) },
	  { { IPPROTO_TCP, ROOT - 2, NONE },
	    { IPPROTO_TCP, ROOT - 1, NAMED(0) },
	    { IPPROTO_TCP, 2 * ROOT - 1, NAMED(0) },
	    { IPPROTO_TCP, 2 * ROOT, NONE } }, 1, 1 },
	{ "whole roots between divided ones", { TCP(ROOT + 5, 4 * ROOT + 5) },
	  { { IPPROTO_TCP, ROOT + 4, NONE }, { IPPROTO_TCP, ROOT + 5, NAMED(0) },
	    { IPPROTO_TCP, 2 * ROOT, NAMED(0) },
	    { IPPROTO_TCP, 4 * ROOT - 1, NAMED(0) },
	    { IPPROTO_TCP, 4 * ROOT + 5, NAMED(0) },
	    { IPPROTO_TCP, 4 * ROOT + 6, NONE } }, 1, 2 },
	{ "neighbours at the edge of a root",
	  { TCP(ROOT, 2 * ROOT - 1), TCP(2 * ROOT, 3 * ROOT - 1) },
	  { { IPPROTO_TCP, 2 * ROOT - 1, NAMED(0) },
	    { IPPROTO_TCP, 2 * ROOT, NAMED(1) },
	    { IPPROTO_TCP, 3 * ROOT, NONE } }, 2, 0 },
};

KUNIT_ARRAY_PARAM_DESC(class, class_cases, desc);

static void ranges_make_classes(struct kunit *test)
{
	const struct class_case *row = test->param_value;
	struct podwall_array sets = {};
	struct podwall_port_map *map;
	u32 i, key;

	port_sets_add(test, &sets, row->ranges, ARRAY_SIZE(row->ranges));
	map = port_sets_build(test, &sets);
	for (i = 0; i < ARRAY_SIZE(row->expected); i++) {
		if (!row->expected[i].protocol)
			break;
		key = podwall_port_key(row->expected[i].protocol,
				       max(row->expected[i].port, 0),
				       row->expected[i].port >= 0);
		KUNIT_EXPECT_EQ_MSG(test, podwall_port_map_find(map, key),
				    row->expected[i].class,
				    "protocol %u, port %d",
				    row->expected[i].protocol,
				    row->expected[i].port);
	}
	KUNIT_EXPECT_EQ(test, map->count, NAMED(row->named));
	KUNIT_EXPECT_EQ(test, map->divided_count, row->divided);
	KUNIT_EXPECT_EQ(test, podwall_port_map_size(map),
			sizeof(*map) +
			map->divided_count * ROOT * sizeof(u16) +
			(map->count + 1) * sizeof(u32));
	podwall_port_map_put(map);
	port_sets_free(&sets);
}

static const struct tell_case {
	const char *desc;
	struct podwall_port_range known[4];
	struct podwall_port_range asked[3];
	bool tells;
} tell_cases[] = {
	{ "nothing", {}, {}, true },
	{ "nothing of something", { TCP(80, 80) }, {}, true },
	{ "something of nothing", {}, { TCP(80, 80) }, false },
	{ "all of nothing", {}, { TCP(0, 65535) }, false },
	{ "the same", { TCP(80, 90) }, { TCP(80, 90) }, true },
	{ "the same twice", { TCP(80, 90) }, { TCP(80, 90), TCP(80, 90) }, true },
	{ "of another protocol", { TCP(80, 90) }, { UDP(80, 90) }, false },
	{ "one of two", { TCP(80, 90) }, { TCP(80, 90), UDP(80, 90) }, false },
	{ "the beginning of a class", { TCP(80, 90) }, { TCP(80, 89) }, false },
	{ "the end of a class", { TCP(80, 90) }, { TCP(81, 90) }, false },
	{ "the middle of a class", { TCP(80, 90) }, { TCP(85, 85) }, false },
	{ "a port before a class", { TCP(80, 90) }, { TCP(79, 90) }, false },
	{ "a port behind a class", { TCP(80, 90) }, { TCP(80, 91) }, false },
	{ "far more than a class", { TCP(80, 90) }, { TCP(0, 65535) }, false },
	{ "beside a class", { TCP(80, 90) }, { TCP(91, 91) }, false },
	{ "as long as a class, but later", { TCP(80, 90) }, { TCP(81, 91) },
	  false },
	{ "two neighbours", { TCP(10, 19), TCP(20, 29) }, { TCP(10, 29) },
	  true },
	{ "one of two neighbours", { TCP(10, 19), TCP(20, 29) },
	  { TCP(20, 29) }, true },
	{ "half of two neighbours", { TCP(10, 19), TCP(20, 29) },
	  { TCP(15, 24) }, false },
	{ "two with a gap of a port", { TCP(10, 19), TCP(21, 29) },
	  { TCP(10, 29) }, false },
	{ "an overhang at the beginning is as long as a gap",
	  { TCP(5, 19), TCP(25, 29) }, { TCP(10, 29) }, false },
	{ "an overhang at the end is as long as a gap",
	  { TCP(10, 19), TCP(25, 34) }, { TCP(10, 29) }, false },
	{ "overhangs at both ends are as long as a gap",
	  { TCP(8, 19), TCP(25, 32) }, { TCP(10, 29) }, false },
	{ "an overhang before port 0 is the protocol before",
	  { TCP(65531, 65535), UDP(0, 4), UDP(10, 19) }, { UDP(0, 19) },
	  false },
	{ "an overhang behind port 65535 is the protocol behind",
	  { TCP(65500, 65509), TCP(65520, 65535), UDP(0, 9) },
	  { TCP(65500, 65535) }, false },
	{ "parts of what overlaps", { TCP(10, 20), TCP(15, 25) },
	  { TCP(10, 14), TCP(15, 20), TCP(21, 25) }, true },
	{ "all of what overlaps", { TCP(10, 20), TCP(15, 25) },
	  { TCP(10, 25) }, true },
	{ "what overlaps, cut elsewhere", { TCP(10, 20), TCP(15, 25) },
	  { TCP(10, 15) }, false },
	{ "port 0", { TCP(0, 0) }, { TCP(0, 0) }, true },
	{ "port 0 of the next protocol", { TCP(65535, 65535), UDP(0, 0) },
	  { UDP(0, 0), TCP(65535, 65535) }, true },
	{ "port 65535 of all", { SCTP(65535, 65535) }, { SCTP(65535, 65535) },
	  true },
	{ "to port 65535, when a class ends before", { TCP(80, 65534) },
	  { TCP(80, 65535) }, false },
	{ "to port 65534, when a class ends behind", { TCP(80, 65535) },
	  { TCP(80, 65534) }, false },
	{ "all of a protocol", { UDP(0, 65535) }, { UDP(0, 65535) }, true },
	{ "all but port 0", { UDP(0, 65535) }, { UDP(1, 65535) }, false },
};

KUNIT_ARRAY_PARAM_DESC(tell, tell_cases, desc);

static void map_tells_whole_classes(struct kunit *test)
{
	const struct tell_case *row = test->param_value;
	struct podwall_array known = {}, asked = {};
	struct podwall_port_map *map;

	port_sets_add(test, &known, row->known, ARRAY_SIZE(row->known));
	port_sets_add(test, &asked, row->asked, ARRAY_SIZE(row->asked));
	map = port_sets_build(test, &known);
	KUNIT_EXPECT_EQ(test, port_sets_are_told(map, &asked), row->tells);
	podwall_port_map_put(map);
	port_sets_free(&known);
	port_sets_free(&asked);
}

/* What has programs of its own needs no classes. */
static void long_sets_do_not_count(struct kunit *test)
{
	static const struct {
		u32 rules;
		bool counts;
	} lengths[] = { { 29, true }, { 30, true }, { 31, false }, { 99, false } };
	struct podwall_port_map *empty, *map;
	struct podwall_array none = {}, sets;
	struct podwall_rule_set *set;
	u32 i;

	empty = port_sets_build(test, &none);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		set = port_case_make_long(test, lengths[i].rules, 10);
		sets = (struct podwall_array){ .elements = &set, .count = 1 };
		map = port_sets_build(test, &sets);
		KUNIT_EXPECT_EQ(test, map->count,
				NAMED(lengths[i].counts ? lengths[i].rules : 0));
		KUNIT_EXPECT_TRUE(test, podwall_port_map_tells(map, set));
		KUNIT_EXPECT_EQ(test, podwall_port_map_tells(empty, set),
				!lengths[i].counts);
		podwall_port_map_put(map);
		podwall_rule_set_put(set);
	}
	podwall_port_map_put(empty);
}

static void references_keep_it(struct kunit *test)
{
	static const struct podwall_port_range range = TCP(80, 80);
	struct podwall_array sets = {};
	struct podwall_port_map *map;

	port_sets_add(test, &sets, &range, 1);
	map = port_sets_build(test, &sets);
	port_sets_free(&sets);
	KUNIT_EXPECT_PTR_EQ(test, podwall_port_map_get(map), map);
	podwall_port_map_put(map);
	KUNIT_EXPECT_EQ(test, refcount_read(&map->references), 1);
	KUNIT_EXPECT_EQ(test, podwall_port_map_find_port(map, 0, 80), NAMED(0));
	podwall_port_map_put(map);
	podwall_port_map_put(NULL);
}

static struct kunit_case port_map_cases[] = {
	KUNIT_CASE_PARAM(ranges_make_classes, class_gen_params),
	KUNIT_CASE_PARAM(map_tells_whole_classes, tell_gen_params),
	KUNIT_CASE(long_sets_do_not_count),
	KUNIT_CASE(references_keep_it),
	{}
};

static struct kunit_suite port_map_suite = {
	.name = "podwall_port_map",
	.test_cases = port_map_cases,
};

kunit_test_suite(port_map_suite);
