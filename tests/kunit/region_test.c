// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/prandom.h>
#include <net/ipv6.h>

#include "draft.h"
#include "error.h"
#include "limits.h"
#include "peer_set.h"
#include "region.h"
#include "region_build.h"

#define SETS_MAX 5

/** struct expected_range - an address where a range begins, and who holds it */
struct expected_range {
	const char *first;
	u32 sets[4];
};

/* The ranges of both families; of a family without blocks none need be told. */
static const struct cut_case {
	const char *desc;
	struct draft_peer_set sets[3];
	struct expected_range ranges[12];
} cut_cases[] = {
	{ "no peer sets" },
	{ "no blocks", { { 1, "a", { 7 } } } },
	{ "a block", { { 1, "a", .blocks = { { "10.0.0.0/8" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "11.0.0.0" } } },
	{ "all of IPv4", { { 1, "a", .blocks = { { "0.0.0.0/0" } } } },
	  { { "0.0.0.0", { 1 } } } },
	{ "all of IPv6", { { 1, "a", .blocks = { { "::/0" } } } },
	  { { "::", { 1 } } } },
	{ "all of both",
	  { { 1, "a", .blocks = { { "::/0" }, { "0.0.0.0/0" } } } },
	  { { "0.0.0.0", { 1 } }, { "::", { 1 } } } },
	{ "one address", { { 1, "a", .blocks = { { "10.0.0.1/32" } } } },
	  { { "0.0.0.0" }, { "10.0.0.1", { 1 } }, { "10.0.0.2" } } },
	{ "the lowest address",
	  { { 1, "a", .blocks = { { "0.0.0.0/32" }, { "::/128" } } } },
	  { { "0.0.0.0", { 1 } }, { "0.0.0.1" }, { "::", { 1 } }, { "::1" } } },
	{ "the highest address",
	  { { 1, "a",
	      .blocks = { { "255.255.255.255/32" },
			  { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128" } } } },
	  { { "0.0.0.0" }, { "255.255.255.255", { 1 } }, { "::" },
	    { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", { 1 } } } },
	{ "the upper halves",
	  { { 1, "a", .blocks = { { "128.0.0.0/1" }, { "8000::/1" } } } },
	  { { "0.0.0.0" }, { "128.0.0.0", { 1 } }, { "::" }, { "8000::", { 1 } } } },
	{ "the middle of an IPv6 address",
	  { { 1, "a", .blocks = { { "fd00:0:0:1::/64" },
				  { "fd00:0:0:2:8000::/65" },
				  { "fd00:0:0:4::/63" } } } },
	  { { "::" }, { "fd00:0:0:1::", { 1 } }, { "fd00:0:0:2::" },
	    { "fd00:0:0:2:8000::", { 1 } }, { "fd00:0:0:3::" },
	    { "fd00:0:0:4::", { 1 } }, { "fd00:0:0:6::" } } },
	{ "a carry through an IPv6 address",
	  { { 1, "a", .blocks = { { "fd00::ffff:ffff:ffff:ffff/128" } } } },
	  { { "::" }, { "fd00::ffff:ffff:ffff:ffff", { 1 } },
	    { "fd00:0:0:1::" } } },
	{ "neighbours of one set",
	  { { 1, "a", .blocks = { { "10.0.0.0/25" }, { "10.0.0.128/25" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.0.1.0" } } },
	{ "neighbours of two sets",
	  { { 1, "a", .blocks = { { "10.0.0.0/25" } } },
	    { 2, "b", .blocks = { { "10.0.0.128/25" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.0.0.128", { 2 } },
	    { "10.0.1.0" } } },
	{ "the same block in two sets",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" } } },
	    { 9, "b", .blocks = { { "10.0.0.0/24" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1, 9 } }, { "10.0.1.0" } } },
	{ "the same block twice in a set",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" }, { "10.0.0.0/24" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.0.1.0" } } },
	{ "nested in one set",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" }, { "10.1.0.0/16" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "11.0.0.0" } } },
	{ "nested in three sets",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" } } },
	    { 2, "b", .blocks = { { "10.1.0.0/16" } } },
	    { 3, "c", .blocks = { { "10.1.1.0/24" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.1.0.0", { 1, 2 } },
	    { "10.1.1.0", { 1, 2, 3 } }, { "10.1.2.0", { 1, 2 } },
	    { "10.2.0.0", { 1 } }, { "11.0.0.0" } } },
	{ "ends at one address",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" } } },
	    { 2, "b", .blocks = { { "10.255.255.255/32" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } },
	    { "10.255.255.255", { 1, 2 } }, { "11.0.0.0" } } },
	{ "an exception",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.1.0.0/16" } } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.1.0.0" },
	    { "10.2.0.0", { 1 } }, { "11.0.0.0" } } },
	{ "an exception at the beginning, another at the end",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.0.0.0/32",
						    "10.255.255.255/32" } } } } },
	  { { "0.0.0.0" }, { "10.0.0.1", { 1 } }, { "10.255.255.255" } } },
	{ "the highest address excepted",
	  { { 1, "a",
	      .blocks = { { "::/0", { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128" } },
			  { "0.0.0.0/0", { "255.255.255.255/32",
					   "0.0.0.0/32" } } } } },
	  { { "0.0.0.0" }, { "0.0.0.1", { 1 } }, { "255.255.255.255" },
	    { "::", { 1 } }, { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" } } },
	{ "all of it excepted",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.0.0.0/8" } },
				  { "::/0", { "::/0" } } } } } },
	{ "excepted in halves",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.128.0.0/9",
						    "10.0.0.0/9" } } } } } },
	{ "an exception in an exception",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.1.1.0/24",
						    "10.1.0.0/16",
						    "10.1.0.0/24" } } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.1.0.0" },
	    { "10.2.0.0", { 1 } }, { "11.0.0.0" } } },
	{ "an exception twice",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.1.0.0/16",
						    "10.1.0.0/16",
						    "10.1.0.0/16" } } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.1.0.0" },
	    { "10.2.0.0", { 1 } }, { "11.0.0.0" } } },
	{ "a block within another's exception",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.1.0.0/16" } },
				  { "10.1.2.0/24", { "10.1.2.3/32" } } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.1.0.0" },
	    { "10.1.2.0", { 1 } }, { "10.1.2.3" }, { "10.1.2.4", { 1 } },
	    { "10.1.3.0" }, { "10.2.0.0", { 1 } }, { "11.0.0.0" } } },
	{ "another's exception is the whole block",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.1.0.0/16" } },
				  { "10.1.0.0/16" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "11.0.0.0" } } },
	{ "an exception of one set is a block of another",
	  { { 3, "a", .blocks = { { "10.0.0.0/8", { "10.1.0.0/16" } } } },
	    { 5, "b", .blocks = { { "10.1.2.0/24" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 3 } }, { "10.1.0.0" },
	    { "10.1.2.0", { 5 } }, { "10.1.3.0" }, { "10.2.0.0", { 3 } },
	    { "11.0.0.0" } } },
	{ "families apart",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" } } },
	    { 2, "b", .blocks = { { "a00::/8" } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "11.0.0.0" }, { "::" },
	    { "a00::", { 2 } }, { "b00::" } } },
};

KUNIT_ARRAY_PARAM_DESC(cut, cut_cases, desc);

static void add_set(struct kunit *test, struct podwall_array *sets,
		    struct podwall_peer_set *set)
{
	struct podwall_peer_set **element =
		podwall_array_append(sets, sizeof(*element));

	KUNIT_ASSERT_NOT_NULL(test, element);
	podwall_peer_set_freeze(set);
	*element = set;
}

static void add_drafts(struct kunit *test, struct podwall_array *sets,
		       const struct draft_peer_set *drafts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (drafts[i].id)
			add_set(test, sets, draft_make_peer_set(test, &drafts[i]));
}

static void free_sets(struct podwall_array *sets)
{
	struct podwall_peer_set **elements = sets->elements;
	u32 i;

	for (i = 0; i < sets->count; i++)
		podwall_peer_set_put(elements[i]);
	podwall_array_free(sets);
}

static struct podwall_regions *build(struct kunit *test,
				     const struct podwall_array *sets,
				     const struct podwall_regions *old)
{
	struct podwall_error error = {};
	struct podwall_regions *regions;

	regions = podwall_regions_build(sets, old, &error);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(regions), "refused: %s", error.text);
	return regions;
}

