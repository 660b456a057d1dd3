// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "counters.h"

static const struct size_case {
	const char *desc;
	u32 count;
} size_cases[] = {
	{ "one", 1 },
	{ "a chunk but one", PODWALL_COUNTERS_CHUNK - 1 },
	{ "a chunk", PODWALL_COUNTERS_CHUNK },
	{ "a chunk and one", PODWALL_COUNTERS_CHUNK + 1 },
	{ "two chunks and a half", PODWALL_COUNTERS_CHUNK * 5 / 2 },
};

KUNIT_ARRAY_PARAM_DESC(size, size_cases, desc);

static void add(struct podwall_counters *counters, u32 index, u32 bytes,
		bool first)
{
	podwall_count_add(podwall_counters_at(counters, index), bytes, first);
}

/* Every count has bytes of its own: no two of them share memory. */
static void counts_are_distinct(struct kunit *test)
{
	const struct size_case *row = test->param_value;
	struct podwall_counters *counters;
	struct podwall_count count;
	u32 i;

	counters = podwall_counters_create(row->count);
	KUNIT_ASSERT_NOT_NULL(test, counters);
	KUNIT_EXPECT_EQ(test, counters->count, row->count);
	for (i = 0; i < row->count; i++) {
		count = podwall_counters_read(counters, i);
		KUNIT_ASSERT_EQ(test, count.connections, 0);
		KUNIT_ASSERT_EQ(test, count.packets, 0);
		KUNIT_ASSERT_EQ(test, count.bytes, 0);
	}
	for (i = 0; i < row->count; i++)
		add(counters, i, i + 1, false);
	add(counters, row->count - 1, 1500, true);
	for (i = 0; i < row->count - 1; i++) {
		count = podwall_counters_read(counters, i);
		KUNIT_ASSERT_EQ(test, count.connections, 0);
		KUNIT_ASSERT_EQ(test, count.packets, 1);
		KUNIT_ASSERT_EQ(test, count.bytes, i + 1);
	}
	count = podwall_counters_read(counters, i);
	KUNIT_EXPECT_EQ(test, count.connections, 1);
	KUNIT_EXPECT_EQ(test, count.packets, 2);
	KUNIT_EXPECT_EQ(test, count.bytes, i + 1 + 1500);
	podwall_counters_free(counters);
}

static void add_here(void *counters)
{
	add(counters, 1030, 100 + raw_smp_processor_id(), true);
}

static void read_sums_cpus(struct kunit *test)
{
	struct podwall_counters *counters = podwall_counters_create(1031);
	struct podwall_count count;
	u64 bytes = 0;
	int cpu;

	KUNIT_ASSERT_NOT_NULL(test, counters);
	for_each_online_cpu(cpu) {
		smp_call_function_single(cpu, add_here, counters, 1);
		bytes += 100 + cpu;
	}
	count = podwall_counters_read(counters, 1030);
	KUNIT_EXPECT_EQ(test, count.connections, num_online_cpus());
	KUNIT_EXPECT_EQ(test, count.packets, num_online_cpus());
	KUNIT_EXPECT_EQ(test, count.bytes, bytes);
	count = podwall_counters_read(counters, 1029);
	KUNIT_EXPECT_EQ(test, count.packets, 0);
	podwall_counters_free(counters);
}

static void bytes_exceed_32_bits(struct kunit *test)
{
	struct podwall_counters *counters = podwall_counters_create(1);
	struct podwall_count count;

	KUNIT_ASSERT_NOT_NULL(test, counters);
	podwall_count_packet(podwall_counters_at(counters, 0), 0xf0000000);
	podwall_count_packet(podwall_counters_at(counters, 0), 0xf0000000);
	count = podwall_counters_read(counters, 0);
	KUNIT_EXPECT_EQ(test, count.bytes, 0x1e0000000ULL);
	podwall_counters_free(counters);
	podwall_counters_free(NULL);
}

