// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/socket.h>

#include "draft.h"
#include "peers.h"
#include "region.h"
#include "region_difference.h"

/** struct expected_stretch - the lowest and the highest address of a stretch */
struct expected_stretch {
	const char *first;
	const char *last;
};

#define MANY U64_MAX

/* What lies elsewhere when the first peer sets become the second. */
static const struct difference_case {
	const char *desc;
	struct draft_peer_set before[2];
	struct draft_peer_set after[2];
	struct expected_stretch stretches4[4];
	u64 size4;
	struct expected_stretch stretches6[4];
	u64 size6;
} difference_cases[] = {
	{ "nothing changes",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" }, { "fd00::/8" } } } },
	  { { 1, "a", .blocks = { { "10.0.0.0/8" }, { "fd00::/8" } } } } },
	{ "a block comes",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" } } } },
	  { { 1, "a", .blocks = { { "10.0.0.0/8" }, { "12.0.0.0/30" } } } },
	  { { "12.0.0.0", "12.0.0.3" } }, 4 },
	{ "a block goes",
	  { { 1, "a", .blocks = { { "10.0.0.7/32" } } } },
	  { { 1, "a" } }, { { "10.0.0.7", "10.0.0.7" } }, 1 },
	{ "of one set to another",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" } } }, { 2, "b" } },
	  { { 1, "a" }, { 2, "b", .blocks = { { "10.0.0.0/24" } } } },
	  { { "10.0.0.0", "10.0.0.255" } }, 256 },
	{ "a block inside another, of the same set",
	  { { 1, "a", .blocks = { { "10.0.0.0/8" } } } },
	  { { 1, "a", .blocks = { { "10.0.0.0/8" }, { "10.1.0.0/16" } } } } },
	{ "a block is halved",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" } } } },
	  { { 1, "a", .blocks = { { "10.0.0.0/25" } } } },
	  { { "10.0.0.128", "10.0.0.255" } }, 128 },
	{ "an exception comes",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" } } } },
	  { { 1, "a", .blocks = { { "10.0.0.0/24", { "10.0.0.64/26" } } } } },
	  { { "10.0.0.64", "10.0.0.127" } }, 64 },
	{ "all but an exception",
	  { { 1, "a" } },
	  { { 1, "a", .blocks = { { "0.0.0.0/0", { "10.0.0.0/8" } } } } },
	  { { "0.0.0.0", "9.255.255.255" }, { "11.0.0.0", "255.255.255.255" } },
	  0xff000000 },
	{ "all of both families",
	  { { 1, "a" } },
	  { { 1, "a", .blocks = { { "0.0.0.0/0" }, { "::/0" } } } },
	  { { "0.0.0.0", "255.255.255.255" } }, 0x100000000,
	  { { "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" } }, MANY },
	{ "the lowest and the highest address",
	  { { 1, "a" } },
	  { { 1, "a", .blocks = { { "0.0.0.0/32" }, { "255.255.255.255/32" },
				  { "::/128" } } } },
	  { { "0.0.0.0", "0.0.0.0" },
	    { "255.255.255.255", "255.255.255.255" } }, 2,
	  { { "::", "::" } }, 1 },
	{ "neighbours that go to different regions are one stretch",
	  { { 1, "a" }, { 2, "b" } },
	  { { 1, "a", .blocks = { { "10.0.0.0/25" } } },
	    { 2, "b", .blocks = { { "10.0.0.128/25" } } } },
	  { { "10.0.0.0", "10.0.0.255" } }, 256 },
	{ "neighbours that come from different regions are one stretch",
	  { { 1, "a", .blocks = { { "10.0.0.0/25" } } },
	    { 2, "b", .blocks = { { "10.0.0.128/25" } } } },
	  { { 1, "a" }, { 2, "b" } }, { { "10.0.0.0", "10.0.0.255" } }, 256 },
	{ "what stays between two that change",
	  { { 1, "a", .blocks = { { "10.0.0.0/24" }, { "10.0.1.0/24" } } } },
	  { { 1, "a", .blocks = { { "10.0.0.128/25" }, { "10.0.1.0/25" } } } },
	  { { "10.0.0.0", "10.0.0.127" }, { "10.0.1.128", "10.0.1.255" } },
	  256 },
	{ "the middle of an IPv6 address",
	  { { 1, "a" } },
	  { { 1, "a", .blocks = { { "fd00:0:0:1::/127" },
				  { "fd00::ffff:ffff:ffff:fff0/124" } } } },
	  {}, 0,
	  { { "fd00::ffff:ffff:ffff:fff0", "fd00:0:0:1::1" } }, MANY },
	{ "a whole lower half",
	  { { 1, "a" } },
	  { { 1, "a", .blocks = { { "fd00:0:0:1::/64" } } } }, {}, 0,
	  { { "fd00:0:0:1::", "fd00::1:ffff:ffff:ffff:ffff" } }, MANY },
	{ "two halves of a lower half",
	  { { 1, "a" } },
	  { { 1, "a", .blocks = { { "fd00::/65" },
				  { "fd00:0:0:1:8000::/65" } } } }, {}, 0,
	  { { "fd00::", "fd00::7fff:ffff:ffff:ffff" },
	    { "fd00:0:0:1:8000::", "fd00::1:ffff:ffff:ffff:ffff" } }, MANY },
	{ "few of both families",
	  { { 1, "a" } },
	  { { 1, "a", .blocks = { { "10.0.0.0/31" }, { "fd00::/120" } } } },
	  { { "10.0.0.0", "10.0.0.1" } }, 2, { { "fd00::", "fd00::ff" } }, 256 },
};

