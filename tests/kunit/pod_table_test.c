// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>

#include "draft.h"
#include "pod_table.h"

static void begin(struct kunit *test, struct podwall_pod_table *table,
		  u32 count4, u32 count6)
{
	*table = (struct podwall_pod_table){};
	KUNIT_ASSERT_EQ(test, 0,
			podwall_pod_table_create(table, count4, count6));
}

/* Slots are told by number here: the table never looks into one. */
static u32 find(const struct podwall_pod_table *table, struct podwall_ip ip)
{
	return (unsigned long)(ip.family == AF_INET ?
			       podwall_pod_table_find4(table, ip.v4) :
			       podwall_pod_table_find6(table, &ip.v6));
}

static u32 add(struct podwall_pod_table *table, struct podwall_ip ip, u32 pod)
{
	return (unsigned long)podwall_pod_table_add(table, &ip,
						    (void *)(unsigned long)pod);
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
	{ "families apart", "0.0.0.1", "::1" },
};

KUNIT_ARRAY_PARAM_DESC(address, address_cases, desc);

static void address_has_one_pod(struct kunit *test)
{
	const struct address_case *row = test->param_value;
	struct podwall_ip ip = draft_ip(row->ip), other = draft_ip(row->other);
	struct podwall_pod_table table;

	begin(test, &table, 2, 2);
	KUNIT_EXPECT_EQ(test, find(&table, ip), 0);
	KUNIT_EXPECT_EQ(test, add(&table, ip, 7), 0);
	KUNIT_EXPECT_EQ(test, find(&table, ip), 7);
	KUNIT_EXPECT_EQ(test, find(&table, other), 0);
	KUNIT_EXPECT_EQ(test, add(&table, ip, 8), 7);
	KUNIT_EXPECT_EQ(test, find(&table, ip), 7);
	KUNIT_EXPECT_EQ(test, add(&table, other, 8), 0);
	KUNIT_EXPECT_EQ(test, find(&table, ip), 7);
	KUNIT_EXPECT_EQ(test, find(&table, other), 8);
	podwall_pod_table_release(&table);
}

static const struct pattern_case {
	const char *desc;
	u32 count;
	u8 family;
	u64 first;
	u64 step_high;
	u64 step_low;
} pattern_cases[] = {
	{ "none", 0 },
	{ "one", 1, AF_INET, 0x0a000001 },
	{ "as many as fit without growing", 2, AF_INET, 0x0a000001, 0, 1 },
	{ "a node's pods", 250, AF_INET, 0x0a000001, 0, 1 },
	{ "many pods", 60000, AF_INET, 0x0a000001, 0, 1 },
	{ "one of each /24", 5000, AF_INET, 0x0a000001, 0, 256 },
	{ "one of each /16", 5000, AF_INET, 0x00000001, 0, 65536 },
	{ "a node's IPv6 pods", 250, AF_INET6, 1, 0, 1 },
	{ "one of each /64", 5000, AF_INET6, 1, 1, 0 },
	{ "one of each /32", 5000, AF_INET6, 1, 1ULL << 32, 0 },
	{ "one of each /96", 5000, AF_INET6, 1, 0, 1ULL << 32 },
};

KUNIT_ARRAY_PARAM_DESC(pattern, pattern_cases, desc);

static struct podwall_ip pattern_ip(const struct pattern_case *row, u32 index)
{
	u64 low = row->first + row->step_low * index;

	return row->family == AF_INET ? draft_ip4(low) :
		draft_ip6(0xfd00000000000000 + row->step_high * index, low);
}

static void pattern_is_found(struct kunit *test)
{
	const struct pattern_case *row = test->param_value;
	struct podwall_pod_table table;
	u32 i, wrong = 0, entries, entries4, count6;

	count6 = row->family == AF_INET6 ? row->count : 0;
	begin(test, &table, row->count - count6, count6);
	for (i = 0; i < row->count; i++)
		wrong += !!add(&table, pattern_ip(row, i), i + 1);
	for (i = 0; i < row->count; i++)
		wrong += find(&table, pattern_ip(row, i)) != i + 1;
	for (i = row->count; i < row->count + 100; i++)
		wrong += row->step_high + row->step_low &&
			 find(&table, pattern_ip(row, i)) != 0;
	KUNIT_EXPECT_EQ(test, wrong, 0);
	entries4 = table.mask4 / sizeof(*table.entries4) + 1;
	entries = count6 ? table.mask6 + 1 : entries4;
	KUNIT_EXPECT_GE(test, entries, 8 * row->count);
	KUNIT_EXPECT_LE(test, entries, max(8U, 16 * row->count));
	KUNIT_EXPECT_EQ(test, podwall_pod_table_size(&table),
			entries4 * sizeof(*table.entries4) +
			(table.mask6 + 1) * sizeof(*table.entries6));
	podwall_pod_table_release(&table);
}

static u32 steps_to(const struct podwall_pod_table *table, __be32 ip)
{
	unsigned long offset = podwall_pod_table_offset4(table, ip);
	u32 steps = 0;

	while (podwall_pod_table_entry4(table, offset)->ip != ip) {
		offset = podwall_pod_table_next4(table, offset);
		steps++;
	}
	return steps;
}

/* Whatever is drawn, for the addresses that a node gives out one by one. */
static void searches_are_short(struct kunit *test)
{
	const u32 count = 250, rounds = 200;
	u32 i, round, steps, long_ones = 0;
	struct podwall_pod_table table;

	for (round = 0; round < rounds; round++) {
		begin(test, &table, count, 0);
		for (i = 0; i < count; i++)
			add(&table, draft_ip4(0x0af40102 + i), i + 1);
		for (i = 0, steps = 0; i < count; i++)
			steps += steps_to(&table,
					  draft_ip4(0x0af40102 + i).v4);
		long_ones += steps > count;
		podwall_pod_table_release(&table);
	}
	KUNIT_EXPECT_LE(test, long_ones, 2);
}

static void families_have_their_own_room(struct kunit *test)
{
	struct podwall_pod_table table;
	u32 i, wrong = 0;

	begin(test, &table, 1000, 1000);
	for (i = 0; i < 1000; i++) {
		wrong += !!add(&table, draft_ip4(i), i + 1);
		wrong += !!add(&table, draft_ip6(0, i), i + 10001);
	}
	for (i = 0; i < 1000; i++) {
		wrong += find(&table, draft_ip4(i)) != i + 1;
		wrong += find(&table, draft_ip6(0, i)) != i + 10001;
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	podwall_pod_table_release(&table);
}

static void too_many_are_refused(struct kunit *test)
{
	static const u32 counts[] = { (1U << 24) + 1, 1U << 29, U32_MAX };
	struct podwall_pod_table table = {};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		KUNIT_EXPECT_EQ(test, -ENOMEM,
				podwall_pod_table_create(&table, counts[i], 0));
		KUNIT_EXPECT_EQ(test, -ENOMEM,
				podwall_pod_table_create(&table, 0, counts[i]));
		podwall_pod_table_release(&table);
	}
}

static struct kunit_case pod_table_cases[] = {
	KUNIT_CASE_PARAM(address_has_one_pod, address_gen_params),
	KUNIT_CASE_PARAM(pattern_is_found, pattern_gen_params),
	KUNIT_CASE(searches_are_short),
	KUNIT_CASE(families_have_their_own_room),
	KUNIT_CASE(too_many_are_refused),
	{}
};

static struct kunit_suite pod_table_suite = {
	.name = "podwall_pod_table",
	.test_cases = pod_table_cases,
};

kunit_test_suite(pod_table_suite);
