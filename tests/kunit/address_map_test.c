// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "address_map_build.h"
#include "draft.h"

static struct podwall_address_map *make_map(struct kunit *test, u8 family,
					    u32 count)
{
	struct podwall_address_map *map = podwall_address_map_create(family,
								     count);

	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_ASSERT_EQ(test, refcount_read(&map->references), 1);
	KUNIT_ASSERT_EQ(test, map->count, 0);
	return map;
}

static void set(struct kunit *test, struct podwall_address_map **map,
		struct podwall_ip ip, u32 value)
{
	KUNIT_ASSERT_EQ(test, 0, podwall_address_map_set(map, &ip, value));
}

static u32 find(const struct podwall_address_map *map, struct podwall_ip ip)
{
	return podwall_address_map_find(map, &ip);
}

static bool store(struct podwall_address_map *map, struct podwall_ip ip,
		  u32 value)
{
	return podwall_address_map_store(map, &ip, value);
}

static const struct address_case {
	const char *desc;
	const char *ip;
	const char *other;
} address_cases[] = {
	{ "IPv4", "10.0.0.1", "10.0.0.2" },
	{ "lowest IPv4", "0.0.0.0", "0.0.0.1" },
	{ "highest IPv4", "255.255.255.255", "0.0.0.0" },
	{ "IPv6", "fd00::1", "fd00::2" },
	{ "lowest IPv6", "::", "::1" },
	{ "highest IPv6", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::" },
	{ "halves change places", "1:2:3:4:5:6:7:8", "5:6:7:8:1:2:3:4" },
	{ "only the first word", "fd00::", "::" },
};

KUNIT_ARRAY_PARAM_DESC(address, address_cases, desc);

static void address_comes_and_goes(struct kunit *test)
{
	const struct address_case *row = test->param_value;
	struct podwall_ip ip = draft_ip(row->ip), other = draft_ip(row->other);
	struct podwall_address_map *map;
	u32 count;

	for (count = 0; count < 2000; count += 1000) {
		map = make_map(test, ip.family, count);
		KUNIT_EXPECT_EQ(test, find(map, ip), 0);
		set(test, &map, ip, 0);
		KUNIT_EXPECT_EQ(test, map->count, 0);
		set(test, &map, ip, 7);
		KUNIT_EXPECT_EQ(test, find(map, ip), 7);
		KUNIT_EXPECT_EQ(test, find(map, other), 0);
		KUNIT_EXPECT_EQ(test, map->count, 1);
		set(test, &map, ip, U32_MAX);
		set(test, &map, other, 1);
		KUNIT_EXPECT_EQ(test, find(map, ip), U32_MAX);
		KUNIT_EXPECT_EQ(test, find(map, other), 1);
		KUNIT_EXPECT_EQ(test, map->count, 2);
		set(test, &map, ip, 0);
		KUNIT_EXPECT_EQ(test, find(map, ip), 0);
		KUNIT_EXPECT_EQ(test, find(map, other), 1);
		KUNIT_EXPECT_EQ(test, map->count, 1);
		set(test, &map, ip, 9);
		KUNIT_EXPECT_EQ(test, find(map, ip), 9);
		podwall_address_map_put(map);
	}
}

static struct podwall_ip neighbour(u8 family, u32 index)
{
	return family == AF_INET ? draft_ip4(0x0b000000 + index) :
				   draft_ip6(0xfd01, index);
}

/* Others are searched for by way of its slot, whichever that is. */
static void removal_leaves_all_others(struct kunit *test)
{
	const struct address_case *row = test->param_value;
	struct podwall_ip ip = draft_ip(row->ip), other;
	struct podwall_address_map *map;
	u32 i, round, missing = 0;

	for (round = 0; round < 16; round++) {
		map = make_map(test, ip.family, 600);
		set(test, &map, ip, 1);
		for (i = 0; i < 600; i++) {
			other = neighbour(ip.family, i);
			set(test, &map, other, i + 2);
		}
		if (round & 1 || !store(map, ip, 0))
			set(test, &map, ip, 0);
		KUNIT_EXPECT_EQ(test, find(map, ip), 0);
		for (i = 0; i < 600; i++) {
			other = neighbour(ip.family, i);
			missing += find(map, other) != i + 2;
		}
		podwall_address_map_put(map);
	}
	KUNIT_EXPECT_EQ(test, missing, 0);
}

/* Addresses with one distance, as allocators hand them out. */
static const struct pattern_case {
	const char *desc;
	u8 family;
	u32 count;
	u64 high;
	u64 low;
	u64 step_high;
	u64 step_low;
} pattern_cases[] = {
	{ "10.0.0.0/16", AF_INET, 65536, 0, 0x0a000000, 0, 1 },
	{ "0.0.0.0 and on", AF_INET, 5000, 0, 0, 0, 1 },
	{ "up to 255.255.255.255", AF_INET, 5000, 0, U32_MAX - 4999, 0, 1 },
	{ "one of each /30", AF_INET, 5000, 0, 0x0a000001, 0, 4 },
	{ "one of each /24", AF_INET, 20000, 0, 0x0a000005, 0, 256 },
	{ "one of each /16", AF_INET, 65536, 0, 0x00000001, 0, 65536 },
	{ "one of each /8", AF_INET, 256, 0, 0x00000001, 0, 1 << 24 },
	{ "fd00::1 and on", AF_INET6, 20000, 0xfd00000000000000, 1, 0, 1 },
	{ ":: and on", AF_INET6, 5000, 0, 0, 0, 1 },
	{ "down from ffff:...", AF_INET6, 5000, U64_MAX, U64_MAX, 0, -1ULL },
	{ "one of each /112", AF_INET6, 20000, 0xfd00000000000000, 1, 0, 1 << 16 },
	{ "one of each /96", AF_INET6, 20000, 0xfd00000000000000, 1, 0, 1ULL << 32 },
	{ "one of each /80", AF_INET6, 20000, 0xfd00000000000000, 1, 0, 1ULL << 48 },
	{ "one of each /64", AF_INET6, 20000, 0xfd00000000000000, 1, 1, 0 },
	{ "one of each /48", AF_INET6, 20000, 0xfd00000000000000, 1, 1 << 16, 0 },
	{ "one of each /32", AF_INET6, 20000, 0x0000000000000000, 1, 1ULL << 32, 0 },
	{ "one of each /16", AF_INET6, 20000, 0x0000000000000000, 1, 1ULL << 48, 0 },
	{ "one of each /20", AF_INET6, 4096, 0x0000000000000000, 1, 1ULL << 52, 0 },
	{ "one of each /12", AF_INET6, 4096, 0x0000000000000000, 0, 1ULL << 52, 0 },
	{ "one of each /84", AF_INET6, 4096, 0xfd00000000000000, 0, 0, 1ULL << 52 },
	{ "halves alike", AF_INET6, 20000, 0, 0, 1, 1 },
};

KUNIT_ARRAY_PARAM_DESC(pattern, pattern_cases, desc);

static struct podwall_ip pattern_ip(const struct pattern_case *row, u32 index)
{
	u64 low = row->low + row->step_low * index;

	if (row->family == AF_INET)
		return draft_ip4(low);
	return draft_ip6(row->high + row->step_high * index, low);
}

/* Each address once, and nothing else. */
static void expect_walk(struct kunit *test,
			const struct podwall_address_map *map,
			const struct pattern_case *row)
{
	unsigned long *seen = bitmap_zalloc(row->count, GFP_KERNEL);
	struct podwall_ip ip, expected;
	u32 value, position = 0;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	for (;;) {
		value = podwall_address_map_next(map, &position, &ip);
		if (!value || value > row->count)
			break;
		expected = pattern_ip(row, value - 1);
		if (!podwall_ip_equal(&ip, &expected) ||
		    test_and_set_bit(value - 1, seen))
			break;
	}
	KUNIT_EXPECT_EQ(test, value, 0);
	KUNIT_EXPECT_TRUE(test, bitmap_full(seen, row->count));
	bitmap_free(seen);
}

static void pattern_is_found(struct kunit *test)
{
	const struct pattern_case *row = test->param_value;
	u32 i, missing, slots = row->family == AF_INET ?
		PODWALL_ADDRESS_SLOTS4 : PODWALL_ADDRESS_SLOTS6;
	struct podwall_address_map *map;
	int round;

	/* With room at once, and growing. */
	for (round = 0; round < 2; round++) {
		map = make_map(test, row->family, round ? row->count : 0);
		for (i = 0; i < row->count; i++)
			set(test, &map, pattern_ip(row, i), i + 1);
		for (i = 0, missing = 0; i < row->count; i++)
			missing += find(map, pattern_ip(row, i)) != i + 1;
		KUNIT_EXPECT_EQ(test, missing, 0);
		KUNIT_EXPECT_EQ(test, map->count, row->count);
		/* A distance that hashes badly may cost twice as much. */
		KUNIT_EXPECT_LE(test, (map->page_count - 1) * slots,
				row->count * 6);
		KUNIT_EXPECT_EQ(test, podwall_address_map_size(map),
				sizeof(*map) + map->page_count *
				(sizeof(*map->pages) +
				 sizeof(*map->used) + PAGE_SIZE));
		expect_walk(test, map, row);
		podwall_address_map_put(map);
	}
}

static u32 steps_to(const struct podwall_address_map *map, u32 index, __be32 ip)
{
	u64 hash = podwall_address_hash4(map, ip);
	u32 first = podwall_address_slot(hash, PODWALL_ADDRESS_SLOTS4);

	return (index - first) % (u32)PODWALL_ADDRESS_SLOTS4;
}

/* As addresses are given out: one after the other, or some of each node's. */
static const struct row_case {
	const char *desc;
	u32 count;
	u32 in_block;
} row_cases[] = {
	{ "one node", 250, 256 },
	{ "a row of 1,000", 1000, 256 },
	{ "a row of 5,000", 5000, 256 },
	{ "110 of each /24", 5000, 110 },
	{ "20 of each /24", 5000, 20 },
};

KUNIT_ARRAY_PARAM_DESC(row, row_cases, desc);

/*
 * Whatever is drawn: pages two thirds full would take one step more than the first
 * in the mean. Twice as many may be chance, but not again. Of many addresses the
 * last ones are no further than three steps, as in pages half full at most.
 */
static void searches_are_short(struct kunit *test)
{
	const struct row_case *row = test->param_value;
	u32 i, round, position, steps, last_steps, long_ones = 0;
	struct podwall_address_map *map;
	struct podwall_ip ip;

	for (round = 0; round < 40; round++) {
		map = make_map(test, AF_INET, row->count);
		for (i = 0; i < row->count; i++) {
			ip = draft_ip4(0x0a000000 + i / row->in_block * 256 +
				       i % row->in_block);
			set(test, &map, ip, i + 1);
		}
		position = 0;
		steps = 0;
		last_steps = 0;
		while ((i = podwall_address_map_next(map, &position, &ip))) {
			steps += steps_to(map, position - 1, ip.v4);
			if (i > row->count / 10 * 9)
				last_steps += steps_to(map, position - 1, ip.v4);
		}
		long_ones += steps > 2 * row->count ||
			     (row->count >= 5000 &&
			      last_steps > 3 * row->count / 10);
		podwall_address_map_put(map);
	}
	KUNIT_EXPECT_LE(test, long_ones, 1);
}

/**
 * struct model - a map and what it must say
 * @map: under test
 * @values: of each address; 0 for none
 */
struct model {
	struct podwall_address_map *map;
	u32 values[500];
};

static struct podwall_ip model_ip(u8 family, u32 index)
{
	if (family == AF_INET)
		return draft_ip4(index == 1 ? U32_MAX :
				 index ? 0x0a000000 + index * 3 : 0);
	return index ? draft_ip6(0xfd00 << (index % 5), index) : draft_ip6(0, 0);
}

static void expect_model(struct kunit *test, const struct model *model, u32 step)
{
	u32 i, count = 0, value, walked = 0, position = 0;
	struct podwall_ip ip;

	for (i = 0; i < ARRAY_SIZE(model->values); i++) {
		KUNIT_ASSERT_EQ_MSG(test, model->values[i],
				    find(model->map,
					 model_ip(model->map->family, i)),
				    "step %u, address %u", step, i);
		count += !!model->values[i];
	}
	do {
		value = podwall_address_map_next(model->map, &position, &ip);
		walked += value && value == find(model->map, ip);
	} while (value);
	KUNIT_ASSERT_EQ(test, model->map->count, count);
	KUNIT_ASSERT_EQ(test, walked, count);
}

/* The map under change becomes the old one, and a clone goes on. */
static void clone_model(struct kunit *test, struct model *old,
			struct model *model, u32 more)
{
	struct podwall_address_map *clone =
		podwall_address_map_clone(model->map, more);

	KUNIT_ASSERT_NOT_NULL(test, clone);
	podwall_address_map_put(old->map);
	*old = *model;
	model->map = clone;
}

static void change_model(struct kunit *test, struct model *model,
			 struct rnd_state *random)
{
	u32 index = draft_below(random, ARRAY_SIZE(model->values));
	u32 value = draft_below(random, 3) ? prandom_u32_state(random) : 0;
	struct podwall_ip ip = model_ip(model->map->family, index);

	if (draft_below(random, 2) || !store(model->map, ip, value))
		set(test, &model->map, ip, value);
	model->values[index] = value;
}

static void equals_model(struct kunit *test, u8 family)
{
	struct model *old = kunit_kzalloc(test, sizeof(*old), GFP_KERNEL);
	struct model *model = kunit_kzalloc(test, sizeof(*model), GFP_KERNEL);
	struct rnd_state random = draft_random(test);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_NOT_NULL(test, model);
	model->map = make_map(test, family, 0);
	for (i = 0; i < 20000; i++) {
		change_model(test, model, &random);
		if (!draft_below(&random, 60))
			clone_model(test, old, model,
				    draft_below(&random, 2) ?
				    draft_below(&random, 3000) : 0);
		if (!draft_below(&random, 10) && old->map) {
			podwall_address_map_put(old->map);
			old->map = NULL;
		}
		if (i % 100)
			continue;
		expect_model(test, model, i);
		if (old->map)
			expect_model(test, old, i);
	}
	podwall_address_map_put(old->map);
	podwall_address_map_put(model->map);
}

static void equals_model4(struct kunit *test)
{
	equals_model(test, AF_INET);
}

static void equals_model6(struct kunit *test)
{
	equals_model(test, AF_INET6);
}

enum holder { NOBODY, MAP_HOLDER, PAGE_HOLDER, FORMER_HOLDER };

/* To a map with 10.0.0.1 = 1 and 10.0.0.2 = 2, in one page. */
static const struct store_case {
	const char *desc;
	const char *ip;
	u32 value;
	enum holder holder;
	bool stored;
	u32 after;
} store_cases[] = {
	{ "new address", "10.0.0.3", 3, NOBODY, true, 3 },
	{ "new value", "10.0.0.1", 3, NOBODY, true, 3 },
	{ "the same value", "10.0.0.1", 1, NOBODY, true, 1 },
	{ "removal", "10.0.0.1", 0, NOBODY, true, 0 },
	{ "removal of nothing", "10.0.0.3", 0, NOBODY, true, 0 },
	{ "the unspecified address", "0.0.0.0", 3, NOBODY, true, 3 },
	{ "its removal", "0.0.0.0", 0, NOBODY, false, 0 },
	{ "new, map held", "10.0.0.3", 3, MAP_HOLDER, false, 0 },
	{ "new value, map held", "10.0.0.1", 3, MAP_HOLDER, false, 1 },
	{ "removal, map held", "10.0.0.1", 0, MAP_HOLDER, false, 1 },
	{ "new, page held", "10.0.0.3", 3, PAGE_HOLDER, false, 0 },
	{ "new value, page held", "10.0.0.1", 3, PAGE_HOLDER, false, 1 },
	{ "removal, page held", "10.0.0.1", 0, PAGE_HOLDER, false, 1 },
	{ "new, page held no more", "10.0.0.3", 3, FORMER_HOLDER, true, 3 },
	{ "removal, page held no more", "10.0.0.1", 0, FORMER_HOLDER, true, 0 },
};

KUNIT_ARRAY_PARAM_DESC(store, store_cases, desc);

static void store_wants_its_own(struct kunit *test)
{
	const struct store_case *row = test->param_value;
	struct podwall_ip one = draft_ip("10.0.0.1"), two = draft_ip("10.0.0.2");
	struct podwall_address_map *map, *holder = NULL;
	struct podwall_ip ip = draft_ip(row->ip);

	map = make_map(test, AF_INET, 0);
	set(test, &map, one, 1);
	set(test, &map, two, 2);
	if (row->holder == MAP_HOLDER)
		holder = podwall_address_map_get(map);
	else if (row->holder != NOBODY)
		holder = podwall_address_map_clone(map, 0);
	if (row->holder == FORMER_HOLDER) {
		podwall_address_map_put(holder);
		holder = NULL;
	}

	KUNIT_EXPECT_EQ(test, store(map, ip, row->value), row->stored);
	KUNIT_EXPECT_EQ(test, find(map, ip), row->after);
	KUNIT_EXPECT_EQ(test, find(map, two), 2);
	KUNIT_EXPECT_EQ(test, map->count,
			1 + !!find(map, one) + !!find(map, draft_ip("10.0.0.3")) +
			!!find(map, draft_ip("0.0.0.0")));
	if (holder)
		KUNIT_EXPECT_EQ(test, find(holder, one), 1);
	podwall_address_map_put(holder);
	podwall_address_map_put(map);
}

static void store_wants_room(struct kunit *test)
{
	struct podwall_address_map *map = make_map(test, AF_INET, 0);
	struct podwall_address_map *clone;
	u32 i;

	KUNIT_EXPECT_FALSE(test, store(map, draft_ip4(1), 1));
	KUNIT_EXPECT_EQ(test, find(map, draft_ip4(1)), 0);
	set(test, &map, draft_ip4(1), 1);
	KUNIT_ASSERT_EQ(test, map->page_count, 1);

	/* What came and went fills the page, and leaves with its copy. */
	for (i = 2; i < 1000 && store(map, draft_ip4(i), i); i++)
		KUNIT_ASSERT_TRUE(test, store(map, draft_ip4(i), 0));
	KUNIT_EXPECT_GT(test, i, PODWALL_ADDRESS_SLOTS4 / 2);
	KUNIT_EXPECT_LT(test, i, PODWALL_ADDRESS_SLOTS4);
	KUNIT_EXPECT_EQ(test, find(map, draft_ip4(i)), 0);
	KUNIT_EXPECT_EQ(test, map->used[0], i - 1);
	KUNIT_EXPECT_EQ(test, map->count, 1);

	clone = podwall_address_map_clone(map, 1);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	set(test, &clone, draft_ip4(i), i);
	KUNIT_EXPECT_EQ(test, clone->used[0], 2);
	KUNIT_EXPECT_EQ(test, find(clone, draft_ip4(1)), 1);
	KUNIT_EXPECT_EQ(test, find(clone, draft_ip4(i)), i);
	KUNIT_EXPECT_EQ(test, find(map, draft_ip4(i)), 0);
	KUNIT_EXPECT_EQ(test, map->used[0], i - 1);
	podwall_address_map_put(map);
	KUNIT_EXPECT_TRUE(test, store(clone, draft_ip4(i + 1), 5));
	podwall_address_map_put(clone);
}

static void address_finds_its_slot_again(struct kunit *test)
{
	struct podwall_address_map *map = make_map(test, AF_INET6, 1);
	u32 i;

	for (i = 0; i < 2000; i++) {
		KUNIT_ASSERT_TRUE(test, store(map, draft_ip6(1, 1), i + 1));
		KUNIT_ASSERT_TRUE(test, store(map, draft_ip6(1, 1), 0));
	}
	KUNIT_EXPECT_EQ(test, map->used[0], 1);
	KUNIT_EXPECT_EQ(test, map->count, 0);
	podwall_address_map_put(map);
}

static const struct clone_case {
	const char *desc;
	u32 before;
	u32 left;
	u32 more;
	bool shares;
} clone_cases[] = {
	{ "empty", 0, 0, 0, true },
	{ "empty, with many to come", 0, 0, 5000, false },
	{ "as it is", 3000, 3000, 0, true },
	{ "one more", 3000, 3000, 1, true },
	{ "many more", 3000, 3000, 20000, false },
	{ "half gone", 3000, 1500, 0, true },
	{ "nearly all gone", 20000, 10, 0, false },
	{ "all gone", 20000, 0, 0, false },
	{ "nearly all gone, but to come again", 20000, 10, 19000, true },
};

KUNIT_ARRAY_PARAM_DESC(clone, clone_cases, desc);

static void clone_has_room(struct kunit *test)
{
	const struct clone_case *row = test->param_value;
	struct podwall_address_map *map = make_map(test, AF_INET, row->before);
	struct podwall_address_map *clone;
	u32 i, missing = 0;

	for (i = 0; i < row->before; i++)
		set(test, &map, draft_ip4(i + 1), i + 1);
	for (i = row->left; i < row->before; i++)
		set(test, &map, draft_ip4(i + 1), 0);
	clone = podwall_address_map_clone(map, row->more);
	KUNIT_ASSERT_NOT_NULL(test, clone);

	KUNIT_EXPECT_EQ(test, clone->count, row->left);
	KUNIT_EXPECT_GE(test, clone->page_count * PODWALL_ADDRESS_SLOTS4,
			row->left + row->more);
	if (row->shares)
		KUNIT_EXPECT_EQ(test, clone->page_count, map->page_count);
	else
		KUNIT_EXPECT_NE(test, clone->page_count, map->page_count);
	if (row->shares)
		KUNIT_EXPECT_PTR_EQ(test, clone->pages[0],
				    map->pages[0]);
	for (i = 0; i < row->before; i++)
		missing += find(clone, draft_ip4(i + 1)) !=
			   (i < row->left ? i + 1 : 0);
	KUNIT_EXPECT_EQ(test, missing, 0);
	podwall_address_map_put(map);
	set(test, &clone, draft_ip4(77777777), 7);
	KUNIT_EXPECT_EQ(test, find(clone, draft_ip4(77777777)), 7);
	podwall_address_map_put(clone);
}

static void too_many_are_refused(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test,
			  podwall_address_map_create(AF_INET, 0xf0000000));
	KUNIT_EXPECT_NULL(test,
			  podwall_address_map_create(AF_INET6, 0xf0000000));
}

static struct kunit_case address_map_cases[] = {
	KUNIT_CASE_PARAM(address_comes_and_goes, address_gen_params),
	KUNIT_CASE_PARAM(removal_leaves_all_others, address_gen_params),
	KUNIT_CASE_PARAM(pattern_is_found, pattern_gen_params),
	KUNIT_CASE_PARAM(searches_are_short, row_gen_params),
	KUNIT_CASE(equals_model4),
	KUNIT_CASE(equals_model6),
	KUNIT_CASE_PARAM(store_wants_its_own, store_gen_params),
	KUNIT_CASE(store_wants_room),
	KUNIT_CASE(address_finds_its_slot_again),
	KUNIT_CASE_PARAM(clone_has_room, clone_gen_params),
	KUNIT_CASE(too_many_are_refused),
	{}
};

static struct kunit_suite address_map_suite = {
	.name = "podwall_address_map",
	.test_cases = address_map_cases,
};

kunit_test_suite(address_map_suite);