static u32 region_of(const struct podwall_regions *regions, const char *text)
{
	struct podwall_ip ip = draft_ip(text);

	return podwall_regions_find(regions, &ip);
}

static void expect_sets(struct kunit *test,
			const struct podwall_regions *regions, const char *first,
			const u32 *sets, size_t count)
{
	u32 id, region = region_of(regions, first);
	bool holds;
	size_t i;

	for (id = 1; id < 10; id++) {
		holds = false;
		for (i = 0; i < count; i++)
			holds |= sets[i] == id;
		KUNIT_EXPECT_EQ_MSG(test,
				    podwall_regions_holds(regions, region, id),
				    holds, "%s in %u", first, id);
	}
	KUNIT_EXPECT_EQ(test, !region, !sets[0]);
}

static u64 first_low(const struct podwall_regions *regions, u8 family, u32 index)
{
	const struct podwall_position *firsts6 = regions->firsts6.elements;
	const u32 *firsts4 = regions->firsts4.elements;

	return family == AF_INET ? firsts4[index] : firsts6[index].low;
}

static u64 first_high(const struct podwall_regions *regions, u8 family,
		      u32 index)
{
	const struct podwall_position *firsts6 = regions->firsts6.elements;

	return family == AF_INET ? 0 : firsts6[index].high;
}

