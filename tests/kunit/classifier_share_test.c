// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "ask.h"
#include "change.h"
#include "draft.h"
#include "evaluator.h"
#include "policy.h"
#include "transaction.h"

/* Identity 5 has three addresses, 6 has one; the others have none. */
static const struct change base[] = {
	ADDRESS("10.0.0.1", 5), ADDRESS("10.0.0.2", 5), ADDRESS("10.0.0.3", 6),
	ADDRESS("fd00::1", 5),
	PEER_SET(5, "five"), PEER_SET(6, "six"), PEER_SET(7, "seven"),
	INGRESS(50, 5), INGRESS(60, 6), EGRESS(70, 7),
};

static const struct draft_peer_set blocks = {
	8, "eight", .blocks = { { "10.1.0.0/16" } },
};

static struct podwall_policy *make_live(struct kunit *test)
{
	struct podwall_transaction *transaction = draft_transaction(test);

	change_stage(test, transaction, base, ARRAY_SIZE(base));
	draft_stage_peer_set(test, transaction, &blocks);
	return draft_commit(test, draft_policy(test), transaction);
}

/* What a commit shares with the policy before it: a part for each letter. */
static const struct share_case {
	const char *desc;
	struct change changes[3];
	const char *shared;
} share_cases[] = {
	{ "nothing changes", { }, "46rieEsp" },
	{ "a peer set without members among identities",
	  { PEER_SET(9, "nine") }, "46rieEsp" },
	{ "a peer set as before", { PEER_SET(5, "five") }, "46rieEsp" },
	{ "an address of a known identity", { ADDRESS("10.0.0.9", 5) },
	  "6reEsp" },
	{ "an IPv6 address of a known identity", { ADDRESS("fd00::9", 5) },
	  "4reEsp" },
	{ "an address leaves", { NO_ADDRESS("10.0.0.1") }, "6reEsp" },
	{ "an address of a new identity", { ADDRESS("10.0.0.9", 7) }, "6rp" },
	{ "flush, and the same again",
	  { FLUSH, ADDRESS("10.0.0.1", 5), INGRESS(50, 0) }, "" },
	{ "a rule set", { INGRESS(50, 6) }, "46riEsp" },
	{ "a peer set without blocks goes, and who named it",
	  { NO_PEER_SET(7), NO_RULE_SET(70) }, "46rieEp" },
	{ "a peer set with blocks goes", { NO_PEER_SET(8) }, "6ieEsp" },
	{ "a peer set with blocks has an identity more",
	  { PEER_SET_BLOCK(8, "eight", 5, "10.1.0.0/16") }, "46rieEsp" },
	{ "a peer set has another block",
	  { PEER_SET_BLOCK(8, "eight", 0, "10.2.0.0/16") }, "6ieEsp" },
	{ "a peer set with an IPv6 block comes",
	  { PEER_SET_BLOCK(9, "nine", 0, "fd00::/112") }, "4ip" },
};

KUNIT_ARRAY_PARAM_DESC(share, share_cases, desc);

static void commit_shares_what_it_can(struct kunit *test)
{
	const struct share_case *row = test->param_value;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;
	const struct podwall_classifier *from, *to;
	char shared[9] = "", *end = shared;

	change_stage(test, transaction, row->changes, ARRAY_SIZE(row->changes));
	next = draft_commit(test, live, transaction);
	from = &live->classifier;
	to = &next->classifier;
	if (from->addresses4 == to->addresses4)
		*end++ = '4';
	if (from->addresses6 == to->addresses6)
		*end++ = '6';
	if (from->regions == to->regions)
		*end++ = 'r';
	if (from->identities == to->identities)
		*end++ = 'i';
	if (podwall_policy_row(live, 50) == podwall_policy_row(next, 50))
		*end++ = 'e';
	if (podwall_policy_row(live, 60) == podwall_policy_row(next, 60))
		*end++ = 'E';
	if (podwall_policy_row(live, 70) == podwall_policy_row(next, 70))
		*end++ = 's';
	if (from->ports == to->ports)
		*end++ = 'p';
	KUNIT_EXPECT_STREQ(test, shared, row->shared);
	KUNIT_EXPECT_NULL(test, podwall_policy_row(next, 99));
	ask_users(test, next);
}

