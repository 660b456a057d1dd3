// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>

#include "draft.h"
#include "error.h"
#include "limits.h"
#include "peer_set.h"
#include "peers.h"
#include "region.h"
#include "region_build.h"
#include "region_holder.h"

static u32 region_of(const struct podwall_regions *regions, const char *text)
{
	struct podwall_ip ip = draft_ip(text);

	return podwall_regions_find(regions, &ip);
}

static void add_block(struct kunit *test, struct podwall_peer_set *set,
		      struct podwall_ip base, u8 prefix_length)
{
	const struct podwall_network network = { base, prefix_length };

	KUNIT_ASSERT_NOT_NULL(test, podwall_peer_set_add_block(set, &network));
}

static struct podwall_peer_set *make_set(struct kunit *test, u32 id)
{
	struct podwall_peer_set *set = podwall_peer_set_create(id, "set");

	KUNIT_ASSERT_NOT_NULL(test, set);
	return set;
}

/* All IPv4 blocks have two edges but the one that ends with the family. */
static void edges_are_limited(struct kunit *test)
{
	struct podwall_array sets = {};
	struct podwall_error error = {};
	struct podwall_regions *regions;
	struct podwall_peer_set *set = make_set(test, 1);
	u32 i;

	for (i = 0; i < PODWALL_BLOCK_EDGES_MAX / 2; i++)
		add_block(test, set, draft_ip4(2 * i), 32);
	peers_add_set(test, &sets, set);
	set = make_set(test, 2);
	add_block(test, set, draft_ip4(0), 0);
	peers_add_set(test, &sets, set);

	regions = podwall_regions_build(&sets, NULL, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(regions), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "the blocks and exceptions of all peer sets have more than 1048576 edges of one family");
	if (!IS_ERR(regions))
		podwall_regions_put(regions);

	sets.count--;
	podwall_peer_set_put(set);
	regions = peers_build_regions(test, &sets, NULL);
	KUNIT_EXPECT_EQ(test, regions->firsts4.count, PODWALL_BLOCK_EDGES_MAX);
	KUNIT_EXPECT_EQ(test, regions->regions.count, 2);
	KUNIT_EXPECT_EQ(test, region_of(regions, "0.0.2.4"), 1);
	KUNIT_EXPECT_EQ(test, region_of(regions, "0.0.2.5"), 0);
	KUNIT_EXPECT_EQ(test, region_of(regions, "0.15.255.254"), 1);
	KUNIT_EXPECT_EQ(test, region_of(regions, "0.16.0.0"), 0);
	podwall_regions_put(regions);
	peers_free_sets(&sets);
}

/*
 * Each of @count peer sets holds a block but one address, which is another one
 * for each: that makes @count regions of all but one, and one of all.
 */
static void add_overlapping(struct kunit *test, struct podwall_array *sets,
			    u32 count)
{
	const struct podwall_network network = draft_network("10.0.0.0/8");
	struct podwall_network except = draft_network("10.0.0.0/32");
	struct podwall_peer_set *set;
	struct podwall_block *block;
	u32 i;

	for (i = 0; i < count; i++) {
		set = make_set(test, i + 1);
		block = podwall_peer_set_add_block(set, &network);
		KUNIT_ASSERT_NOT_NULL(test, block);
		except.base = draft_ip4(0x0a000000 + i);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_peer_set_add_except(set, block, &except));
		peers_add_set(test, sets, set);
	}
}

static void overlaps_are_limited(struct kunit *test)
{
	const u32 most = 2048;
	struct podwall_array sets = {};
	struct podwall_error error = {};
	struct podwall_regions *regions;

	BUILD_BUG_ON(2048 * 2047 + 2048 != PODWALL_REGION_SETS_MAX);
	add_overlapping(test, &sets, most);
	regions = peers_build_regions(test, &sets, NULL);
	KUNIT_EXPECT_EQ(test, regions->regions.count, 1 + most + 1);
	KUNIT_EXPECT_EQ(test, regions->sets.count, PODWALL_REGION_SETS_MAX);
	KUNIT_EXPECT_FALSE(test,
			   podwall_regions_holds(regions,
						 region_of(regions, "10.0.1.0"),
						 257));
	KUNIT_EXPECT_TRUE(test,
			  podwall_regions_holds(regions,
						region_of(regions, "10.0.1.0"),
						258));
	podwall_regions_put(regions);
	peers_free_sets(&sets);

	add_overlapping(test, &sets, most + 1);
	regions = podwall_regions_build(&sets, NULL, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(regions), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "the blocks of all peer sets overlap too much: the peer sets of all regions are more than 4194304");
	if (!IS_ERR(regions))
		podwall_regions_put(regions);
	peers_free_sets(&sets);
}

