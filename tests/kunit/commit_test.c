// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/err.h>
#include <linux/podwall.h>

#include "change.h"
#include "commit.h"
#include "draft.h"
#include "error.h"
#include "policy.h"
#include "transaction.h"

/* Generation 1 of every case below. */
static const struct change live_changes[] = {
	ADDRESS("10.0.0.2", 2), ADDRESS("10.0.0.4", 4), ADDRESS("fd00::2", 2),
	PEER_SET(1, "one"), PEER_SET(3, "three"), PEER_SET(7, "seven"),
	INGRESS(10, 1), EGRESS(20, 3), INGRESS(30, 0),
	POD("ns/b", "10.0.0.2", 10, 20), POD("ns/d", "10.0.0.4", 0, 0),
};

/* The same as change_describe() writes it, with a space before each. */
#define LIVE_ADDRESSES	" 10.0.0.2=2 10.0.0.4=4 fd00::2=2"
#define LIVE_PEER_SETS	" 1:one 3:three 7:seven"
#define LIVE_RULE_SETS	" 10=1 20=3 30=0"
#define LIVE_PODS	" ns/b@10.0.0.2<10>20 ns/d@10.0.0.4"

static const struct merge_case {
	const char *desc;
	struct change changes[6];
	const char *after;
} merge_cases[] = {
	{ "nothing", {},
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "addresses before, between and behind",
	  { ADDRESS("fd00::9", 9), ADDRESS("10.0.0.3", 3),
	    ADDRESS("10.0.0.1", 1), ADDRESS("fd00::1", 1),
	    ADDRESS("10.0.0.9", 9) },
	  "2: 10.0.0.1=1 10.0.0.2=2 10.0.0.3=3 10.0.0.4=4 10.0.0.9=9 fd00::1=1 fd00::2=2 fd00::9=9"
	  LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "address moves, address goes",
	  { ADDRESS("10.0.0.2", 5), NO_ADDRESS("fd00::2") },
	  "2: 10.0.0.2=5 10.0.0.4=4" LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "the last change to an address holds",
	  { ADDRESS("10.0.0.2", 5), NO_ADDRESS("10.0.0.2"),
	    ADDRESS("10.0.0.2", 6), ADDRESS("10.0.0.4", 1),
	    NO_ADDRESS("10.0.0.4") },
	  "2: 10.0.0.2=6 fd00::2=2" LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "an address that comes and goes",
	  { ADDRESS("10.0.0.9", 5), NO_ADDRESS("10.0.0.9") },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "an address that goes, comes and goes",
	  { NO_ADDRESS("10.0.0.2"), ADDRESS("10.0.0.2", 8),
	    NO_ADDRESS("10.0.0.2") },
	  "2: 10.0.0.4=4 fd00::2=2" LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "an address that goes and comes",
	  { NO_ADDRESS("10.0.0.2"), ADDRESS("10.0.0.2", 8) },
	  "2: 10.0.0.2=8 10.0.0.4=4 fd00::2=2" LIVE_PEER_SETS LIVE_RULE_SETS
	  LIVE_PODS },
	{ "peer sets before, between, behind, instead",
	  { PEER_SET(9, "nine"), PEER_SET(5, "five"), PEER_SET(3, "drei") },
	  "2:" LIVE_ADDRESSES " 1:one 3:drei 5:five 7:seven 9:nine"
	  LIVE_RULE_SETS LIVE_PODS },
	{ "a peer set goes", { NO_PEER_SET(7) },
	  "2:" LIVE_ADDRESSES " 1:one 3:three" LIVE_RULE_SETS LIVE_PODS },
	{ "names change places",
	  { PEER_SET(1, "three"), PEER_SET(3, "one") },
	  "2:" LIVE_ADDRESSES " 1:three 3:one 7:seven" LIVE_RULE_SETS
	  LIVE_PODS },
	{ "a name passes from a peer set that goes to a new one",
	  { NO_PEER_SET(7), PEER_SET(5, "seven") },
	  "2:" LIVE_ADDRESSES " 1:one 3:three 5:seven" LIVE_RULE_SETS
	  LIVE_PODS },
	{ "a name passes from a peer set that goes to another",
	  { NO_PEER_SET(7), PEER_SET(3, "seven") },
	  "2:" LIVE_ADDRESSES " 1:one 3:seven" LIVE_RULE_SETS LIVE_PODS },
	{ "a peer set instead, of the same name",
	  { PEER_SET(3, "three") },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "the last change to a peer set holds",
	  { PEER_SET(7, "x"), NO_PEER_SET(7), PEER_SET(5, "y"),
	    NO_PEER_SET(5), PEER_SET(5, "z") },
	  "2:" LIVE_ADDRESSES " 1:one 3:three 5:z" LIVE_RULE_SETS LIVE_PODS },
	{ "a peer set that comes and goes",
	  { PEER_SET(5, "y"), NO_PEER_SET(5) },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "rule sets before, behind, instead, gone",
	  { INGRESS(5, 7), INGRESS(40, 3), EGRESS(20, 7), NO_RULE_SET(30) },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS " 5=7 10=1 20=7 40=3" LIVE_PODS },
	{ "pods before, between, behind",
	  { POD("ns/e", "10.0.1.3", 30, 0), POD("ns/a", "10.0.1.1", 0, 20),
	    POD("ns/c", "10.0.1.2", 0, 0) },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS
	  " ns/a@10.0.1.1>20 ns/b@10.0.0.2<10>20 ns/c@10.0.1.2 ns/d@10.0.0.4 ns/e@10.0.1.3<30" },
	{ "a pod instead, a pod gone",
	  { POD("ns/b", "10.0.0.7", 30, 0), NO_POD("ns/d") },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS
	  " ns/b@10.0.0.7<30" },
	{ "the last change to a pod holds",
	  { POD("ns/d", "10.0.0.8", 0, 0), NO_POD("ns/d"),
	    POD("ns/d", "10.0.0.9", 0, 0), NO_POD("ns/b") },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS " ns/d@10.0.0.9" },
	{ "an address passes from pod to pod",
	  { POD("ns/b", "10.0.0.4", 0, 0), POD("ns/d", "10.0.0.2", 0, 0) },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS
	  " ns/b@10.0.0.4 ns/d@10.0.0.2" },
	{ "a pod that comes and goes",
	  { POD("ns/c", "10.0.0.9", 0, 0), NO_POD("ns/c") },
	  "2:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS },
	{ "flush", { FLUSH }, "2:" },
	{ "flush drops what was staged before, keeps what comes after",
	  { PEER_SET(5, "five"), FLUSH, PEER_SET(1, "uno"),
	    ADDRESS("10.0.0.4", 9), POD("x/y", "10.0.0.4", 0, 0) },
	  "2: 10.0.0.4=9 1:uno x/y@10.0.0.4" },
};

KUNIT_ARRAY_PARAM_DESC(merge, merge_cases, desc);

static struct podwall_policy *make_live(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);

	change_stage(test, transaction, live_changes, ARRAY_SIZE(live_changes));
	return draft_commit(test, draft_policy(test), transaction);
}