static void expect_family(struct kunit *test,
			  const struct podwall_regions *regions,
			  const struct expected_range *ranges, u8 family)
{
	static const u32 none[4];
	u32 i, count = 0, all = family == AF_INET ? regions->firsts4.count :
						    regions->firsts6.count;

	for (i = 0; i < 12 && ranges[i].first; i++) {
		struct podwall_ip ip = draft_ip(ranges[i].first), at;

		if (ip.family != family)
			continue;
		KUNIT_ASSERT_LT(test, count, all);
		at = family == AF_INET ?
		     draft_ip4(first_low(regions, family, count)) :
		     draft_ip6(first_high(regions, family, count),
			       first_low(regions, family, count));
		KUNIT_EXPECT_TRUE_MSG(test, podwall_ip_equal(&at, &ip), "%s",
				      ranges[i].first);
		expect_sets(test, regions, ranges[i].first, ranges[i].sets, 4);
		count++;
	}
	if (!count) {
		expect_sets(test, regions,
			    family == AF_INET ? "10.0.0.1" : "fd00::1", none, 4);
		count = 1;
	}
	KUNIT_EXPECT_EQ(test, all, count);
}

static void blocks_cut_addresses(struct kunit *test)
{
	const struct cut_case *row = test->param_value;
	struct podwall_array sets = {};
	struct podwall_regions *regions;

	add_drafts(test, &sets, row->sets, ARRAY_SIZE(row->sets));
	regions = build(test, &sets, NULL);
	expect_family(test, regions, row->ranges, AF_INET);
	expect_family(test, regions, row->ranges, AF_INET6);
	podwall_regions_put(regions);
	free_sets(&sets);
}

static const struct draft_peer_set one = {
	1, "a", .blocks = { { "10.0.0.0/8" }, { "fd00::/8" } },
};

static const struct draft_peer_set two = {
	2, "b", .blocks = { { "10.1.0.0/16" }, { "fd01::/16" } },
};