static struct podwall_policy *commit(struct kunit *test,
				     const struct podwall_policy *live,
				     struct change change)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_policy *next;

	change_stage(test, transaction, &change, 1);
	next = draft_commit(test, live, transaction);
	ask_users(test, next);
	return next;
}

static bool is_shared(const struct podwall_policy *a,
		      const struct podwall_policy *b, u32 rule_set)
{
	return podwall_policy_row(a, rule_set) == podwall_policy_row(b, rule_set);
}

/* The cell of an address's identity, and of its region, among all of a row's. */
static u32 cells_of(const struct podwall_policy *policy, u32 rule_set,
		    const char *text)
{
	const struct podwall_row *row = podwall_policy_row(policy, rule_set);
	const struct podwall_classifier *classifier = &policy->classifier;
	struct podwall_ip ip = draft_ip(text);
	u32 class = podwall_classifier_class(classifier, &ip);

	return row->identities[podwall_classifier_number(classifier, class)] |
	       row->regions[podwall_classifier_region(classifier, class)];
}

/* 160 identities besides those of the table: ten more fit, and no eleventh. */
static void rows_have_cells_to_spare(struct kunit *test)
{
	struct podwall_transaction *more = draft_transaction(test);
	struct podwall_policy *live = make_live(test), *next;
	struct change address = { CHANGE_ADDRESS };
	char text[PODWALL_NETWORK_TEXT];
	u32 i, room, count = 0;

	for (i = 0; i < 160; i++) {
		snprintf(text, sizeof(text), "10.0.1.%u", i);
		address.text = text;
		address.id = 100 + i;
		change_stage(test, more, &address, 1);
	}
	live = draft_commit(test, live, more);
	room = podwall_policy_row(live, 50)->cells->identity_count;
	KUNIT_ASSERT_EQ(test, room, live->classifier.identities->count + 10);

	/* Who names it, and nobody else. */
	next = commit(test, live, (struct change)ADDRESS("10.0.2.1", 7));
	KUNIT_EXPECT_TRUE(test, is_shared(live, next, 50));
	KUNIT_EXPECT_TRUE(test, is_shared(live, next, 60));
	KUNIT_EXPECT_FALSE(test, is_shared(live, next, 70));
	KUNIT_EXPECT_NE(test, cells_of(next, 70, "10.0.2.1"),
			cells_of(next, 70, "10.0.1.1"));
	KUNIT_EXPECT_EQ(test, cells_of(next, 50, "10.0.2.1"),
			cells_of(next, 50, "10.0.1.1"));
	live = next;
	next = commit(test, live,
		      (struct change)PEER_SET_BLOCK(9, "nine", 0, "fd00::/112"));
	KUNIT_EXPECT_TRUE(test, is_shared(live, next, 50));
	KUNIT_EXPECT_TRUE(test, is_shared(live, next, 70));
	live = next;
	next = commit(test, live,
		      (struct change)PEER_SET_BLOCK(5, "five", 5, "fd00::/120"));
	KUNIT_EXPECT_FALSE(test, is_shared(live, next, 50));
	KUNIT_EXPECT_TRUE(test, is_shared(live, next, 60));
	KUNIT_EXPECT_NE(test, cells_of(next, 50, "fd00::2"),
			cells_of(next, 50, "fd00::1:0:2"));
	live = next;
	while (live->classifier.identities->count < room) {
		KUNIT_ASSERT_LT(test, count++, room);
		snprintf(text, sizeof(text), "10.0.3.%u", count);
		address.text = text;
		address.id = 300 + count;
		next = commit(test, live, address);
		KUNIT_EXPECT_TRUE(test, is_shared(live, next, 60));
		live = next;
	}
	next = commit(test, live, (struct change)ADDRESS("10.0.4.1", 400));
	KUNIT_EXPECT_FALSE(test, is_shared(live, next, 60));
	KUNIT_EXPECT_GT(test, podwall_policy_row(next, 60)->cells->identity_count,
			room);
}

/* Rules enough for programs, of which the first names the ports. */
#define LONG 31