/* Across the end of a chunk. */
static void count_is_found(struct kunit *test)
{
	static const u32 indices[] = { 0, 1, 1023, 1024, 1025, 2047, 2048, 2999 };
	struct podwall_counters *counters = podwall_counters_create(3000);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, counters);
	for (i = 0; i < ARRAY_SIZE(indices); i++)
		add(counters, indices[i], i + 1, false);
	for (i = 0; i < ARRAY_SIZE(indices); i++) {
		struct podwall_count count =
			podwall_counters_read(counters, indices[i]);

		KUNIT_EXPECT_EQ(test, count.packets, 1);
		KUNIT_EXPECT_EQ(test, count.bytes, i + 1);
	}
	podwall_counters_free(counters);
}

#define NONE PODWALL_COUNTERS_NONE

/* As the DOC: block in counters.c has them: rules a, b and c of three commits. */
static const u32 b_from_a[] = { 1, NONE };
static const u32 c_from_b[] = { 1, 0 };

static struct podwall_counters *make_row(struct kunit *test)
{
	struct podwall_counters *row = podwall_counters_create(2);

	KUNIT_ASSERT_NOT_NULL(test, row);
	return row;
}

static void succeed(struct kunit *test, struct podwall_counters *row,
		    struct podwall_counters *older, const u32 *indices)
{
	u32 *copy = kvmalloc_array(row->count, sizeof(*copy), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, indices, row->count * sizeof(*copy));
	podwall_counters_succeed(row, older, copy);
}

/* So that each number tells where it comes from. */
static void add_times(struct podwall_counters *row, u32 index, u32 times)
{
	while (times--)
		add(row, index, 1000, times & 1);
}

static void expect_packets(struct kunit *test,
			   const struct podwall_counters *row, u32 index,
			   u32 packets)
{
	struct podwall_count count = podwall_counters_read(row, index);

	KUNIT_EXPECT_EQ(test, count.packets, packets);
	KUNIT_EXPECT_EQ(test, count.bytes, 1000 * packets);
}

static void newer_row_goes_on(struct kunit *test)
{
	struct podwall_counters *a = make_row(test), *b = make_row(test);
	struct podwall_count count;

	add_times(a, 0, 3);
	add_times(a, 1, 5);
	succeed(test, b, a, b_from_a);
	expect_packets(test, b, 0, 5);
	expect_packets(test, b, 1, 0);
	/* Both count while packets find one or the other. */
	add_times(b, 0, 2);
	add_times(b, 1, 7);
	add_times(a, 1, 1);
	expect_packets(test, b, 0, 8);
	expect_packets(test, b, 1, 7);
	/* What is listed of the older one is its own. */
	expect_packets(test, a, 0, 3);
	expect_packets(test, a, 1, 6);
	count = podwall_counters_read(b, 0);
	KUNIT_EXPECT_EQ(test, count.connections, 3);

	podwall_counters_free(a);
	KUNIT_EXPECT_NULL(test, b->older);
	KUNIT_EXPECT_NULL(test, b->indices);
	expect_packets(test, b, 0, 8);
	expect_packets(test, b, 1, 7);
	count = podwall_counters_read(b, 0);
	KUNIT_EXPECT_EQ(test, count.connections, 3);
	podwall_counters_free(b);
}

static const struct order_case {
	const char *desc;
	u8 freed[2];
} order_cases[] = {
	{ "the oldest first", { 0, 1 } },
	{ "the middle one first", { 1, 0 } },
};

KUNIT_ARRAY_PARAM_DESC(order, order_cases, desc);

static void rows_are_freed_in_any_order(struct kunit *test)
{
	const struct order_case *row = test->param_value;
	struct podwall_counters *rows[3];
	u32 i;

	for (i = 0; i < 3; i++)
		rows[i] = make_row(test);
	succeed(test, rows[1], rows[0], b_from_a);
	succeed(test, rows[2], rows[1], c_from_b);
	add_times(rows[0], 0, 3);
	add_times(rows[0], 1, 5);
	add_times(rows[1], 0, 2);
	add_times(rows[1], 1, 11);
	add_times(rows[2], 0, 1);
	for (i = 0; i < 2; i++) {
		expect_packets(test, rows[2], 0, 12);
		expect_packets(test, rows[2], 1, 7);
		podwall_counters_free(rows[row->freed[i]]);
	}
	expect_packets(test, rows[2], 0, 12);
	expect_packets(test, rows[2], 1, 7);
	KUNIT_EXPECT_NULL(test, rows[2]->older);
	podwall_counters_free(rows[2]);
}