static const struct draft_peer_set three = {
	3, "c", .blocks = { { "192.0.2.0/24" } },
};

/* What a region is called when others come and go. */
static void numbers_stay(struct kunit *test)
{
	struct podwall_array sets = {}, fewer = {};
	struct podwall_regions *first, *second, *third, *fourth;
	u32 both, only;

	add_drafts(test, &sets, &two, 1);
	first = build(test, &sets, NULL);
	only = region_of(first, "10.1.0.0");
	KUNIT_EXPECT_EQ(test, only, 1);
	KUNIT_EXPECT_EQ(test, region_of(first, "fd01::1"), only);

	free_sets(&sets);
	add_drafts(test, &sets, &one, 1);
	add_drafts(test, &sets, &two, 1);
	second = build(test, &sets, first);
	both = region_of(second, "10.1.0.0");
	KUNIT_EXPECT_NE(test, both, only);
	KUNIT_EXPECT_NE(test, region_of(second, "10.0.0.0"), only);
	KUNIT_EXPECT_NE(test, region_of(second, "10.0.0.0"), both);
	KUNIT_EXPECT_NE(test, region_of(second, "10.0.0.0"), 0);
	KUNIT_EXPECT_EQ(test, region_of(second, "fd01::1"), both);
	KUNIT_EXPECT_EQ(test, podwall_regions_region(second, only)->ranges, 0);

	/* A number without ranges is free from the next build on. */
	add_drafts(test, &sets, &three, 1);
	third = build(test, &sets, second);
	KUNIT_EXPECT_EQ(test, region_of(third, "10.1.0.0"), both);
	KUNIT_EXPECT_EQ(test, region_of(third, "10.0.0.0"),
			region_of(second, "10.0.0.0"));
	KUNIT_EXPECT_EQ(test, region_of(third, "192.0.2.1"), only);
	KUNIT_EXPECT_FALSE(test, podwall_regions_holds(third, only, 2));

	/* The set that is left keeps what it had alone. */
	add_drafts(test, &fewer, &three, 1);
	fourth = build(test, &fewer, third);
	KUNIT_EXPECT_EQ(test, region_of(fourth, "192.0.2.1"), only);
	KUNIT_EXPECT_EQ(test, region_of(fourth, "10.1.0.0"), 0);
	KUNIT_EXPECT_EQ(test, podwall_regions_region(fourth, only)->ranges, 1);

	podwall_regions_put(first);
	podwall_regions_put(second);
	podwall_regions_put(third);
	podwall_regions_put(fourth);
	free_sets(&sets);
	free_sets(&fewer);
}

static void references_keep_it(struct kunit *test)
{
	struct podwall_array sets = {};
	struct podwall_regions *regions;

	add_drafts(test, &sets, &one, 1);
	regions = build(test, &sets, NULL);
	KUNIT_EXPECT_PTR_EQ(test, podwall_regions_get(regions), regions);
	podwall_regions_put(regions);
	KUNIT_EXPECT_EQ(test, refcount_read(&regions->references), 1);
	KUNIT_EXPECT_EQ(test, region_of(regions, "10.9.9.9"), 1);
	KUNIT_EXPECT_GT(test, podwall_regions_size(regions), sizeof(*regions));
	podwall_regions_put(regions);
	podwall_regions_put(NULL);
	free_sets(&sets);
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
	add_set(test, &sets, set);
	set = make_set(test, 2);
	add_block(test, set, draft_ip4(0), 0);
	add_set(test, &sets, set);

	regions = podwall_regions_build(&sets, NULL, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(regions), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "the blocks and exceptions of all peer sets have 1048577 edges, the most is 1048576 of each family");
	if (!IS_ERR(regions))
		podwall_regions_put(regions);

	sets.count--;
	podwall_peer_set_put(set);
	regions = build(test, &sets, NULL);
	KUNIT_EXPECT_EQ(test, regions->firsts4.count, PODWALL_BLOCK_EDGES_MAX);
	KUNIT_EXPECT_EQ(test, regions->regions.count, 2);
	KUNIT_EXPECT_EQ(test, region_of(regions, "0.0.2.4"), 1);
	KUNIT_EXPECT_EQ(test, region_of(regions, "0.0.2.5"), 0);
	KUNIT_EXPECT_EQ(test, region_of(regions, "0.15.255.254"), 1);
	KUNIT_EXPECT_EQ(test, region_of(regions, "0.16.0.0"), 0);
	podwall_regions_put(regions);
	free_sets(&sets);
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
		add_set(test, sets, set);
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
	regions = build(test, &sets, NULL);
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
	free_sets(&sets);

	add_overlapping(test, &sets, most + 1);
	regions = podwall_regions_build(&sets, NULL, &error);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(regions), -ENOSPC);
	KUNIT_EXPECT_STREQ(test, error.text,
			   "the blocks of all peer sets overlap too much: the peer sets of all regions are more than 4194304");
	if (!IS_ERR(regions))
		podwall_regions_put(regions);
	free_sets(&sets);
}