/* What rule set 40 comes to name, and what that leaves of the others. */
static const struct ports_case {
	const char *desc;
	struct podwall_port_range ports[3];
	u32 rules;
	bool same_map;
} ports_cases[] = {
	{ "no ports", {}, 1, true },
	{ "the same ports", { { IPPROTO_TCP, 80, 80 } }, 1, true },
	{ "ports of another rule set", { { IPPROTO_UDP, 1000, 2000 } }, 1, true },
	{ "both", { { IPPROTO_TCP, 80, 80 }, { IPPROTO_UDP, 1000, 2000 } }, 1,
	  true },
	{ "neighbours together", { { IPPROTO_SCTP, 1, 19 } }, 1, true },
	{ "a new port", { { IPPROTO_TCP, 81, 81 } }, 1, false },
	{ "a known port of another protocol", { { IPPROTO_UDP, 80, 80 } }, 1,
	  false },
	{ "a part of known ports", { { IPPROTO_UDP, 1000, 1500 } }, 1, false },
	{ "known ports and a new one",
	  { { IPPROTO_TCP, 80, 80 }, { IPPROTO_SCTP, 7, 7 } }, 1, false },
	{ "a new port of a rule set with programs",
	  { { IPPROTO_TCP, 81, 81 } }, LONG, true },
};

KUNIT_ARRAY_PARAM_DESC(ports, ports_cases, desc);

static void stage_ports(struct kunit *test,
			struct podwall_transaction *transaction, u32 id,
			const struct podwall_port_range *ports, size_t count,
			u32 rules)
{
	struct podwall_rule template = {
		.tier = PODWALL_TIER_ADMIN,
		.action = PODWALL_ACTION_DENY,
		.any_port = !ports[0].protocol,
	};
	struct podwall_rule_set *set;
	struct podwall_rule *rule;
	u32 i;

	set = podwall_rule_set_create(id, PODWALL_DIRECTION_INGRESS);
	KUNIT_ASSERT_NOT_NULL(test, set);
	rule = podwall_rule_set_add_rule(set, &template, "ports");
	KUNIT_ASSERT_NOT_NULL(test, rule);
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_add_peer_set(set, rule, 5));
	for (i = 0; i < count && ports[i].protocol; i++)
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_port_range(set, rule,
								&ports[i]));
	template.any_port = true;
	for (i = 1; i < rules; i++) {
		rule = podwall_rule_set_add_rule(set, &template, "more");
		KUNIT_ASSERT_NOT_NULL(test, rule);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_peer_set(set, rule, 6));
	}
	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_rule_set(transaction, set));
}

/* Rule sets 40, 41 and 42 name ports, and 43 has programs. */
static struct podwall_policy *make_live_with_ports(struct kunit *test)
{
	static const struct podwall_port_range ports[][3] = {
		{ { IPPROTO_TCP, 80, 80 } },
		{ { IPPROTO_TCP, 80, 80 }, { IPPROTO_UDP, 1000, 2000 } },
		{ { IPPROTO_SCTP, 1, 9 }, { IPPROTO_SCTP, 10, 19 } },
		{ { IPPROTO_TCP, 9999, 9999 } },
	};
	struct podwall_transaction *transaction = draft_transaction(test);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ports); i++)
		stage_ports(test, transaction, 40 + i, ports[i],
			    ARRAY_SIZE(ports[i]), i == 3 ? LONG : 1);
	return draft_commit(test, make_live(test), transaction);
}

static void ask_all(struct kunit *test, const struct podwall_policy *policy)
{
	static const struct {
		const char *ip;
		u32 identity;
	} peers[] = {
		{ "10.0.0.1", 5 }, { "10.0.0.3", 6 }, { "10.1.0.1", 0 },
		{ "192.0.2.1", 0 }, { "fd00::1", 5 },
	};
	static const u16 ports[] = { 0, 1, 9, 10, 80, 81, 1000, 1500, 1501, 9999 };
	static const u8 protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };
	struct podwall_query query = {};
	struct podwall_ip ip;
	u32 i, j, k, id;

	for (id = 40; id < 44; id++)
		for (i = 0; i < ARRAY_SIZE(peers); i++)
			for (j = 0; j < ARRAY_SIZE(ports); j++)
				for (k = 0; k < ARRAY_SIZE(protocols); k++) {
					ip = draft_ip(peers[i].ip);
					query.peer = &ip;
					query.identity = peers[i].identity;
					query.protocol = protocols[k];
					query.port = ports[j];
					query.has_port = ports[j] != 9;
					ask_policy(test, policy, id, &query);
				}
}