static void commit_merges(struct kunit *test)
{
	const struct merge_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;

	change_stage(test, transaction, row->changes, ARRAY_SIZE(row->changes));
	next = draft_commit(test, live, transaction);

	KUNIT_EXPECT_STREQ(test, change_describe(test, next), row->after);
	KUNIT_EXPECT_STREQ(test, change_describe(test, live),
			   "1:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS);
}

static const struct refusal_case {
	const char *desc;
	struct change changes[4];
	int code;
	const char *text;
} refusal_cases[] = {
	{ "removal of an address that does not exist",
	  { NO_ADDRESS("10.0.0.3") }, -ENOENT,
	  "address 10.0.0.3 cannot be removed: it does not exist" },
	{ "removal of an address behind all",
	  { NO_ADDRESS("fd00::3") }, -ENOENT,
	  "address fd00::3 cannot be removed: it does not exist" },
	{ "removal of a peer set that does not exist",
	  { NO_PEER_SET(4) }, -ENOENT,
	  "peer set 4 cannot be removed: it does not exist" },
	{ "removal of a rule set that does not exist",
	  { NO_RULE_SET(11) }, -ENOENT,
	  "rule set 11 cannot be removed: it does not exist" },
	{ "removal of a pod that does not exist",
	  { NO_POD("ns/c") }, -ENOENT,
	  "pod ns/c cannot be removed: it does not exist" },
	{ "a pod that a flush removes already",
	  { FLUSH, NO_POD("ns/b") }, -ENOENT,
	  "pod ns/b cannot be removed: it does not exist" },
	{ "an address that goes before it comes",
	  { NO_ADDRESS("10.0.0.3"), ADDRESS("10.0.0.3", 3) }, -ENOENT,
	  "address 10.0.0.3 cannot be removed: it does not exist" },
	{ "removal of an address twice",
	  { NO_ADDRESS("10.0.0.2"), NO_ADDRESS("10.0.0.2") }, -ENOENT,
	  "address 10.0.0.2 cannot be removed: it does not exist" },
	{ "removal twice of an address that is set",
	  { ADDRESS("10.0.0.3", 3), NO_ADDRESS("10.0.0.3"),
	    NO_ADDRESS("10.0.0.3") }, -ENOENT,
	  "address 10.0.0.3 cannot be removed: it does not exist" },
	{ "removal twice of an address that moves",
	  { ADDRESS("fd00::2", 3), NO_ADDRESS("fd00::2"),
	    NO_ADDRESS("fd00::2") }, -ENOENT,
	  "address fd00::2 cannot be removed: it does not exist" },
	{ "a pod that goes before it comes",
	  { NO_POD("ns/c"), POD("ns/c", "10.0.0.3", 0, 0) }, -ENOENT,
	  "pod ns/c cannot be removed: it does not exist" },
	{ "removal of a peer set after a flush",
	  { FLUSH, NO_PEER_SET(1) }, -ENOENT,
	  "peer set 1 cannot be removed: it does not exist" },
	{ "removal of an address after a flush",
	  { FLUSH, NO_ADDRESS("10.0.0.2") }, -ENOENT,
	  "address 10.0.0.2 cannot be removed: it does not exist" },
	{ "a rule's peer set goes", { NO_PEER_SET(3) }, -ENOENT,
	  "rule set 20: rule 0 refers to peer set 3, which does not exist" },
	{ "a rule's peer set goes, and another comes with its name",
	  { NO_PEER_SET(3), PEER_SET(4, "three") }, -ENOENT,
	  "rule set 20: rule 0 refers to peer set 3, which does not exist" },
	{ "a rule's peer set goes, and its neighbours stay as they are",
	  { PEER_SET(1, "one"), NO_PEER_SET(3), PEER_SET(7, "seven") },
	  -ENOENT,
	  "rule set 20: rule 0 refers to peer set 3, which does not exist" },
	{ "a rule's peer set goes with a flush",
	  { FLUSH, PEER_SET(1, "one"), INGRESS(10, 3) }, -ENOENT,
	  "rule set 10: rule 0 refers to peer set 3, which does not exist" },
	{ "a rule names an unknown peer set", { INGRESS(11, 4) }, -ENOENT,
	  "rule set 11: rule 0 refers to peer set 4, which does not exist" },
	{ "a pod's ingress rule set goes", { NO_RULE_SET(10) }, -ENOENT,
	  "pod ns/b refers to ingress rule set 10, which does not exist" },
	{ "a pod's egress rule set goes", { NO_RULE_SET(20) }, -ENOENT,
	  "pod ns/b refers to egress rule set 20, which does not exist" },
	{ "a pod names an unknown rule set",
	  { POD("ns/c", "10.0.0.3", 99, 0) }, -ENOENT,
	  "pod ns/c refers to ingress rule set 99, which does not exist" },
	{ "a pod's rule set is of the other direction",
	  { POD("ns/c", "10.0.0.3", 20, 0) }, -EINVAL,
	  "pod ns/c: rule set 20 is not for ingress" },
	{ "a rule set turns round under its pod", { INGRESS(20, 0) }, -EINVAL,
	  "pod ns/b: rule set 20 is not for egress" },
	{ "two peer sets of one name", { PEER_SET(9, "one") }, -EEXIST,
	  "peer sets 1 and 9 have the same name \"one\"" },
	{ "a peer set takes the name of one that stays",
	  { PEER_SET(3, "one") }, -EEXIST,
	  "peer sets 1 and 3 have the same name \"one\"" },
	{ "a peer set takes the name of a later one",
	  { PEER_SET(3, "seven") }, -EEXIST,
	  "peer sets 3 and 7 have the same name \"seven\"" },
	{ "two new peer sets of one name",
	  { PEER_SET(2, "new"), PEER_SET(9, "new") }, -EEXIST,
	  "peer sets 2 and 9 have the same name \"new\"" },
	{ "two peer sets of one name after a flush",
	  { FLUSH, PEER_SET(1, "one"), PEER_SET(2, "one") }, -EEXIST,
	  "peer sets 1 and 2 have the same name \"one\"" },
	{ "two pods of one address",
	  { POD("ns/c", "10.0.0.4", 0, 0) }, -EEXIST,
	  "address 10.0.0.4 belongs to both pod ns/c and pod ns/d" },
	{ "two pods of the lowest address",
	  { POD("ns/c", "10.0.0.2", 0, 0) }, -EEXIST,
	  "address 10.0.0.2 belongs to both pod ns/b and pod ns/c" },
	{ "two pods of the highest address",
	  { POD("ns/a", "fd00::1", 0, 0), POD("ns/c", "fd00::1", 0, 0) },
	  -EEXIST, "address fd00::1 belongs to both pod ns/a and pod ns/c" },
	{ "what was accepted alone is dropped with the rest",
	  { ADDRESS("10.0.0.9", 1), PEER_SET(9, "nine"),
	    POD("ns/a", "10.0.0.9", 0, 0), NO_RULE_SET(77) }, -ENOENT,
	  "rule set 77 cannot be removed: it does not exist" },
};

KUNIT_ARRAY_PARAM_DESC(refusal, refusal_cases, desc);

static void commit_refuses(struct kunit *test)
{
	const struct refusal_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;
	struct podwall_error error = {};

	change_stage(test, transaction, row->changes, ARRAY_SIZE(row->changes));
	next = podwall_commit_build(live, transaction, &error);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(next), row->code);
	KUNIT_EXPECT_STREQ(test, error.text, row->text);
	KUNIT_EXPECT_STREQ(test, change_describe(test, live),
			   "1:" LIVE_ADDRESSES LIVE_PEER_SETS LIVE_RULE_SETS LIVE_PODS);
	if (!IS_ERR(next))
		podwall_policy_put(next);
}