/* What fits does so whatever was there before. */
static void limit_forgets_what_goes(struct kunit *test)
{
	struct podwall_peer_set **elements, *first;
	struct podwall_regions *old, *regions;
	struct podwall_error error = {};
	struct podwall_array sets = {};

	add_overlapping(test, &sets, 2048);
	old = build(test, &sets, NULL);

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
	free_sets(&sets);
}

/* Blocks near one another, and as near the edges of all addresses. */
static struct podwall_network random_network(struct rnd_state *random)
{
	static const u32 bases4[] = { 0, 0x0a000000, 0x0a010000, 0xffffffff };
	static const u64 bases6[] = { 0, 0xfd00000000000000, U64_MAX };
	struct podwall_network network;
	u32 bit, noise = 0;

	if (draft_below(random, 2))
		noise = prandom_u32_state(random) &
			prandom_u32_state(random) & 0x00ff00ff;
	if (draft_below(random, 2)) {
		network.base = draft_ip4(bases4[draft_below(random, 4)] ^ noise);
		network.prefix_length = draft_below(random, 33);
		for (bit = network.prefix_length; bit < 32; bit++)
			network.base.v4 &= ~cpu_to_be32(1U << (31 - bit));
		return network;
	}
	network.base = draft_ip6(bases6[draft_below(random, 3)] ^ noise,
				 bases6[draft_below(random, 3)] ^ noise);
	network.prefix_length = draft_below(random, 129);
	ipv6_addr_prefix(&network.base.v6, &network.base.v6,
			 network.prefix_length);
	return network;
}

static void add_random_block(struct kunit *test, struct rnd_state *random,
			     struct podwall_peer_set *set)
{
	struct podwall_network network = random_network(random), except;
	struct podwall_block *block = podwall_peer_set_add_block(set, &network);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, block);
	for (i = 0; i < 12; i++) {
		except = random_network(random);
		if (podwall_network_is_within(&except, &network))
			KUNIT_ASSERT_EQ(test, 0,
					podwall_peer_set_add_except(set, block,
								    &except));
	}
}

static struct podwall_peer_set *random_set(struct kunit *test,
					   struct rnd_state *random, u32 id)
{
	u32 i, blocks = draft_below(random, 12);
	struct podwall_peer_set *set = make_set(test, id);

	for (i = 0; i < blocks; i++)
		add_random_block(test, random, set);
	podwall_peer_set_freeze(set);
	return set;
}

