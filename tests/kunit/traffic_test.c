// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "traffic.h"

#define INGRESS	PODWALL_DIRECTION_INGRESS
#define EGRESS	PODWALL_DIRECTION_EGRESS
#define ACCEPT	PODWALL_VERDICT_ACCEPT
#define DENY	PODWALL_VERDICT_DENY
#define ENFORCE	PODWALL_MODE_ENFORCE
#define AUDIT	PODWALL_MODE_AUDIT

static const struct kind_case {
	const char *desc;
	u8 verdict;
	u8 mode;
	u8 reason;
	enum podwall_traffic_kind kind;
} kind_cases[] = {
	{ "no policy", ACCEPT, ENFORCE, PODWALL_REASON_NO_POLICY,
	  PODWALL_TRAFFIC_NO_POLICY },
	{ "accepted by a rule", ACCEPT, ENFORCE, PODWALL_REASON_RULE,
	  PODWALL_TRAFFIC_RULE },
	{ "accepted by default", ACCEPT, ENFORCE, PODWALL_REASON_DEFAULT,
	  PODWALL_TRAFFIC_DEFAULT },
	{ "from the node", ACCEPT, ENFORCE, PODWALL_REASON_NODE,
	  PODWALL_TRAFFIC_NODE },
	{ "denied by a rule", DENY, ENFORCE, PODWALL_REASON_RULE,
	  PODWALL_TRAFFIC_DENIED_RULE },
	{ "isolated", DENY, ENFORCE, PODWALL_REASON_ISOLATED,
	  PODWALL_TRAFFIC_DENIED_ISOLATED },
	{ "unregistered", DENY, ENFORCE, PODWALL_REASON_UNREGISTERED,
	  PODWALL_TRAFFIC_DENIED_UNREGISTERED },
	{ "a rule in audit", DENY, AUDIT, PODWALL_REASON_RULE,
	  PODWALL_TRAFFIC_AUDITED_RULE },
	{ "isolated in audit", DENY, AUDIT, PODWALL_REASON_ISOLATED,
	  PODWALL_TRAFFIC_AUDITED_ISOLATED },
};

KUNIT_ARRAY_PARAM_DESC(kind, kind_cases, desc);

static void kinds_are_told_apart(struct kunit *test)
{
	const struct kind_case *row = test->param_value;
	const struct podwall_traffic_name *name =
		&podwall_traffic_names[row->kind];

	BUILD_BUG_ON(ARRAY_SIZE(kind_cases) != PODWALL_TRAFFIC_KINDS);
	KUNIT_EXPECT_EQ(test, podwall_traffic_kind(row->verdict, row->mode,
						   row->reason), row->kind);
	KUNIT_EXPECT_EQ(test, name->verdict, row->verdict);
	KUNIT_EXPECT_EQ(test, name->mode, row->mode);
	KUNIT_EXPECT_EQ(test, name->reason, row->reason);
}

/* A pod's own mode tells nothing of what it accepts. */
static void accepted_has_no_mode(struct kunit *test)
{
	u8 reason;

	for (reason = PODWALL_REASON_NO_POLICY; reason <= PODWALL_REASON_NODE;
	     reason++)
		KUNIT_EXPECT_EQ(test,
				podwall_traffic_kind(ACCEPT, ENFORCE, reason),
				podwall_traffic_kind(ACCEPT, AUDIT, reason));
}

static struct podwall_traffic_total *make_total(struct kunit *test)
{
	struct podwall_traffic_total *total = podwall_traffic_total_create();

	KUNIT_ASSERT_NOT_NULL(test, total);
	return total;
}

static struct podwall_traffic *make(struct kunit *test,
				    struct podwall_traffic_total *total)
{
	struct podwall_traffic *traffic = podwall_traffic_create(total);

	KUNIT_ASSERT_NOT_NULL(test, traffic);
	return traffic;
}

/* Every kind of either direction has numbers of its own. */
static void counts_are_distinct(struct kunit *test)
{
	struct podwall_traffic_total *total = make_total(test);
	struct podwall_traffic *traffic = make(test, total);
	struct podwall_traffic_counts counts, sums;
	u32 kind, i;

	for (kind = 0; kind < PODWALL_TRAFFIC_KINDS; kind++)
		for (i = 0; i <= kind; i++) {
			podwall_traffic_count(traffic->counts, INGRESS, kind,
					      10, i < 2);
			podwall_traffic_count(traffic->counts, EGRESS, kind,
					      100, false);
		}
	podwall_traffic_read(traffic->counts, &counts);
	for (kind = 0; kind < PODWALL_TRAFFIC_KINDS; kind++) {
		KUNIT_EXPECT_EQ(test, counts.ingress[kind].connections,
				min(kind + 1, 2U));
		KUNIT_EXPECT_EQ(test, counts.ingress[kind].packets, kind + 1);
		KUNIT_EXPECT_EQ(test, counts.ingress[kind].bytes,
				10 * (kind + 1));
		KUNIT_EXPECT_EQ(test, counts.egress[kind].connections, 0);
		KUNIT_EXPECT_EQ(test, counts.egress[kind].packets, kind + 1);
		KUNIT_EXPECT_EQ(test, counts.egress[kind].bytes,
				100 * (kind + 1));
	}
	podwall_traffic_total_read(total, &sums);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&sums, &counts, sizeof(sums)));
	podwall_traffic_put(traffic);
	podwall_traffic_total_put(total);
}