/* What fits does so whatever was there before. */
static void limit_forgets_what_goes(struct kunit *test)
{
	struct podwall_peer_set **elements, *first;
	struct podwall_regions *old, *regions;
	struct podwall_error error = {};
	struct podwall_array sets = {};

	add_overlapping(test, &sets, 2048);
	old = peers_build_regions(test, &sets, NULL);

	/* Without its first peer set, no region has the sets that it had. */
	elements = sets.elements;
	first = elements[0];
	memmove(elements, elements + 1, --sets.count * sizeof(*elements));
	regions = podwall_regions_build(&sets, old, &error);
	KUNIT_EXPECT_FALSE_MSG(test, IS_ERR(regions), "refused: %s", error.text);
	if (!IS_ERR(regions)) {
		KUNIT_EXPECT_EQ(test, region_of(regions, "10.0.0.0"),
				region_of(regions, "10.255.0.0"));
		podwall_regions_put(regions);
	}
	podwall_regions_put(old);
	podwall_peer_set_put(first);
	peers_free_sets(&sets);
}

#define WORK_SETS	4096
#define WORK_BLOCKS	31743

/* To make a list of the peer sets, and to compare it at each edge. */
#define WORK(blocks) \
	(WORK_SETS * (WORK_SETS + 1ULL) / 2 + WORK_SETS * (1ULL + 2 * (blocks)))

/*
 * All peer sets hold all addresses, and one of them many by themselves too. That
 * makes one region, and it is compared anew at each edge.
 */
static void add_nested(struct kunit *test, struct podwall_array *sets, u32 blocks)
{
	struct podwall_peer_set *set;
	u32 i, j;

	for (i = 0; i < WORK_SETS; i++) {
		set = make_set(test, i + 1);
		add_block(test, set, draft_ip4(0), 0);
		for (j = 0; !i && j < blocks; j++)
			add_block(test, set, draft_ip4(2 * j + 2), 32);
		peers_add_set(test, sets, set);
	}
}

static void work_is_limited(struct kunit *test)
{
	struct podwall_array sets = {};
	struct podwall_error error = {};
	struct podwall_regions *regions;

	BUILD_BUG_ON(WORK(WORK_BLOCKS) > PODWALL_REGION_WORK_MAX);
	BUILD_BUG_ON(WORK(WORK_BLOCKS + 1) <= PODWALL_REGION_WORK_MAX);
	add_nested(test, &sets, WORK_BLOCKS);
	regions = peers_build_regions(test, &sets, NULL);
	KUNIT_EXPECT_EQ(test, regions->regions.count, 2);
	KUNIT_EXPECT_EQ(test, regions->firsts4.count, 1);
	podwall_regions_put(regions);
	peers_free_sets(&sets);

	add_nested(test, &sets, WORK_BLOCKS + 1);
	regions = podwall_regions_build(&sets, NULL, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(regions), -ENOSPC);
	KUNIT_EXPECT_EQ(test,
			strncmp(error.text,
				"the blocks of all peer sets overlap too much: between", 53),
			0);
	if (!IS_ERR(regions))
		podwall_regions_put(regions);
	peers_free_sets(&sets);
}

static struct kunit_case region_limit_cases[] = {
	KUNIT_CASE(edges_are_limited),
	KUNIT_CASE(overlaps_are_limited),
	KUNIT_CASE(limit_forgets_what_goes),
	KUNIT_CASE(work_is_limited),
	{}
};

static struct kunit_suite region_limit_suite = {
	.name = "podwall_region_limit",
	.test_cases = region_limit_cases,
};

kunit_test_suite(region_limit_suite);