static void compare(struct kunit *test, const struct podwall_regions *regions,
		    const struct podwall_array *sets,
		    const struct podwall_ip *ip, u32 round)
{
	struct podwall_peer_set *const *elements = sets->elements;
	u32 i, region = podwall_regions_find(regions, ip);
	char text[PODWALL_NETWORK_TEXT];

	KUNIT_ASSERT_LT(test, region, regions->regions.count);
	KUNIT_ASSERT_GT(test, podwall_regions_region(regions, region)->ranges, 0);
	for (i = 0; i < sets->count; i++)
		KUNIT_ASSERT_EQ_MSG(test,
				    podwall_regions_holds(regions, region,
							  elements[i]->id),
				    podwall_peer_set_holds(elements[i], 0, ip),
				    "round %u: %s in %u", round,
				    podwall_ip_text(ip, text), elements[i]->id);
}

/* The first address of each range, the one before, and some more. */
static void compare_all(struct kunit *test, struct rnd_state *random,
			const struct podwall_regions *regions,
			const struct podwall_array *sets, u32 round)
{
	struct podwall_ip ip;
	u64 low, high;
	u32 i;

	for (i = 0; i < regions->firsts4.count; i++) {
		low = first_low(regions, AF_INET, i);
		ip = draft_ip4(low);
		compare(test, regions, sets, &ip, round);
		ip = draft_ip4(low - 1);
		compare(test, regions, sets, &ip, round);
	}
	for (i = 0; i < regions->firsts6.count; i++) {
		low = first_low(regions, AF_INET6, i);
		high = first_high(regions, AF_INET6, i);
		ip = draft_ip6(high, low);
		compare(test, regions, sets, &ip, round);
		ip = draft_ip6(high - !low, low - 1);
		compare(test, regions, sets, &ip, round);
	}
	for (i = 0; i < 20; i++) {
		ip = random_network(random).base;
		compare(test, regions, sets, &ip, round);
	}
}

/* What was a region of the same peer sets before has its number still. */
static void compare_numbers(struct kunit *test,
			    const struct podwall_regions *old,
			    const struct podwall_regions *regions)
{
	const u32 *from = old->sets.elements, *to = regions->sets.elements;
	u32 i, count = min(old->regions.count, regions->regions.count);

	for (i = 1; i < count; i++) {
		const struct podwall_region *before, *after;

		before = podwall_regions_region(old, i);
		after = podwall_regions_region(regions, i);
		if (!before->ranges || !after->ranges)
			continue;
		KUNIT_ASSERT_EQ(test, before->set_count, after->set_count);
		KUNIT_ASSERT_EQ(test, 0,
				memcmp(from + before->first_set,
				       to + after->first_set,
				       before->set_count * sizeof(*from)));
	}
}

static void equals_peer_sets(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	struct podwall_regions *old = NULL, *regions;
	struct podwall_peer_set **elements;
	struct podwall_array sets = {};
	u32 i, round;

	for (i = 0; i < SETS_MAX; i++)
		add_set(test, &sets, random_set(test, &random, i * 3 + 1));
	elements = sets.elements;
	for (round = 0; round < 100; round++) {
		regions = build(test, &sets, old);
		compare_all(test, &random, regions, &sets, round);
		if (old)
			compare_numbers(test, old, regions);
		podwall_regions_put(old);
		old = regions;
		i = draft_below(&random, SETS_MAX);
		podwall_peer_set_put(elements[i]);
		elements[i] = random_set(test, &random, i * 3 + 1);
	}
	podwall_regions_put(old);
	free_sets(&sets);
}

static struct kunit_case region_cases[] = {
	KUNIT_CASE_PARAM(blocks_cut_addresses, cut_gen_params),
	KUNIT_CASE(numbers_stay),
	KUNIT_CASE(references_keep_it),
	KUNIT_CASE(edges_are_limited),
	KUNIT_CASE(overlaps_are_limited),
	KUNIT_CASE(limit_forgets_what_goes),
	KUNIT_CASE(equals_peer_sets),
	{}
};

static struct kunit_suite region_suite = {
	.name = "podwall_region",
	.test_cases = region_cases,
};

kunit_test_suite(region_suite);