static void count_here(void *traffic)
{
	podwall_traffic_count(((struct podwall_traffic *)traffic)->counts,
			      EGRESS, PODWALL_TRAFFIC_RULE,
			      100 + raw_smp_processor_id(), true);
}

static void expect_total(struct kunit *test, struct podwall_traffic_total *total,
			 u64 packets, u64 bytes)
{
	struct podwall_traffic_counts sums;
	const struct podwall_count *count = &sums.egress[PODWALL_TRAFFIC_RULE];

	podwall_traffic_total_read(total, &sums);
	KUNIT_EXPECT_EQ(test, count->connections, packets);
	KUNIT_EXPECT_EQ(test, count->packets, packets);
	KUNIT_EXPECT_EQ(test, count->bytes, bytes);
	count = &sums.ingress[PODWALL_TRAFFIC_DENIED_UNREGISTERED];
	KUNIT_EXPECT_EQ(test, count->packets, 1);
	KUNIT_EXPECT_EQ(test, count->bytes, 60);
}

/* Of all rows, all CPUs, what is no pod's, and pods that are gone. */
static void total_is_of_all(struct kunit *test)
{
	struct podwall_traffic_total *total = make_total(test);
	struct podwall_traffic *rows[3];
	u64 packets = 0, bytes = 0;
	int cpu;
	u32 i;

	podwall_traffic_count(total->counts, INGRESS,
			      PODWALL_TRAFFIC_DENIED_UNREGISTERED, 60, true);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		rows[i] = make(test, total);
		for_each_online_cpu(cpu) {
			smp_call_function_single(cpu, count_here, rows[i], 1);
			packets++;
			bytes += 100 + cpu;
		}
	}
	expect_total(test, total, packets, bytes);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		podwall_traffic_put(rows[i]);
		expect_total(test, total, packets, bytes);
	}
	KUNIT_EXPECT_TRUE(test, list_empty(&total->rows));
	podwall_traffic_total_put(total);
}

/* A pod that replaces another shares its row, and the total has it once. */
static void shared_row_counts_once(struct kunit *test)
{
	struct podwall_traffic_total *total = make_total(test);
	struct podwall_traffic *row = make(test, total);
	struct podwall_traffic_counts sums;

	podwall_traffic_get(row);
	podwall_traffic_count(row->counts, INGRESS, PODWALL_TRAFFIC_DEFAULT, 7,
			      false);
	podwall_traffic_put(row);
	podwall_traffic_total_read(total, &sums);
	KUNIT_EXPECT_EQ(test, sums.ingress[PODWALL_TRAFFIC_DEFAULT].packets, 1);
	KUNIT_EXPECT_FALSE(test, list_empty(&total->rows));
	podwall_traffic_count(row->counts, INGRESS, PODWALL_TRAFFIC_DEFAULT, 7,
			      false);
	podwall_traffic_put(row);
	podwall_traffic_total_read(total, &sums);
	KUNIT_EXPECT_EQ(test, sums.ingress[PODWALL_TRAFFIC_DEFAULT].packets, 2);
	KUNIT_EXPECT_EQ(test, sums.ingress[PODWALL_TRAFFIC_DEFAULT].bytes, 14);
	podwall_traffic_total_put(total);
	podwall_traffic_put(NULL);
	podwall_traffic_total_put(NULL);
}

/* A row may be the last to know its total: the namespace goes before it. */
static void row_keeps_its_total(struct kunit *test)
{
	struct podwall_traffic_total *total = make_total(test);
	struct podwall_traffic *row = make(test, total);

	podwall_traffic_total_put(total);
	podwall_traffic_count(row->counts, EGRESS, PODWALL_TRAFFIC_NODE, 1,
			      false);
	podwall_traffic_put(row);
}

static struct kunit_case traffic_cases[] = {
	KUNIT_CASE_PARAM(kinds_are_told_apart, kind_gen_params),
	KUNIT_CASE(accepted_has_no_mode),
	KUNIT_CASE(counts_are_distinct),
	KUNIT_CASE(total_is_of_all),
	KUNIT_CASE(shared_row_counts_once),
	KUNIT_CASE(row_keeps_its_total),
	{}
};

static struct kunit_suite traffic_suite = {
	.name = "podwall_traffic",
	.test_cases = traffic_cases,
};

kunit_test_suite(traffic_suite);