/* What goes on counting in a row that lives on is found behind a freed one. */
static void older_row_counts_on(struct kunit *test)
{
	struct podwall_counters *a = make_row(test), *b = make_row(test);
	struct podwall_counters *c = make_row(test);

	succeed(test, b, a, b_from_a);
	succeed(test, c, b, c_from_b);
	add_times(b, 0, 2);
	podwall_counters_free(b);
	KUNIT_EXPECT_PTR_EQ(test, c->older, a);
	KUNIT_EXPECT_PTR_EQ(test, a->newer, c);
	KUNIT_EXPECT_EQ(test, c->indices[0], NONE);
	KUNIT_EXPECT_EQ(test, c->indices[1], 1);
	add_times(a, 1, 5);
	expect_packets(test, c, 0, 0);
	expect_packets(test, c, 1, 7);
	podwall_counters_free(a);
	expect_packets(test, c, 1, 7);
	podwall_counters_free(c);
}

/* A policy that was built and not published may be freed late. */
static void abandoned_row_gives_way(struct kunit *test)
{
	struct podwall_counters *a = make_row(test), *b = make_row(test);
	struct podwall_counters *abandoned = make_row(test);

	add_times(a, 1, 5);
	succeed(test, abandoned, a, c_from_b);
	succeed(test, b, a, b_from_a);
	KUNIT_EXPECT_NULL(test, abandoned->older);
	podwall_counters_free(a);
	expect_packets(test, b, 0, 5);
	expect_packets(test, abandoned, 0, 0);
	podwall_counters_free(abandoned);
	podwall_counters_free(b);
}

static void abandoned_row_changes_nothing(struct kunit *test)
{
	struct podwall_counters *a = make_row(test), *b = make_row(test);

	add_times(a, 0, 4);
	succeed(test, b, a, b_from_a);
	podwall_counters_free(b);
	KUNIT_EXPECT_NULL(test, a->newer);
	expect_packets(test, a, 0, 4);
	b = make_row(test);
	/* Twice is as good as once. */
	succeed(test, b, a, c_from_b);
	succeed(test, b, a, b_from_a);
	add_times(a, 1, 2);
	podwall_counters_free(a);
	expect_packets(test, b, 0, 2);
	podwall_counters_free(b);
}

#define REPLACEMENTS 3000

/* Each is freed while the next is there, and one is held all the while. */
static void chain_stays_short(struct kunit *test)
{
	struct podwall_counters *held = make_row(test), *older = held;
	static const u32 same[] = { 0, 1 };
	struct podwall_counters *row;
	u32 i;

	for (i = 0; i < REPLACEMENTS; i++) {
		add_times(older, 0, 1);
		row = make_row(test);
		succeed(test, row, older, same);
		if (older != held)
			podwall_counters_free(older);
		older = row;
		KUNIT_ASSERT_PTR_EQ(test, row->older, held);
	}
	add_times(held, 1, 3);
	expect_packets(test, row, 0, REPLACEMENTS);
	expect_packets(test, row, 1, 3);
	podwall_counters_free(held);
	expect_packets(test, row, 0, REPLACEMENTS);
	expect_packets(test, row, 1, 3);
	podwall_counters_free(row);
}

static struct kunit_case counters_cases[] = {
	KUNIT_CASE_PARAM(counts_are_distinct, size_gen_params),
	KUNIT_CASE(read_sums_cpus),
	KUNIT_CASE(bytes_exceed_32_bits),
	KUNIT_CASE(count_is_found),
	KUNIT_CASE(newer_row_goes_on),
	KUNIT_CASE_PARAM(rows_are_freed_in_any_order, order_gen_params),
	KUNIT_CASE(older_row_counts_on),
	KUNIT_CASE(abandoned_row_gives_way),
	KUNIT_CASE(abandoned_row_changes_nothing),
	KUNIT_CASE(chain_stays_short),
	{}
};

static struct kunit_suite counters_suite = {
	.name = "podwall_counters",
	.test_cases = counters_cases,
};

kunit_test_suite(counters_suite);