static void untouched_objects_are_shared(struct kunit *test)
{
	static const struct change changes[] = { PEER_SET(3, "three") };
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;

	change_stage(test, transaction, changes, ARRAY_SIZE(changes));
	next = draft_commit(test, live, transaction);

	KUNIT_EXPECT_PTR_EQ(test, podwall_policy_peer_set(next, 1),
			    podwall_policy_peer_set(live, 1));
	KUNIT_EXPECT_PTR_NE(test, podwall_policy_peer_set(next, 3),
			    podwall_policy_peer_set(live, 3));
	KUNIT_EXPECT_PTR_EQ(test, podwall_policy_rule_set(next, 20),
			    podwall_policy_rule_set(live, 20));
	KUNIT_EXPECT_NULL(test, podwall_policy_rule_set(next, 21));
}

static void settings_are_taken_or_kept(struct kunit *test)
{
	struct podwall_transaction *first = draft_transaction(test);
	struct podwall_transaction *second = draft_transaction(test);
	struct podwall_network *network;
	struct podwall_policy *policy;

	podwall_settings_init(&first->settings);
	first->has_settings = true;
	first->settings.event_rate = 5;
	network = podwall_array_append(&first->settings.guarded,
				       sizeof(*network));
	KUNIT_ASSERT_NOT_NULL(test, network);
	*network = draft_network("10.0.0.0/24");

	policy = draft_commit(test, draft_policy(test), first);
	KUNIT_EXPECT_EQ(test, policy->settings.event_rate, 5);
	KUNIT_EXPECT_EQ(test, policy->settings_generation, 1);
	KUNIT_EXPECT_EQ(test, policy->used.guarded, 1);
	KUNIT_EXPECT_TRUE(test, podwall_policy_enforces(policy));

	podwall_transaction_flush(second);
	policy = draft_commit(test, policy, second);
	KUNIT_EXPECT_EQ(test, policy->generation, 2);
	KUNIT_EXPECT_EQ(test, policy->settings_generation, 1);
	KUNIT_EXPECT_EQ(test, policy->settings.event_rate, 5);
	KUNIT_EXPECT_EQ(test, policy->used.guarded, 1);
	KUNIT_EXPECT_TRUE(test, podwall_policy_enforces(policy));
}

