// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes of ports, held against a model that knows nothing of intervals: for
 * each port by itself, which of the ranges hold it.
 */

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/in.h>
#include <linux/mm.h>
#include <linux/podwall.h>

#include "array.h"
#include "chance.h"
#include "draft.h"
#include "error.h"
#include "port_map.h"
#include "port_sets.h"
#include "rule_set.h"

#define ROUNDS		12
#define RANGES		14
#define QUESTIONS	30

/* Each range begins a class and ends one, at most. */
#define CLASSES		(PODWALL_PORT_CLASS_UNNAMED + 1 + 2 * RANGES)

static const u8 protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };

/* Half of them with edges that others have too. */
static struct podwall_port_range random_range(struct rnd_state *random)
{
	struct podwall_port_range range = chance_range(random);
	u32 length;

	if (draft_below(random, 2))
		return range;
	range.first = draft_below(random, 65536);
	length = draft_below(random, draft_below(random, 2) ? 600 : 65536);
	range.last = min_t(u32, range.first + length, U16_MAX);
	return range;
}

static u32 held_by(const struct podwall_port_range *ranges, u8 protocol,
		   u32 port)
{
	u32 i, held = 0;

	for (i = 0; i < RANGES; i++)
		if (ranges[i].protocol == protocol && port >= ranges[i].first &&
		    port <= ranges[i].last)
			held |= BIT(i);
	return held;
}

/*
 * Ports of one class are in the same ranges; neighbours in the same ranges are
 * of one class; no range at all is the class of what is not named.
 */
static u32 count_wrong(const struct podwall_port_map *map,
		       const struct podwall_port_range *ranges)
{
	u32 slot, port, class, last_class = 0, held, last = 0, wrong = 0;
	u32 helds[CLASSES] = {};
	bool met[CLASSES] = {};

	for (slot = 0; slot < PODWALL_PORT_PROTOCOLS; slot++) {
		for (port = 0; port <= U16_MAX; port++) {
			class = podwall_port_map_find_port(map, slot, port);
			if (class < PODWALL_PORT_CLASS_UNNAMED ||
			    class >= min_t(u32, map->count, CLASSES))
				return U32_MAX;
			held = held_by(ranges, protocols[slot], port);
			wrong += met[class] && helds[class] != held;
			wrong += port && held == last &&
				 class != last_class;
			wrong += !held != (class == PODWALL_PORT_CLASS_UNNAMED);
			met[class] = true;
			helds[class] = held;
			last_class = class;
			last = held;
		}
		cond_resched();
	}
	for (class = PODWALL_PORT_CLASS_UNNAMED + 1; class < map->count; class++)
		wrong += !met[class];
	return wrong;
}

/* Whether the range consists of whole classes: none has a port on both sides. */
static bool naive_tells(const struct podwall_port_map *map,
			const struct podwall_port_range *range)
{
	u32 port, class, slot = podwall_port_slot(range->protocol);
	DECLARE_BITMAP(inside, CLASSES) = {};
	DECLARE_BITMAP(outside, CLASSES) = {};

	__set_bit(PODWALL_PORT_CLASS_UNNAMED, outside);
	for (port = 0; port <= U16_MAX; port++) {
		class = podwall_port_map_find_port(map, slot, port);
		if (port >= range->first && port <= range->last)
			__set_bit(class, inside);
		else
			__set_bit(class, outside);
	}
	return !bitmap_intersects(inside, outside, CLASSES);
}

/* With the edges of what is known, more often than not. */
static struct podwall_port_range random_question(struct rnd_state *random,
						 const struct podwall_port_range *ranges)
{
	struct podwall_port_range question = ranges[draft_below(random, RANGES)];
	const struct podwall_port_range *other =
		&ranges[draft_below(random, RANGES)];

	if (other->protocol == question.protocol &&
	    other->last >= question.first)
		question.last = other->last;
	if (!draft_below(random, 4) && question.last < U16_MAX)
		question.last++;
	if (!draft_below(random, 4) && question.first)
		question.first--;
	return question;
}

