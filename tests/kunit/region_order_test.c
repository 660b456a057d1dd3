// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/prandom.h>

#include "chance.h"
#include "draft.h"
#include "peers.h"
#include "region.h"
#include "region_holder.h"
#include "region_order.h"

/** struct crowd - addresses with an identity, all near one another */
struct crowd {
	const char *ip;
	u32 count;
};

/* The regions of some addresses in order: first is 1. */
static const struct order_case {
	const char *desc;
	struct draft_peer_set sets[3];
	struct crowd crowds[4];
	const char *order[5];
} order_cases[] = {
	{ "no blocks", { { 1, "a", { 7 } } } },
	{ "no blocks, many addresses", {}, { { "10.0.0.1", 999 } } },
	{ "one region", { { 1, "a", .blocks = { { "10.0.0.0/8" } } } },
	  { { "192.0.2.1", 9 } }, { "10.0.0.1" } },
	{ "by share",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" } } },
	    { 2, "b", .blocks = { { "10.1.0.0/16" } } },
	    { 3, "c", .blocks = { { "10.128.0.0/9" } } } },
	  {}, { "10.128.0.0", "10.1.0.0", "10.0.0.0" } },
	{ "by population before share",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" } } },
	    { 2, "b", .blocks = { { "10.1.0.0/16" } } },
	    { 3, "c", .blocks = { { "10.128.0.0/9" } } } },
	  { { "10.0.0.9", 5 }, { "10.1.0.9", 1 } },
	  { "10.0.0.0", "10.1.0.0", "10.128.0.0" } },
	{ "by share where population is equal",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" } } },
	    { 2, "b", .blocks = { { "10.1.0.0/16" } } },
	    { 3, "c", .blocks = { { "10.128.0.0/9" } } } },
	  { { "10.0.0.9", 5 }, { "10.1.0.9", 5 }, { "10.128.0.9", 4 } },
	  { "10.1.0.0", "10.0.0.0", "10.128.0.0" } },
	{ "equals stay as they are",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" } } },
	    { 2, "b", .blocks = { { "10.0.1.0/24" } } },
	    { 3, "c", .blocks = { { "10.0.2.0/24" } } } },
	  { { "10.0.0.0", 3 }, { "10.0.1.0", 3 }, { "10.0.2.0", 3 } },
	  { "10.0.0.0", "10.0.1.0", "10.0.2.0" } },
	{ "the outside is region 0, however large and crowded",
	  { { 1, "a", .blocks = { { "10.0.0.0/32" } } },
	    { 2, "b", .blocks = { { "10.0.0.2/31" } } } },
	  { { "192.0.2.1", 4096 } }, { "10.0.0.2", "10.0.0.0" } },
	{ "stretches of one region count together",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" }, { "10.9.0.0/24" } } },
	    { 2, "b", .blocks = { { "10.1.0.0/24" } } },
	    { 3, "c", .blocks = { { "10.2.0.0/24" }, { "10.3.0.0/24" },
				  { "10.4.0.0/24" } } } },
	  {}, { "10.3.0.0", "10.9.0.0", "10.1.0.0" } },
	{ "families weigh the same",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" } } },
	    { 2, "b", .blocks = { { "4000::/2" } } },
	    { 3, "c", .blocks = { { "fd00::/16" } } } },
	  {}, { "4000::", "10.0.0.0", "fd00::" } },
	{ "families weigh together",
	  { { 1, "a", .blocks = { { "10.0.0.0/9" } } },
	    { 2, "b", .blocks = { { "11.0.0.0/10" }, { "fd00::/9" } } } },
	  {}, { "11.0.0.0", "10.0.0.0" } },
	{ "all of both families",
	  { { 1, "a", .blocks = { { "0.0.0.0/0" }, { "::/0" } } },
	    { 2, "b", .blocks = { { "10.0.0.1/32" } } } },
	  {}, { "::", "10.0.0.1" } },
	{ "the upper halves of both families",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" } } },
	    { 2, "b", .blocks = { { "128.0.0.0/1" }, { "8000::/1" } } } },
	  {}, { "255.255.255.255", "10.0.0.0" } },
	{ "overlaps",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.128.0.0/9" } } } },
	    { 2, "b", .blocks = { { "10.0.0.0/8", { "10.1.0.0/16" } } } },
	    { 3, "c", .blocks = { { "10.1.0.0/24" } } } },
	  { { "10.1.1.0", 1 } },
	  { "10.1.1.0", "10.128.0.0", "10.0.0.0", "10.1.0.0" } },
};

KUNIT_ARRAY_PARAM_DESC(order, order_cases, desc);

static u32 *begin_population(struct kunit *test, const struct peers *peers)
{
	u32 *population = kunit_kcalloc(test, peers->regions->regions.count,
					sizeof(*population), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, population);
	return population;
}