static void pods_make_it_enforce(struct kunit *test)
{
	static const struct change flush[] = { FLUSH };
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *empty = draft_policy(test);
	struct podwall_policy *live = make_live(test);

	KUNIT_EXPECT_FALSE(test, podwall_policy_enforces(empty));
	KUNIT_EXPECT_TRUE(test, podwall_policy_enforces(live));
	change_stage(test, transaction, flush, 1);
	live = draft_commit(test, live, transaction);
	KUNIT_EXPECT_FALSE(test, podwall_policy_enforces(live));
}

static struct podwall_pod *find_pod(const struct podwall_policy *policy,
				    const char *key)
{
	const struct podwall_pod_slot *slots = policy->pod_slots.elements;
	u32 i;

	for (i = 0; i < policy->pod_slots.count; i++)
		if (!strcmp(slots[i].pod->key, key))
			return slots[i].pod;
	return NULL;
}

/* What was counted for a pod stays with it, however it is described anew. */
static const struct succession {
	const char *desc;
	struct change changes[4];
	u64 lost;
} successions[] = {
	{ "another object changes", { PEER_SET(5, "five") }, 7 },
	{ "described anew", { POD("ns/b", "10.0.0.7", 30, 0) }, 7 },
	{ "described anew, twice",
	  { POD("ns/b", "10.0.0.7", 30, 0), POD("ns/b", "10.0.0.8", 0, 0) },
	  7 },
	{ "removed and described anew",
	  { NO_POD("ns/b"), POD("ns/b", "10.0.0.7", 0, 0) }, 7 },
	{ "flushed and described anew",
	  { FLUSH, POD("ns/b", "10.0.0.7", 0, 0) }, 7 },
	{ "another takes its address",
	  { NO_POD("ns/b"), POD("ns/c", "10.0.0.2", 0, 0) }, 0 },
};

