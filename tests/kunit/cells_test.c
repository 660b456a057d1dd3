// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/cache.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "cells.h"

static struct podwall_cells *create(struct kunit *test, u32 regions,
				    u32 identities, u32 seed)
{
	struct podwall_cells *cells = podwall_cells_create(regions, identities,
							   seed);

	KUNIT_ASSERT_NOT_NULL(test, cells);
	KUNIT_ASSERT_EQ(test, cells->region_count, regions);
	KUNIT_ASSERT_EQ(test, cells->identity_count, identities);
	KUNIT_ASSERT_EQ(test, podwall_cells_count(cells), regions + identities);
	return cells;
}

static const struct size_case {
	const char *desc;
	u32 regions;
	u32 identities;
	u32 seed;
} size_cases[] = {
	{ "one of each", 1, 1, 0 },
	{ "another seed", 1, 1, 1 },
	{ "the last seed of its own", 1, 1, 63 },
	{ "a seed like the first", 1, 1, 64 },
	{ "the largest seed", 1, 1, U32_MAX },
	{ "many regions", 5000, 1, 7 },
	{ "many identities", 1, 5000, 7 },
	{ "many of both", 3000, 20000, 9 },
};

KUNIT_ARRAY_PARAM_DESC(size, size_cases, desc);

/* All 0, all to be written, and none beyond what the size says. */
static void cells_have_room(struct kunit *test)
{
	const struct size_case *row = test->param_value;
	struct podwall_cells *cells = create(test, row->regions,
					     row->identities, row->seed);
	u32 i, *values = podwall_cells_values(cells), wrong = 0;
	u32 count = podwall_cells_count(cells);

	for (i = 0; i < count; i++)
		wrong += values[i] != 0;
	for (i = 0; i < count; i++)
		values[i] = i;
	for (i = 0; i < count; i++)
		wrong += values[i] != i;
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, podwall_cells_size(cells),
			(const void *)(values + count) - (const void *)cells);
	podwall_cells_put(cells);
}

static unsigned long offset_of_region_1(struct kunit *test, u32 identities,
					u32 seed)
{
	struct podwall_cells *cells = create(test, 10, identities, seed);
	unsigned long offset = (const void *)(podwall_cells_values(cells) + 1) -
			       (const void *)cells;

	podwall_cells_put(cells);
	return offset;
}

/* What is asked most begins a cache line: of many sets, where it is a page. */
static void first_region_begins_a_line(struct kunit *test)
{
	unsigned long offset, seen[PAGE_SIZE / L1_CACHE_BYTES + 2] = {};
	u32 i, distinct = 0;

	for (i = 0; i < 64; i++) {
		offset = offset_of_region_1(test, 10, i);
		KUNIT_EXPECT_EQ(test, offset, L1_CACHE_BYTES);
		offset = offset_of_region_1(test, 5000, i);
		KUNIT_EXPECT_EQ(test, offset % L1_CACHE_BYTES, 0);
		offset /= L1_CACHE_BYTES;
		KUNIT_ASSERT_LT(test, offset, ARRAY_SIZE(seen));
		distinct += !seen[offset]++;
	}
	KUNIT_EXPECT_GT(test, distinct, 32);
}

static const struct extend_case {
	const char *desc;
	u32 regions;
	u32 identities;
	u32 more_regions;
	u32 more_identities;
	u32 seed;
} extend_cases[] = {
	{ "as many", 3, 5, 0, 0, 1 },
	{ "as many, set apart otherwise", 3, 5, 0, 0, 2 },
	{ "more regions", 3, 5, 4, 0, 1 },
	{ "more identities", 3, 5, 0, 4, 1 },
	{ "more of both", 300, 500, 40, 70, 9 },
	{ "from next to nothing", 1, 1, 1000, 1000, 3 },
};

KUNIT_ARRAY_PARAM_DESC(extend, extend_cases, desc);

static void each_keeps_its_place(struct kunit *test)
{
	const struct extend_case *row = test->param_value;
	struct podwall_cells *from = create(test, row->regions,
					    row->identities, 1), *to;
	u32 i, *values = podwall_cells_values(from), wrong = 0;

	for (i = 0; i < podwall_cells_count(from); i++)
		values[i] = i + 1;
	to = podwall_cells_extend(from, row->regions + row->more_regions,
				  row->identities + row->more_identities,
				  row->seed);
	KUNIT_ASSERT_NOT_NULL(test, to);
	KUNIT_EXPECT_EQ(test, refcount_read(&to->references), 1);
	KUNIT_EXPECT_EQ(test, to->region_count,
			row->regions + row->more_regions);
	KUNIT_EXPECT_EQ(test, to->identity_count,
			row->identities + row->more_identities);
	for (i = 0; i < podwall_cells_count(from); i++)
		wrong += values[i] != i + 1;
	values = podwall_cells_values(to);
	for (i = 0; i < to->region_count; i++)
		wrong += values[i] != (i < row->regions ? i + 1 : 0);
	values += to->region_count;
	for (i = 0; i < to->identity_count; i++)
		wrong += values[i] !=
			 (i < row->identities ? row->regions + i + 1 : 0);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	podwall_cells_put(from);
	podwall_cells_put(to);
}

static void references_keep_it(struct kunit *test)
{
	struct podwall_cells *cells = create(test, 2, 3, 0);

	KUNIT_EXPECT_PTR_EQ(test, podwall_cells_get(cells), cells);
	podwall_cells_put(cells);
	KUNIT_EXPECT_EQ(test, refcount_read(&cells->references), 1);
	podwall_cells_put(cells);
	podwall_cells_put(NULL);
}

static struct kunit_case cells_cases[] = {
	KUNIT_CASE_PARAM(cells_have_room, size_gen_params),
	KUNIT_CASE(first_region_begins_a_line),
	KUNIT_CASE_PARAM(each_keeps_its_place, extend_gen_params),
	KUNIT_CASE(references_keep_it),
	{}
};

static struct kunit_suite cells_suite = {
	.name = "podwall_cells",
	.test_cases = cells_cases,
};

kunit_test_suite(cells_suite);
