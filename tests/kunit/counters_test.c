// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/smp.h>

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

static struct kunit_case counters_cases[] = {
	KUNIT_CASE_PARAM(counts_are_distinct, size_gen_params),
	KUNIT_CASE(read_sums_cpus),
	KUNIT_CASE(bytes_exceed_32_bits),
	KUNIT_CASE(count_is_found),
	{}
};

static struct kunit_suite counters_suite = {
	.name = "podwall_counters",
	.test_cases = counters_cases,
};

kunit_test_suite(counters_suite);
