// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/podwall.h>
#include <linux/string.h>

#include "pod.h"

static void create_begins_enforced(struct kunit *test)
{
	char key[] = "default/web";
	struct podwall_pod *pod = podwall_pod_create(key);

	KUNIT_ASSERT_NOT_NULL(test, pod);
	key[0] = '!';
	KUNIT_EXPECT_STREQ(test, pod->key, "default/web");
	KUNIT_EXPECT_EQ(test, pod->mode, PODWALL_MODE_ENFORCE);
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
			offsetof(struct podwall_pod, key) + sizeof(key));
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

static struct kunit_case pod_cases[] = {
	KUNIT_CASE(create_begins_enforced),
	KUNIT_CASE(key_may_be_longest),
	KUNIT_CASE(references_keep_it),
	{}
};

static struct kunit_suite pod_suite = {
	.name = "podwall_pod",
	.test_cases = pod_cases,
};

kunit_test_suite(pod_suite);