KUNIT_ARRAY_PARAM_DESC(succession, successions, desc);

static void pod_inherits(struct kunit *test)
{
	const struct succession *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;
	struct podwall_pod *pod = find_pod(live, "ns/b");

	KUNIT_ASSERT_NOT_NULL(test, pod);
	atomic64_set(&pod->events->lost, 7);
	change_stage(test, transaction, row->changes, ARRAY_SIZE(row->changes));
	next = draft_commit(test, live, transaction);
	pod = find_pod(next, "ns/b") ?: find_pod(next, "ns/c");
	KUNIT_ASSERT_NOT_NULL(test, pod);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pod->events->lost), row->lost);
}

static struct kunit_case commit_cases[] = {
	KUNIT_CASE_PARAM(commit_merges, merge_gen_params),
	KUNIT_CASE_PARAM(commit_refuses, refusal_gen_params),
	KUNIT_CASE(untouched_objects_are_shared),
	KUNIT_CASE(settings_are_taken_or_kept),
	KUNIT_CASE(pods_make_it_enforce),
	KUNIT_CASE_PARAM(pod_inherits, succession_gen_params),
	{}
};

static struct kunit_suite commit_suite = {
	.name = "podwall_commit",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = commit_cases,
};

kunit_test_suite(commit_suite);