KUNIT_ARRAY_PARAM_DESC(difference, difference_cases, desc);

static struct podwall_position position_of(const char *text)
{
	struct podwall_ip ip = draft_ip(text);

	return podwall_position_of(&ip);
}

static void expect_position(struct kunit *test,
			    const struct podwall_position *position,
			    const char *text)
{
	struct podwall_position expected = position_of(text);

	KUNIT_EXPECT_EQ_MSG(test, 0,
			    podwall_position_compare(position, &expected), "%s",
			    text);
}

static void expect_difference(struct kunit *test,
			      const struct podwall_regions *old,
			      const struct podwall_regions *new, u8 family,
			      const struct expected_stretch *expected, u64 size)
{
	const struct podwall_stretch *stretch;
	struct podwall_array stretches = {};
	u32 i, count = 0;

	while (count < 4 && expected[count].first)
		count++;
	KUNIT_ASSERT_EQ(test, 0,
			podwall_regions_difference(old, new, family, &stretches));
	KUNIT_EXPECT_EQ(test, stretches.count, count);
	stretch = stretches.elements;
	for (i = 0; i < min(stretches.count, count); i++) {
		expect_position(test, &stretch[i].first, expected[i].first);
		expect_position(test, &stretch[i].last, expected[i].last);
	}
	KUNIT_EXPECT_EQ(test, podwall_stretches_size(&stretches), size);
	podwall_array_free(&stretches);
}

static void finds_what_lies_elsewhere(struct kunit *test)
{
	const struct difference_case *row = test->param_value;
	struct podwall_array before = {}, after = {};
	struct podwall_regions *old, *new;

	peers_add_drafts(test, &before, row->before, ARRAY_SIZE(row->before));
	peers_add_drafts(test, &after, row->after, ARRAY_SIZE(row->after));
	old = peers_build_regions(test, &before, NULL);
	new = peers_build_regions(test, &after, old);
	expect_difference(test, old, new, AF_INET, row->stretches4, row->size4);
	expect_difference(test, old, new, AF_INET6, row->stretches6,
			  row->size6);
	podwall_regions_put(old);
	podwall_regions_put(new);
	peers_free_sets(&before);
	peers_free_sets(&after);
}

static void holds_its_ends(struct kunit *test)
{
	static const struct podwall_stretch some[] = {
		{ { 0, 5 }, { 0, 5 } },
		{ { 0, 7 }, { 1, 2 } },
		{ { 1, 4 }, { 1, 9 } },
	};
	static const struct {
		struct podwall_position at;
		bool held;
	} rows[] = {
		{ { 0, 0 }, false }, { { 0, 4 }, false }, { { 0, 5 }, true },
		{ { 0, 6 }, false }, { { 0, 7 }, true }, { { 0, U64_MAX }, true },
		{ { 1, 0 }, true }, { { 1, 2 }, true }, { { 1, 3 }, false },
		{ { 1, 4 }, true }, { { 1, 9 }, true }, { { 1, 10 }, false },
		{ { U64_MAX, U64_MAX }, false },
	};
	struct podwall_array none = {}, stretches = {
		.elements = (void *)some,
		.count = ARRAY_SIZE(some),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ_MSG(test,
				    podwall_stretches_hold(&stretches,
							   &rows[i].at),
				    rows[i].held, "%zu", i);
		KUNIT_EXPECT_FALSE(test,
				   podwall_stretches_hold(&none, &rows[i].at));
	}
}

static struct kunit_case region_difference_cases[] = {
	KUNIT_CASE_PARAM(finds_what_lies_elsewhere, difference_gen_params),
	KUNIT_CASE(holds_its_ends),
	{}
};

static struct kunit_suite region_difference_suite = {
	.name = "podwall_region_difference",
	.test_cases = region_difference_cases,
};

kunit_test_suite(region_difference_suite);
