// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/prandom.h>
#include <net/ipv6.h>

#include "draft.h"
#include "peer_set.h"
#include "peers.h"
#include "region.h"
#include "region_difference.h"
#include "region_holder.h"

#define SETS_MAX 5

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
		if (podwall_network_is_within(&except, &network) &&
		    !podwall_peer_set_find_except(set, block, &except))
			KUNIT_ASSERT_EQ(test, 0,
					podwall_peer_set_add_except(set, block,
								    &except));
	}
}

static struct podwall_peer_set *random_set(struct kunit *test,
					   struct rnd_state *random, u32 id)
{
	u32 i, blocks = draft_below(random, 12);
	struct podwall_peer_set *set = podwall_peer_set_create(id, "random");

	KUNIT_ASSERT_NOT_NULL(test, set);
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
		low = peers_first_low(regions, AF_INET, i);
		ip = draft_ip4(low);
		compare(test, regions, sets, &ip, round);
		ip = draft_ip4(low - 1);
		compare(test, regions, sets, &ip, round);
	}
	for (i = 0; i < regions->firsts6.count; i++) {
		low = peers_first_low(regions, AF_INET6, i);
		high = peers_first_high(regions, AF_INET6, i);
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

/* An address is in a stretch if it lies in another region, and only then. */
static void compare_difference(struct kunit *test, struct rnd_state *random,
			       const struct podwall_regions *old,
			       const struct podwall_regions *regions, u32 round)
{
	struct podwall_array stretches[2] = {};
	char text[PODWALL_NETWORK_TEXT];
	struct podwall_position at;
	struct podwall_ip ip;
	u32 i;

	KUNIT_ASSERT_EQ(test, 0,
			podwall_regions_difference(old, regions, AF_INET,
						   &stretches[0]));
	KUNIT_ASSERT_EQ(test, 0,
			podwall_regions_difference(old, regions, AF_INET6,
						   &stretches[1]));
	for (i = 0; i < 400; i++) {
		ip = random_network(random).base;
		at = podwall_position_of(&ip);
		KUNIT_ASSERT_EQ_MSG(test,
				    podwall_stretches_hold(&stretches[ip.family != AF_INET],
							   &at),
				    podwall_regions_find(old, &ip) !=
				    podwall_regions_find(regions, &ip),
				    "round %u: %s", round,
				    podwall_ip_text(&ip, text));
	}
	podwall_array_free(&stretches[0]);
	podwall_array_free(&stretches[1]);
}

static void equals_peer_sets(struct kunit *test)
{
	struct rnd_state random = draft_random(test);
	struct podwall_regions *old = NULL, *regions;
	struct podwall_peer_set **elements;
	struct podwall_array sets = {};
	u32 i, round;

	for (i = 0; i < SETS_MAX; i++)
		peers_add_set(test, &sets, random_set(test, &random, i * 3 + 1));
	elements = sets.elements;
	for (round = 0; round < 100; round++) {
		regions = peers_build_regions(test, &sets, old);
		compare_all(test, &random, regions, &sets, round);
		if (old) {
			compare_numbers(test, old, regions);
			compare_difference(test, &random, old, regions, round);
		}
		podwall_regions_put(old);
		old = regions;
		i = draft_below(&random, SETS_MAX);
		podwall_peer_set_put(elements[i]);
		elements[i] = random_set(test, &random, i * 3 + 1);
	}
	podwall_regions_put(old);
	peers_free_sets(&sets);
}

static struct kunit_case region_random_cases[] = {
	KUNIT_CASE(equals_peer_sets),
	{}
};

static struct kunit_suite region_random_suite = {
	.name = "podwall_region_random",
	.test_cases = region_random_cases,
};

kunit_test_suite(region_random_suite);