static void rows_share_cells(struct kunit *test)
{
	const struct ports_case *row = test->param_value;
	struct podwall_policy *live = make_live_with_ports(test), *next;
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_row *before, *after;
	u32 id;

	stage_ports(test, transaction, 40, row->ports, ARRAY_SIZE(row->ports),
		    row->rules);
	next = draft_commit(test, live, transaction);
	KUNIT_EXPECT_EQ(test, live->classifier.ports == next->classifier.ports,
			row->same_map);
	for (id = 41; id <= 70; id++) {
		before = podwall_policy_row(live, id);
		if (!before)
			continue;
		after = podwall_policy_row(next, id);
		KUNIT_EXPECT_EQ_MSG(test, before == after,
				    row->same_map || before->code,
				    "rule set %u", id);
		KUNIT_EXPECT_PTR_EQ(test, after->cells, before->cells);
		KUNIT_EXPECT_EQ(test, after->port_count,
				after->code ? 0 : next->classifier.ports->count);
	}
	ask_all(test, live);
	ask_all(test, next);
	/* Without the older policy, what was shared is there still. */
	draft_drop_policy(test, live);
	ask_all(test, next);
}

/* Ports that nobody names any more are forgotten when all is new. */
static void flush_forgets_ports(struct kunit *test)
{
	static const struct podwall_port_range port = { IPPROTO_TCP, 80, 80 };
	struct podwall_transaction *removal = draft_transaction(test);
	struct podwall_transaction *flush = draft_transaction(test);
	struct podwall_policy *live = make_live_with_ports(test), *next;
	static const struct change identities[] = { PEER_SET(5, "five") };
	static const struct change gone[] = { NO_RULE_SET(41) };

	change_stage(test, removal, gone, 1);
	next = draft_commit(test, live, removal);
	KUNIT_EXPECT_PTR_EQ(test, next->classifier.ports,
			    live->classifier.ports);
	KUNIT_EXPECT_EQ(test, next->classifier.ports->count,
			PODWALL_PORT_CLASS_UNNAMED + 1 + 4);

	podwall_transaction_flush(flush);
	change_stage(test, flush, identities, 1);
	stage_ports(test, flush, 40, &port, 1, 1);
	next = draft_commit(test, next, flush);
	KUNIT_EXPECT_EQ(test, next->classifier.ports->count,
			PODWALL_PORT_CLASS_UNNAMED + 1 + 1);
	KUNIT_EXPECT_EQ(test, podwall_policy_row(next, 40)->port_count,
			next->classifier.ports->count);
}

#define MANY_PORTS 400

/* Many ports that nobody names any more are forgotten without a flush. */
static void many_ports_are_forgotten(struct kunit *test)
{
	struct podwall_transaction *addition = draft_transaction(test);
	struct podwall_transaction *removal = draft_transaction(test);
	struct podwall_policy *live = make_live_with_ports(test), *next;
	static const struct change gone[] = { NO_RULE_SET(44) };
	u32 i, few = live->classifier.ports->count;
	struct podwall_port_range *ports;

	ports = kunit_kcalloc(test, MANY_PORTS, sizeof(*ports), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ports);
	/* No two of them are neighbours. */
	for (i = 0; i < MANY_PORTS; i++)
		ports[i] = (struct podwall_port_range){
			IPPROTO_TCP, 3000 + 2 * i, 3000 + 2 * i,
		};
	stage_ports(test, addition, 44, ports, MANY_PORTS, 1);
	next = draft_commit(test, live, addition);
	KUNIT_EXPECT_EQ(test, next->classifier.ports->count, few + MANY_PORTS);
	ask_all(test, next);
	change_stage(test, removal, gone, 1);
	next = draft_commit(test, next, removal);
	KUNIT_EXPECT_EQ(test, next->classifier.ports->count, few);
	KUNIT_EXPECT_EQ(test, podwall_policy_row(next, 40)->port_count, few);
	ask_all(test, next);
}

static struct kunit_case classifier_share_cases[] = {
	KUNIT_CASE(rows_have_cells_to_spare),
	KUNIT_CASE_PARAM(commit_shares_what_it_can, share_gen_params),
	KUNIT_CASE_PARAM(rows_share_cells, ports_gen_params),
	KUNIT_CASE(flush_forgets_ports),
	KUNIT_CASE(many_ports_are_forgotten),
	{}
};

static struct kunit_suite classifier_share_suite = {
	.name = "podwall_classifier_share",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = classifier_share_cases,
};

kunit_test_suite(classifier_share_suite);