static void compare_questions(struct kunit *test, struct rnd_state *random,
			      const struct podwall_port_map *map,
			      const struct podwall_port_range *ranges, u32 *told)
{
	struct podwall_port_range question;
	struct podwall_array asked;
	u32 i;

	for (i = 0; i < QUESTIONS; i++) {
		question = random_question(random, ranges);
		asked = (struct podwall_array){};
		port_sets_add(test, &asked, &question, 1);
		KUNIT_EXPECT_EQ_MSG(test, port_sets_are_told(map, &asked),
				    naive_tells(map, &question),
				    "protocol %u, ports %u-%u",
				    question.protocol, question.first,
				    question.last);
		*told += naive_tells(map, &question);
		port_sets_free(&asked);
	}
}

static void equals_model(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	struct podwall_port_range ranges[RANGES];
	struct podwall_port_map *map;
	u32 i, round, told = 0;

	for (round = 0; round < ROUNDS; round++) {
		struct podwall_array sets = {};

		for (i = 0; i < RANGES; i++)
			ranges[i] = random_range(&random);
		port_sets_add(test, &sets, ranges, RANGES);
		map = port_sets_build(test, &sets);
		KUNIT_EXPECT_EQ_MSG(test, count_wrong(map, ranges), 0,
				    "round %u", round);
		KUNIT_EXPECT_TRUE(test, port_sets_are_told(map, &sets));
		compare_questions(test, &random, map, ranges, &told);
		podwall_port_map_put(map);
		port_sets_free(&sets);
	}
	/* Or else one of two answers was never due. */
	KUNIT_EXPECT_GT(test, told, 0);
	KUNIT_EXPECT_LT(test, told, ROUNDS * QUESTIONS);
}

/* Every other port of two protocols, in two rule sets. */
static void add_single_ports(struct kunit *test, struct podwall_array *sets,
			     u32 count)
{
	struct podwall_port_range range;
	struct podwall_rule_set **elements;
	u32 i;

	port_sets_add(test, sets, NULL, 0);
	elements = sets->elements;
	for (i = 0; i < count; i++) {
		range = (struct podwall_port_range){
			.protocol = i & 1 ? IPPROTO_SCTP : IPPROTO_TCP,
			.first = i & ~1U,
			.last = i & ~1U,
		};
		port_sets_add_range(test, elements[i & 1], &range);
	}
}

static void classes_are_limited(struct kunit *test)
{
	const u32 most = PODWALL_PORT_CLASSES_MAX - PODWALL_PORT_CLASS_UNNAMED - 1;
	struct podwall_error error = {};
	struct podwall_array sets = {};
	struct podwall_port_map *map;
	u32 i, wrong = 0;

	add_single_ports(test, &sets, most);
	map = port_sets_build(test, &sets);
	KUNIT_EXPECT_EQ(test, map->count, PODWALL_PORT_CLASSES_MAX);
	KUNIT_EXPECT_TRUE(test, port_sets_are_told(map, &sets));
	/* All of TCP come first. */
	for (i = 0; i < most; i++)
		wrong += podwall_port_map_find_port(map, i & 1 ? 2 : 0, i & ~1U) !=
			 PODWALL_PORT_CLASS_UNNAMED + 1 + i / 2 +
			 (i & 1) * DIV_ROUND_UP(most, 2);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	podwall_port_map_put(map);
	port_sets_free(&sets);

	add_single_ports(test, &sets, most + 1);
	map = podwall_port_map_build(&sets, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(map), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "the port ranges of all rule sets tell 32769 classes of ports apart, the most is 32768");
	if (!IS_ERR(map))
		podwall_port_map_put(map);
	port_sets_free(&sets);
}

static struct kunit_case port_map_random_cases[] = {
	KUNIT_CASE(equals_model),
	KUNIT_CASE(classes_are_limited),
	{}
};

static struct kunit_suite port_map_random_suite = {
	.name = "podwall_port_map_random",
	.test_cases = port_map_random_cases,
};

kunit_test_suite(port_map_random_suite);