/* The ids of the peer sets that hold an address, as bits. */
static u32 sets_at(const struct peers *peers, const struct podwall_ip *ip)
{
	u32 id, region = podwall_regions_find(peers->regions, ip), sets = 0;

	for (id = 1; id < 32; id++)
		if (podwall_regions_holds(peers->regions, region, id))
			sets |= BIT(id);
	return sets;
}

/* By peer set and by region the same is said. */
static void expect_held(struct kunit *test, const struct peers *peers)
{
	const struct podwall_regions *regions = peers->regions;
	u32 id, i, count, region, holds;
	const u32 *held;

	for (id = 1; id < 32; id++) {
		held = podwall_regions_held(regions, id, &count);
		for (i = 0; i < count; i++) {
			KUNIT_ASSERT_LT(test, held[i], regions->regions.count);
			KUNIT_EXPECT_TRUE(test,
					  podwall_regions_holds(regions, held[i],
								id));
		}
		holds = 0;
		for (region = 0; region < regions->regions.count; region++)
			holds += podwall_regions_holds(regions, region, id);
		KUNIT_EXPECT_EQ(test, count, holds);
	}
}

static void heaviest_are_first(struct kunit *test)
{
	const struct order_case *row = test->param_value;
	struct peers peers;
	u32 i, *population;

	peers_begin(test, &peers, row->sets, ARRAY_SIZE(row->sets), 0);
	population = begin_population(test, &peers);
	for (i = 0; i < ARRAY_SIZE(row->crowds) && row->crowds[i].ip; i++)
		population[peers_region(&peers, row->crowds[i].ip)] +=
			row->crowds[i].count;
	KUNIT_ASSERT_EQ(test, 0,
			podwall_regions_order(peers.regions, population));
	for (i = 0; i < ARRAY_SIZE(row->order) && row->order[i]; i++)
		KUNIT_EXPECT_EQ_MSG(test, peers_region(&peers, row->order[i]),
				    i + 1, "%s", row->order[i]);
	KUNIT_EXPECT_EQ(test, peers.regions->regions.count, i + 1);
	expect_held(test, &peers);
	peers_end(&peers);
}

/* Which of the peer sets' blocks it is, nobody can tell by the number. */
static void numbers_are_all_that_changes(struct kunit *test)
{
	struct podwall_ip ips[] = {
		draft_ip("0.0.0.0"), draft_ip("10.0.0.0"), draft_ip("10.0.0.9"),
		draft_ip("10.0.0.3"), draft_ip("10.0.1.255"), draft_ip("11.0.0.0"),
		draft_ip("127.255.255.255"), draft_ip("255.255.255.255"),
		draft_ip("::"), draft_ip("fd00::3"), draft_ip("fd00::4"),
		draft_ip("fd00:0:0:1::7"), draft_ip("fe00::"),
		draft_ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	};
	u32 before[ARRAY_SIZE(ips)], crowds[ARRAY_SIZE(ips)];
	struct rnd_state random = draft_random(test);
	struct draft_peer_set drafts[4];
	struct peers peers;
	u32 i, j, a, b, round, *population;

	for (round = 0; round < 60; round++) {
		for (i = 0; i < ARRAY_SIZE(drafts); i++)
			chance_peer_set(&random, &drafts[i], i * 5 + 1);
		peers_begin(test, &peers, drafts, ARRAY_SIZE(drafts), 0);
		population = begin_population(test, &peers);
		for (i = 0; i < peers.regions->regions.count; i++)
			population[i] = draft_below(&random, 5);
		for (i = 0; i < ARRAY_SIZE(ips); i++) {
			before[i] = sets_at(&peers, &ips[i]);
			crowds[i] = population[podwall_regions_find(peers.regions,
								    &ips[i])];
		}
		KUNIT_ASSERT_EQ(test, 0,
				podwall_regions_order(peers.regions, population));
		expect_held(test, &peers);
		for (i = 0; i < ARRAY_SIZE(ips); i++) {
			a = podwall_regions_find(peers.regions, &ips[i]);
			KUNIT_ASSERT_EQ_MSG(test, sets_at(&peers, &ips[i]),
					    before[i], "round %u, address %u",
					    round, i);
			KUNIT_ASSERT_EQ(test, !a, !before[i]);
			for (j = 0; j < ARRAY_SIZE(ips); j++) {
				b = podwall_regions_find(peers.regions, &ips[j]);
				KUNIT_ASSERT_EQ(test, a == b,
						before[i] == before[j]);
				if (a && b && crowds[i] > crowds[j])
					KUNIT_ASSERT_LT(test, a, b);
			}
		}
		kunit_kfree(test, population);
		peers_end(&peers);
	}
}

static struct kunit_case region_order_cases[] = {
	KUNIT_CASE_PARAM(heaviest_are_first, order_gen_params),
	KUNIT_CASE(numbers_are_all_that_changes),
	{}
};

static struct kunit_suite region_order_suite = {
	.name = "podwall_region_order",
	.test_cases = region_order_cases,
};

kunit_test_suite(region_order_suite);
