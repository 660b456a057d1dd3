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

/* Another uid is another pod, though it bear the same name. */
static void uid_tells_who_inherits(struct kunit *test)
{
	static const struct {
		const char *old;
		const char *new;
		s64 lost;
	} cases[] = {
		{ "", "", 7 },
		{ "one", "one", 7 },
		{ "one", "two", 0 },
		{ "one", "", 0 },
		{ "", "one", 0 },
		{ "one", "onehalf", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct podwall_pod *old = podwall_pod_create("a/b");
		struct podwall_pod *new = podwall_pod_create("a/b");

		KUNIT_ASSERT_NOT_NULL(test, old);
		KUNIT_ASSERT_NOT_NULL(test, new);
		strscpy(old->uid, cases[i].old, sizeof(old->uid));
		strscpy(new->uid, cases[i].new, sizeof(new->uid));
		atomic64_set(&old->events->lost, 7);
		podwall_pod_inherit(new, old);
		podwall_pod_put(old);
		KUNIT_EXPECT_EQ_MSG(test, atomic64_read(&new->events->lost),
				    cases[i].lost,
				    "from \"%s\" to \"%s\"", cases[i].old,
				    cases[i].new);
		podwall_pod_put(new);
	}
}

static struct kunit_case pod_cases[] = {
	KUNIT_CASE(create_begins_enforced),
	KUNIT_CASE(key_may_be_longest),
	KUNIT_CASE(references_keep_it),
	KUNIT_CASE(uid_tells_who_inherits),
	{}
};

static struct kunit_suite pod_suite = {
	.name = "podwall_pod",
	.test_cases = pod_cases,
};

kunit_test_suite(pod_suite);
