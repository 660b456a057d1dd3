// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/podwall.h>
#include <linux/string.h>

#include "pod.h"
#include "traffic.h"

static void create_begins_enforced(struct kunit *test)
{
	char key[] = "default/web";
	struct podwall_pod *pod = podwall_pod_create(key);

	KUNIT_ASSERT_NOT_NULL(test, pod);
	key[0] = '!';
	KUNIT_EXPECT_STREQ(test, pod->key, "default/web");
	KUNIT_EXPECT_EQ(test, pod->mode, PODWALL_MODE_ENFORCE);
	KUNIT_EXPECT_FALSE(test, pod->report_accepted);
	KUNIT_EXPECT_EQ(test, pod->address_count, 0);
	KUNIT_EXPECT_EQ(test, pod->ingress_rule_set, 0);
	KUNIT_EXPECT_EQ(test, pod->egress_rule_set, 0);
	KUNIT_EXPECT_STREQ(test, pod->uid, "");
	KUNIT_EXPECT_STREQ(test, pod->interface, "");
	podwall_pod_put(pod);
}

static void key_may_be_longest(struct kunit *test)
{
	char key[PODWALL_NAME_MAX + 1];
	struct podwall_pod *pod;

	memset(key, 'k', PODWALL_NAME_MAX);
	key[PODWALL_NAME_MAX] = '\0';
	pod = podwall_pod_create(key);
	KUNIT_ASSERT_NOT_NULL(test, pod);
	KUNIT_EXPECT_STREQ(test, pod->key, key);
	KUNIT_EXPECT_EQ(test, podwall_pod_size(pod),
			offsetof(struct podwall_pod, key) + sizeof(key) +
			sizeof(struct podwall_event_limit));
	podwall_pod_put(pod);
}

/* That the last put frees it is what the search for leaks proves. */
static void references_keep_it(struct kunit *test)
{
	struct podwall_pod *pod = podwall_pod_create("a/b");

	KUNIT_ASSERT_NOT_NULL(test, pod);
	KUNIT_EXPECT_PTR_EQ(test, podwall_pod_get(pod), pod);
	KUNIT_EXPECT_EQ(test, refcount_read(&pod->references), 2);
	podwall_pod_put(pod);
	KUNIT_EXPECT_STREQ(test, pod->key, "a/b");
	KUNIT_EXPECT_EQ(test, refcount_read(&pod->references), 1);
	podwall_pod_put(pod);
}

static struct podwall_pod *make(struct kunit *test, const char *key,
				const char *uid)
{
	struct podwall_pod *pod = podwall_pod_create(key);

	KUNIT_ASSERT_NOT_NULL(test, pod);
	strscpy(pod->uid, uid, sizeof(pod->uid));
	return pod;
}

static const struct same_case {
	const char *desc;
	const char *key;
	const char *uid;
	bool same;
} same_cases[] = {
	{ "key and uid", "a/b", "u1", true },
	{ "another key", "a/c", "u1" },
	{ "another uid", "a/b", "u2" },
	{ "no uid", "a/b", "" },
	{ "a uid that goes on", "a/b", "u11" },
};

KUNIT_ARRAY_PARAM_DESC(same, same_cases, desc);

static void pods_are_known_again(struct kunit *test)
{
	const struct same_case *row = test->param_value;
	struct podwall_pod *old = make(test, "a/b", "u1");
	struct podwall_pod *pod = make(test, row->key, row->uid);

	KUNIT_EXPECT_EQ(test, podwall_pod_is_same(pod, old), row->same);
	podwall_pod_put(pod);
	podwall_pod_put(old);
}

/* What the next state inherits outlives the one before it. */
static void next_state_inherits(struct kunit *test)
{
	struct podwall_traffic_total *total = podwall_traffic_total_create();
	struct podwall_pod *old = make(test, "a/b", "u1");
	struct podwall_pod *pod = make(test, "a/b", "u1");
	struct podwall_traffic_counts counts;

	KUNIT_ASSERT_NOT_NULL(test, total);
	KUNIT_ASSERT_EQ(test, 0, podwall_pod_begin(old, total));
	podwall_traffic_count(old->traffic->counts, PODWALL_DIRECTION_EGRESS,
			      PODWALL_TRAFFIC_RULE, 60, true);
	podwall_pod_inherit(pod, old);
	KUNIT_EXPECT_PTR_EQ(test, pod->traffic, old->traffic);
	KUNIT_EXPECT_PTR_EQ(test, pod->events, old->events);
	podwall_pod_put(old);
	podwall_traffic_read(pod->traffic->counts, &counts);
	KUNIT_EXPECT_EQ(test, counts.egress[PODWALL_TRAFFIC_RULE].packets, 1);
	podwall_pod_put(pod);
	podwall_traffic_total_read(total, &counts);
	KUNIT_EXPECT_EQ(test, counts.egress[PODWALL_TRAFFIC_RULE].packets, 1);
	podwall_traffic_total_put(total);
}

static struct kunit_case pod_cases[] = {
	KUNIT_CASE(create_begins_enforced),
	KUNIT_CASE(key_may_be_longest),
	KUNIT_CASE(references_keep_it),
	KUNIT_CASE_PARAM(pods_are_known_again, same_gen_params),
	KUNIT_CASE(next_state_inherits),
	{}
};

static struct kunit_suite pod_suite = {
	.name = "podwall_pod",
	.test_cases = pod_cases,
};

kunit_test_suite(pod_suite);
