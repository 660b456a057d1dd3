// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/socket.h>

#include "draft.h"
#include "peers.h"
#include "region.h"
#include "region_holder.h"

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
	{ "neighbours excepted",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.1.1.0/24",
						    "10.1.2.0/23",
						    "10.1.0.0/24" } } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.1.0.0" },
	    { "10.1.4.0", { 1 } }, { "11.0.0.0" } } },
	{ "exceptions of two blocks overlap",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.1.0.0/16" } },
				  { "10.1.0.0/16", { "10.1.2.0/24" } },
				  { "10.0.0.0/8", { "10.1.2.0/24" } } } } },
	  { { "0.0.0.0" }, { "10.0.0.0", { 1 } }, { "10.1.2.0" },
	    { "10.1.3.0", { 1 } }, { "11.0.0.0" } } },
	{ "the same exception in two blocks",
	  { { 1, "a", .blocks = { { "10.0.0.0/8", { "10.1.0.0/16" } },
				  { "10.0.0.0/8", { "10.1.0.0/16" } } } } },
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
		     draft_ip4(peers_first_low(regions, family, count)) :
		     draft_ip6(peers_first_high(regions, family, count),
			       peers_first_low(regions, family, count));
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

	peers_add_drafts(test, &sets, row->sets, ARRAY_SIZE(row->sets));
	regions = peers_build_regions(test, &sets, NULL);
	expect_family(test, regions, row->ranges, AF_INET);
	expect_family(test, regions, row->ranges, AF_INET6);
	podwall_regions_put(regions);
	peers_free_sets(&sets);
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

	peers_add_drafts(test, &sets, &two, 1);
	first = peers_build_regions(test, &sets, NULL);
	only = region_of(first, "10.1.0.0");
	KUNIT_EXPECT_EQ(test, only, 1);
	KUNIT_EXPECT_EQ(test, region_of(first, "fd01::1"), only);

	peers_free_sets(&sets);
	peers_add_drafts(test, &sets, &one, 1);
	peers_add_drafts(test, &sets, &two, 1);
	second = peers_build_regions(test, &sets, first);
	both = region_of(second, "10.1.0.0");
	KUNIT_EXPECT_NE(test, both, only);
	KUNIT_EXPECT_NE(test, region_of(second, "10.0.0.0"), only);
	KUNIT_EXPECT_NE(test, region_of(second, "10.0.0.0"), both);
	KUNIT_EXPECT_NE(test, region_of(second, "10.0.0.0"), 0);
	KUNIT_EXPECT_EQ(test, region_of(second, "fd01::1"), both);
	KUNIT_EXPECT_EQ(test, podwall_regions_region(second, only)->ranges, 0);

	/* A number without ranges is free from the next build on. */
	peers_add_drafts(test, &sets, &three, 1);
	third = peers_build_regions(test, &sets, second);
	KUNIT_EXPECT_EQ(test, region_of(third, "10.1.0.0"), both);
	KUNIT_EXPECT_EQ(test, region_of(third, "10.0.0.0"),
			region_of(second, "10.0.0.0"));
	KUNIT_EXPECT_EQ(test, region_of(third, "192.0.2.1"), only);
	KUNIT_EXPECT_FALSE(test, podwall_regions_holds(third, only, 2));

	/* The set that is left keeps what it had alone. */
	peers_add_drafts(test, &fewer, &three, 1);
	fourth = peers_build_regions(test, &fewer, third);
	KUNIT_EXPECT_EQ(test, region_of(fourth, "192.0.2.1"), only);
	KUNIT_EXPECT_EQ(test, region_of(fourth, "10.1.0.0"), 0);
	KUNIT_EXPECT_EQ(test, podwall_regions_region(fourth, only)->ranges, 1);

	podwall_regions_put(first);
	podwall_regions_put(second);
	podwall_regions_put(third);
	podwall_regions_put(fourth);
	peers_free_sets(&sets);
	peers_free_sets(&fewer);
}

static void references_keep_it(struct kunit *test)
{
	struct podwall_array sets = {};
	struct podwall_regions *regions;

	peers_add_drafts(test, &sets, &one, 1);
	regions = peers_build_regions(test, &sets, NULL);
	KUNIT_EXPECT_PTR_EQ(test, podwall_regions_get(regions), regions);
	podwall_regions_put(regions);
	KUNIT_EXPECT_EQ(test, refcount_read(&regions->references), 1);
	KUNIT_EXPECT_EQ(test, region_of(regions, "10.9.9.9"), 1);
	KUNIT_EXPECT_GT(test, podwall_regions_size(regions), sizeof(*regions));
	podwall_regions_put(regions);
	podwall_regions_put(NULL);
	peers_free_sets(&sets);
}

static const struct draft_peer_set held_sets[] = {
	{ 1, "a", { 1, 2 } },
	{ 2, "b", { 2, 3 }, { { "10.0.0.0/8" } } },
	{ 3, "c", .blocks = { { "10.1.0.0/16" }, { "fd00::/8" } } },
	{ 4, "d" },
};

static void holders_are_listed(struct kunit *test)
{
	static const u32 counts[] = { 0, 2, 2, 0, 0 };
	struct podwall_array sets = {};
	struct podwall_regions *regions;
	const u32 *held;
	u32 id, i, count;

	peers_add_drafts(test, &sets, held_sets, ARRAY_SIZE(held_sets));
	regions = peers_build_regions(test, &sets, NULL);
	for (id = 1; id <= ARRAY_SIZE(counts); id++) {
		held = podwall_regions_held(regions, id, &count);
		KUNIT_EXPECT_EQ(test, count, counts[id - 1]);
		KUNIT_EXPECT_EQ(test, !podwall_regions_holder(regions, id),
				!counts[id - 1]);
		for (i = 0; i < count; i++)
			KUNIT_EXPECT_TRUE(test,
					  podwall_regions_holds(regions, held[i],
								id));
	}
	podwall_regions_put(regions);
	peers_free_sets(&sets);
}

static struct kunit_case region_cases[] = {
	KUNIT_CASE_PARAM(blocks_cut_addresses, cut_gen_params),
	KUNIT_CASE(numbers_stay),
	KUNIT_CASE(references_keep_it),
	KUNIT_CASE(holders_are_listed),
	{}
};

static struct kunit_suite region_suite = {
	.name = "podwall_region",
	.test_cases = region_cases,
};

kunit_test_suite(region_suite);
