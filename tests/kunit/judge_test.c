// SPDX-License-Identifier: GPL-2.0-only

#include <kunit/test.h>
#include <linux/in.h>
#include <linux/podwall.h>

#include "connection.h"
#include "draft.h"
#include "judge.h"
#include "policy.h"
#include "transaction.h"

#define ADMIN PODWALL_TIER_ADMIN
#define POLICY PODWALL_TIER_POLICY
#define BASELINE PODWALL_TIER_BASELINE
#define ACCEPT PODWALL_VERDICT_ACCEPT
#define DENY PODWALL_VERDICT_DENY
#define NO_POLICY PODWALL_REASON_NO_POLICY
#define RULE PODWALL_REASON_RULE
#define ISOLATED PODWALL_REASON_ISOLATED
#define DEFAULT PODWALL_REASON_DEFAULT
#define UNREGISTERED PODWALL_REASON_UNREGISTERED
#define NODE PODWALL_REASON_NODE

#define PORTS(first, last) { { IPPROTO_TCP, first, last } }

/* The world that every row is judged in. */
static const struct {
	const char *address;
	u32 identity;
} addresses[] = {
	{ "10.0.0.1", 1 }, { "fd00::1", 1 }, { "10.0.0.2", 2 },
	{ "fd00::2", 2 }, { "10.0.0.3", 3 }, { "10.0.0.4", 4 },
	{ "10.0.0.5", 5 }, { "10.5.0.9", 9 },
};

static const struct draft_peer_set peer_sets[] = {
	{ .id = 1, .name = "web", .identities = { 1 } },
	{ .id = 2, .name = "db", .identities = { 2 } },
	{ .id = 9, .name = "remote", .identities = { 9 } },
};

static const struct draft_rule_set rule_sets[] = {
	{ /* web: port 80 from db and remote; admin denies 22, baseline 23 */
		.id = 1, .direction = PODWALL_DIRECTION_INGRESS,
		.isolated = true,
		.rules = {
			{ ADMIN, PODWALL_ACTION_DENY, 1, .ports = PORTS(22, 22) },
			{ POLICY, PODWALL_ACTION_ACCEPT, 0, { 2, 9 }, PORTS(80, 80) },
			{ BASELINE, PODWALL_ACTION_DENY, 1, .ports = PORTS(23, 23) },
		},
	},
	{ /* web: port 5432 to db; admin denies 25 */
		.id = 2, .direction = PODWALL_DIRECTION_EGRESS,
		.isolated = true,
		.rules = {
			{ ADMIN, PODWALL_ACTION_DENY, 1, .ports = PORTS(25, 25) },
			{ POLICY, PODWALL_ACTION_ACCEPT, 0, { 2 }, PORTS(5432, 5432) },
			{ POLICY, PODWALL_ACTION_ACCEPT, 0, { 2 }, PORTS(5433, 5433) },
			{ BASELINE, PODWALL_ACTION_DENY, 1, .ports = PORTS(23, 23) },
		},
	},
	{ /* db: port 5432 from web */
		.id = 3, .direction = PODWALL_DIRECTION_INGRESS,
		.isolated = true,
		.rules = {
			{ POLICY, PODWALL_ACTION_ACCEPT, 0, { 1 }, PORTS(5432, 5432) },
		},
	},
	{ /* audited: nothing */
		.id = 4, .direction = PODWALL_DIRECTION_INGRESS,
		.isolated = true,
	},
	{
		.id = 5, .direction = PODWALL_DIRECTION_EGRESS,
		.isolated = true,
	},
	{ /* staged: 22, 26, 23 and the isolation are audited, all else is not */
		.id = 6, .direction = PODWALL_DIRECTION_INGRESS,
		.isolated = true,
		.rules = {
			{ ADMIN, PODWALL_ACTION_DENY, 1, .ports = PORTS(22, 22) },
			{ ADMIN, PODWALL_ACTION_DENY, 2, .ports = PORTS(26, 26) },
			{ ADMIN, PODWALL_ACTION_DENY, 3, .ports = PORTS(25, 25) },
			{ POLICY, PODWALL_ACTION_ACCEPT, 0, { 1 }, PORTS(26, 80) },
			{ BASELINE, PODWALL_ACTION_DENY, 1, .ports = PORTS(23, 23) },
			{ BASELINE, PODWALL_ACTION_DENY, 2, .ports = PORTS(24, 26) },
		},
	},
	{
		.id = 7, .direction = PODWALL_DIRECTION_INGRESS,
		.isolation_audited = true,
		.rules = {
			{ ADMIN, PODWALL_ACTION_DENY, 3, .ports = PORTS(25, 25) },
			{ POLICY, PODWALL_ACTION_ACCEPT, 0, { 1 }, PORTS(26, 80) },
			{ BASELINE, PODWALL_ACTION_DENY, 2, .ports = PORTS(24, 26) },
		},
	},
	{ /* 22 is audited, the isolation is not */
		.id = 8, .direction = PODWALL_DIRECTION_EGRESS,
		.isolated = true,
		.rules = {
			{ ADMIN, PODWALL_ACTION_DENY, 1, .ports = PORTS(22, 22) },
			{ POLICY, PODWALL_ACTION_ACCEPT, 0, { 2 } },
		},
	},
	{
		.id = 9, .direction = PODWALL_DIRECTION_EGRESS,
		.isolated = true,
		.rules = {
			{ POLICY, PODWALL_ACTION_ACCEPT, 0, { 2 } },
		},
	},
};

static const struct draft_pod pods[] = {
	{ "default/web", { "10.0.0.1", "fd00::1" }, 1, 2 },
	{ "default/db", { "10.0.0.2", "fd00::2" }, 3, 0 },
	{ "default/audited", { "10.0.0.3" }, 4, 5, PODWALL_MODE_AUDIT },
	{ "default/free", { "10.0.0.4" } },
	{ "default/staged", { "10.0.0.5" }, 6, 8,
	  .ingress_enforced = 7, .egress_enforced = 9 },
	{ "default/doubly", { "10.0.0.6" }, 6, 8, PODWALL_MODE_AUDIT, 7, 9 },
};

static const char *const guarded[] = { "10.0.0.0/24", "fd00::/64" };

/** struct side - what one direction of a row must say */
struct side {
	u8 verdict;
	u8 reason;
	const char *pod;
	u8 tier;
	/* Index of the deciding rule; only with the reason rule. */
	u32 rule;
	bool audited;
	/* The rule set that decided; 0 when the row does not care. */
	u32 set;
};

static const struct judge_case {
	const char *desc;
	const char *client;
	const char *server;
	u16 port;
	struct side egress;
	struct side ingress;
	bool translated;
	bool from_node;
	bool to_node;
	u8 node_access;
	bool guard;
} judge_cases[] = {
	/* which ends are pods of this node */
	{ "no pod at either end", "10.5.0.9", "192.0.2.1", 80,
	  { ACCEPT, NO_POLICY }, { ACCEPT, NO_POLICY } },
	{ "client only, accepted by its default", "10.0.0.4", "192.0.2.1", 80,
	  { ACCEPT, NO_POLICY, "default/free" }, { ACCEPT, NO_POLICY } },
	{ "client only, isolated", "10.0.0.1", "192.0.2.1", 80,
	  { DENY, ISOLATED, "default/web", POLICY }, { ACCEPT, NO_POLICY } },
	{ "server only, accepted", "10.5.0.9", "10.0.0.1", 80,
	  { ACCEPT, NO_POLICY },
	  { ACCEPT, RULE, "default/web", POLICY, 1 } },
	{ "server only, isolated", "192.0.2.1", "10.0.0.1", 80,
	  { ACCEPT, NO_POLICY }, { DENY, ISOLATED, "default/web", POLICY } },
	{ "both, both accept", "10.0.0.1", "10.0.0.2", 5432,
	  { ACCEPT, RULE, "default/web", POLICY, 1 },
	  { ACCEPT, RULE, "default/db", POLICY, 0 } },
	{ "both, egress accept skips no ingress", "10.0.0.1", "10.0.0.2", 5433,
	  { ACCEPT, RULE, "default/web", POLICY, 2 },
	  { DENY, ISOLATED, "default/db", POLICY } },
	{ "both, egress denies", "10.0.0.1", "10.0.0.2", 25,
	  { DENY, RULE, "default/web", ADMIN, 0 },
	  { DENY, ISOLATED, "default/db", POLICY } },
	{ "no egress rule set", "10.0.0.2", "10.0.0.1", 80,
	  { ACCEPT, NO_POLICY, "default/db" },
	  { ACCEPT, RULE, "default/web", POLICY, 1 } },
	{ "pods without rule sets", "10.0.0.4", "10.0.0.4", 80,
	  { ACCEPT, NO_POLICY, "default/free" },
	  { ACCEPT, NO_POLICY, "default/free" } },

	/* a pod that reaches itself through a service */
	{ "hairpin passes the policy tier", "10.0.0.1", "10.0.0.1", 80,
	  { ACCEPT, DEFAULT, "default/web" },
	  { ACCEPT, DEFAULT, "default/web" },
	  .translated = true },
	{ "hairpin on a port that no rule names", "10.0.0.1", "10.0.0.1", 99,
	  { ACCEPT, DEFAULT, "default/web" },
	  { ACCEPT, DEFAULT, "default/web" },
	  .translated = true },
	{ "hairpin, admin judges egress", "10.0.0.1", "10.0.0.1", 25,
	  { DENY, RULE, "default/web", ADMIN, 0 },
	  { ACCEPT, DEFAULT, "default/web" },
	  .translated = true },
	{ "hairpin, admin judges ingress", "10.0.0.1", "10.0.0.1", 22,
	  { ACCEPT, DEFAULT, "default/web" },
	  { DENY, RULE, "default/web", ADMIN, 0 },
	  .translated = true },
	{ "hairpin, baseline judges", "10.0.0.1", "10.0.0.1", 23,
	  { DENY, RULE, "default/web", BASELINE, 3 },
	  { DENY, RULE, "default/web", BASELINE, 2 },
	  .translated = true },
	{ "hairpin in IPv6", "fd00::1", "fd00::1", 99,
	  { ACCEPT, DEFAULT, "default/web" },
	  { ACCEPT, DEFAULT, "default/web" },
	  .translated = true },

	{ "to itself without a service", "10.0.0.1", "10.0.0.1", 80,
	  { DENY, ISOLATED, "default/web", POLICY },
	  { DENY, ISOLATED, "default/web", POLICY } },
	{ "by a service to another pod", "10.0.0.1", "10.0.0.2", 5433,
	  { ACCEPT, RULE, "default/web", POLICY, 2 },
	  { DENY, ISOLATED, "default/db", POLICY },
	  .translated = true },

	/* the node reaches its pods */
	{ "node to its own isolated pod", "192.168.0.1", "10.0.0.1", 80,
	  { ACCEPT, NO_POLICY }, { ACCEPT, NODE, "default/web", POLICY },
	  .from_node = true },
	{ "node to its own pod, admin denies", "192.168.0.1", "10.0.0.1", 22,
	  { ACCEPT, NO_POLICY }, { ACCEPT, NODE, "default/web", ADMIN, 0 },
	  .from_node = true },
	{ "node to its own pod that a rule accepts", "10.5.0.9", "10.0.0.1", 80,
	  { ACCEPT, NO_POLICY }, { ACCEPT, RULE, "default/web", POLICY, 1 },
	  .from_node = true },
	{ "node speaks for a pod that rules deny", "10.0.0.4", "10.0.0.1", 80,
	  { ACCEPT, NO_POLICY, "default/free" },
	  { DENY, ISOLATED, "default/web", POLICY }, .from_node = true },
	{ "node speaks for a pod that rules accept", "10.0.0.2", "10.0.0.1", 80,
	  { ACCEPT, NO_POLICY, "default/db" },
	  { ACCEPT, RULE, "default/web", POLICY, 1 }, .from_node = true },
	{ "another node to our pod", "192.168.0.2", "10.0.0.1", 80,
	  { ACCEPT, NO_POLICY }, { DENY, ISOLATED, "default/web", POLICY } },
	{ "node to its own audited pod", "192.168.0.1", "10.0.0.3", 80,
	  { ACCEPT, NO_POLICY }, { ACCEPT, NODE, "default/audited", POLICY },
	  .from_node = true },

	/* pods reach the node */
	{ "pod to its own node", "10.0.0.1", "192.168.0.1", 80,
	  { ACCEPT, DEFAULT, "default/web" }, { ACCEPT, NO_POLICY },
	  .to_node = true },
	{ "pod to its own node, admin denies", "10.0.0.1", "192.168.0.1", 25,
	  { DENY, RULE, "default/web", ADMIN, 0 }, { ACCEPT, NO_POLICY },
	  .to_node = true },
	{ "pod to its own node, baseline denies", "10.0.0.1", "192.168.0.1", 23,
	  { DENY, RULE, "default/web", BASELINE, 3 }, { ACCEPT, NO_POLICY },
	  .to_node = true },
	{ "pod to its own node, settings judge", "10.0.0.1", "192.168.0.1", 80,
	  { DENY, ISOLATED, "default/web", POLICY }, { ACCEPT, NO_POLICY },
	  .to_node = true, .node_access = PODWALL_NODE_ACCESS_JUDGE },
	{ "pod to another node", "10.0.0.1", "192.168.0.2", 80,
	  { DENY, ISOLATED, "default/web", POLICY }, { ACCEPT, NO_POLICY } },

	/* guarded blocks */
	{ "guarded and unregistered client", "10.0.0.77", "192.0.2.1", 80,
	  { DENY, UNREGISTERED }, { ACCEPT, NO_POLICY }, .guard = true },
	{ "guarded and unregistered server", "192.0.2.1", "10.0.0.77", 80,
	  { ACCEPT, NO_POLICY }, { DENY, UNREGISTERED }, .guard = true },
	{ "guarded and unregistered, both", "10.0.0.77", "10.0.0.78", 80,
	  { DENY, UNREGISTERED }, { DENY, UNREGISTERED }, .guard = true },
	{ "guarded but registered", "10.0.0.4", "10.0.0.4", 80,
	  { ACCEPT, NO_POLICY, "default/free" },
	  { ACCEPT, NO_POLICY, "default/free" }, .guard = true },
	{ "guarded client towards our pod", "10.0.0.77", "10.0.0.1", 80,
	  { DENY, UNREGISTERED }, { DENY, ISOLATED, "default/web", POLICY },
	  .guard = true },
	{ "guarded but the node's own address, as client", "10.0.0.254",
	  "192.0.2.1", 80, { ACCEPT, NO_POLICY }, { ACCEPT, NO_POLICY },
	  .from_node = true, .guard = true },
	{ "guarded but the node's own address, as server", "192.0.2.1",
	  "10.0.0.254", 80, { ACCEPT, NO_POLICY }, { ACCEPT, NO_POLICY },
	  .to_node = true, .guard = true },
	{ "node to a guarded and unregistered server", "192.168.0.1",
	  "10.0.0.77", 80, { ACCEPT, NO_POLICY }, { DENY, UNREGISTERED },
	  .from_node = true, .guard = true },
	{ "beside the guarded block", "10.0.1.77", "10.0.1.78", 80,
	  { ACCEPT, NO_POLICY }, { ACCEPT, NO_POLICY }, .guard = true },
	{ "same address, nothing guarded", "10.0.0.77", "10.0.0.78", 80,
	  { ACCEPT, NO_POLICY }, { ACCEPT, NO_POLICY } },
	{ "guarded in IPv6", "fd00::77", "2001:db8::1", 80,
	  { DENY, UNREGISTERED }, { ACCEPT, NO_POLICY }, .guard = true },

	/* audit */
	{ "audited client", "10.0.0.3", "192.0.2.1", 80,
	  { DENY, ISOLATED, "default/audited", POLICY },
	  { ACCEPT, NO_POLICY } },
	{ "audited server", "192.0.2.1", "10.0.0.3", 80,
	  { ACCEPT, NO_POLICY },
	  { DENY, ISOLATED, "default/audited", POLICY } },
	{ "audited client, enforced server", "10.0.0.3", "10.0.0.1", 80,
	  { DENY, ISOLATED, "default/audited", POLICY },
	  { DENY, ISOLATED, "default/web", POLICY } },

	/* rules in audit */
	{ "an audited rule alone denies", "10.5.0.9", "10.0.0.5", 22,
	  { ACCEPT, NO_POLICY },
	  { DENY, RULE, "default/staged", ADMIN, 0, true, 6 } },
	{ "an enforced rule denies", "10.5.0.9", "10.0.0.5", 25,
	  { ACCEPT, NO_POLICY },
	  { DENY, RULE, "default/staged", ADMIN, 0, false, 7 } },
	{ "isolation in audit alone denies", "10.5.0.9", "10.0.0.5", 80,
	  { ACCEPT, NO_POLICY },
	  { DENY, ISOLATED, "default/staged", POLICY, 0, true, 6 } },
	{ "what isolation in audit leaves, baseline denies",
	  "10.5.0.9", "10.0.0.5", 24, { ACCEPT, NO_POLICY },
	  { DENY, RULE, "default/staged", BASELINE, 2, false, 7 } },
	{ "what isolation in audit leaves, baseline would deny in audit",
	  "10.5.0.9", "10.0.0.5", 23, { ACCEPT, NO_POLICY },
	  { DENY, ISOLATED, "default/staged", POLICY, 0, true, 6 } },
	{ "policies in audit accept, and hold baseline off",
	  "10.0.0.1", "10.0.0.5", 26,
	  { DENY, ISOLATED, "default/web", POLICY },
	  { DENY, RULE, "default/staged", ADMIN, 1, true, 6 } },
	{ "policies in audit do not accept, baseline denies",
	  "10.5.0.9", "10.0.0.5", 26, { ACCEPT, NO_POLICY },
	  { DENY, RULE, "default/staged", BASELINE, 2, false, 7 } },
	{ "what is accepted is accepted by all rules",
	  "10.0.0.1", "10.0.0.5", 80,
	  { DENY, ISOLATED, "default/web", POLICY },
	  { ACCEPT, RULE, "default/staged", POLICY, 3, false, 6 } },
	{ "the node reaches its pod in spite of either",
	  "192.168.0.1", "10.0.0.5", 22, { ACCEPT, NO_POLICY },
	  { ACCEPT, NODE, "default/staged", ADMIN, 0, false, 6 },
	  .from_node = true },
	{ "egress, an audited rule alone denies", "10.0.0.5", "10.0.0.2", 22,
	  { DENY, RULE, "default/staged", ADMIN, 0, true, 8 },
	  { DENY, ISOLATED, "default/db", POLICY } },
	{ "egress, behind an audited rule the isolation denies",
	  "10.0.0.5", "192.0.2.1", 22,
	  { DENY, ISOLATED, "default/staged", POLICY, 0, false, 9 },
	  { ACCEPT, NO_POLICY } },
	{ "hairpin, an audited rule alone denies", "10.0.0.5", "10.0.0.5", 22,
	  { DENY, RULE, "default/staged", ADMIN, 0, true, 8 },
	  { DENY, RULE, "default/staged", ADMIN, 0, true, 6 },
	  .translated = true },
	{ "an audited pod, an audited rule", "10.5.0.9", "10.0.0.6", 22,
	  { ACCEPT, NO_POLICY },
	  { DENY, RULE, "default/doubly", ADMIN, 0, true, 6 } },
	{ "an audited pod, an enforced rule", "10.5.0.9", "10.0.0.6", 25,
	  { ACCEPT, NO_POLICY },
	  { DENY, RULE, "default/doubly", ADMIN, 0, true, 7 } },

	/* the same by the other family */
	{ "both accept in IPv6", "fd00::1", "fd00::2", 5432,
	  { ACCEPT, RULE, "default/web", POLICY, 1 },
	  { ACCEPT, RULE, "default/db", POLICY, 0 } },
	{ "isolated in IPv6", "2001:db8::1", "fd00::1", 80,
	  { ACCEPT, NO_POLICY }, { DENY, ISOLATED, "default/web", POLICY } },
	{ "node to its pod in IPv6", "2001:db8::1", "fd00::1", 80,
	  { ACCEPT, NO_POLICY }, { ACCEPT, NODE, "default/web", POLICY },
	  .from_node = true },
};

KUNIT_ARRAY_PARAM_DESC(judge, judge_cases, desc);

static struct podwall_policy *make_world(struct kunit *test,
					 const struct judge_case *row)
{
	struct podwall_transaction *transaction = draft_transaction(test);
	struct podwall_settings *settings = &transaction->settings;
	size_t i;

	podwall_settings_init(settings);
	transaction->has_settings = true;
	if (row->node_access)
		settings->node_access = row->node_access;
	for (i = 0; row->guard && i < ARRAY_SIZE(guarded); i++) {
		struct podwall_network *network;

		network = podwall_array_append(&settings->guarded,
					       sizeof(*network));
		KUNIT_ASSERT_NOT_NULL(test, network);
		*network = draft_network(guarded[i]);
	}
	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		struct podwall_ip ip = draft_ip(addresses[i].address);

		KUNIT_ASSERT_EQ(test, 0,
				podwall_transaction_add_address(transaction, &ip,
								addresses[i].identity));
	}
	for (i = 0; i < ARRAY_SIZE(peer_sets); i++)
		draft_stage_peer_set(test, transaction, &peer_sets[i]);
	for (i = 0; i < ARRAY_SIZE(rule_sets); i++)
		draft_stage_rule_set(test, transaction, &rule_sets[i]);
	for (i = 0; i < ARRAY_SIZE(pods); i++)
		draft_stage_pod(test, transaction, &pods[i], false);
	return draft_commit(test, draft_policy(test), transaction);
}

static u32 expected_count(const struct side *side,
			  const struct podwall_judgement *judgement)
{
	switch (side->reason) {
	case RULE:
		return podwall_rule_set_rule_count(judgement->rule_set,
						   side->rule);
	case ISOLATED:
		return podwall_rule_set_isolation_count(judgement->rule_set);
	case DEFAULT:
	case NODE:
		return podwall_rule_set_default_count(judgement->rule_set);
	default:
		return 0;
	}
}

static void expect_side(struct kunit *test, const struct side *side,
			const struct podwall_judgement *judgement)
{
	bool judged = side->pod && side->reason != NO_POLICY;
	bool audited = side->audited ||
		       (side->pod && !strcmp(side->pod, "default/audited"));

	KUNIT_EXPECT_EQ(test, judgement->verdict, side->verdict);
	KUNIT_EXPECT_EQ(test, judgement->reason, side->reason);
	KUNIT_EXPECT_EQ(test, judgement->tier, side->tier);
	KUNIT_EXPECT_EQ(test, judgement->mode,
			audited ? PODWALL_MODE_AUDIT : PODWALL_MODE_ENFORCE);
	if (side->pod && judgement->pod)
		KUNIT_EXPECT_STREQ(test, judgement->pod->key, side->pod);
	else
		KUNIT_EXPECT_EQ(test, !!judgement->pod, !!side->pod);
	KUNIT_EXPECT_EQ(test, !!judgement->guarded,
			side->reason == UNREGISTERED);
	KUNIT_ASSERT_EQ(test, !!judgement->rule_set, judged);
	if (side->set)
		KUNIT_EXPECT_EQ(test, judgement->rule_set->id, side->set);
	KUNIT_EXPECT_EQ(test, judgement->count,
			expected_count(side, judgement));
	if (side->reason == RULE)
		KUNIT_EXPECT_PTR_EQ(test, judgement->rule,
				    podwall_rule_set_rule(judgement->rule_set,
							  side->rule));
	KUNIT_EXPECT_EQ(test, podwall_judgement_blocks(judgement),
			side->verdict == DENY && !audited);
	KUNIT_EXPECT_EQ(test, podwall_judgement_audits(judgement),
			side->verdict == DENY && audited);
}

static void judge_decides(struct kunit *test)
{
	const struct judge_case *row = test->param_value;
	const struct podwall_policy *policy = make_world(test, row);
	const struct podwall_connection connection = {
		.client = draft_ip(row->client),
		.server = draft_ip(row->server),
		.protocol = IPPROTO_TCP,
		.translated = row->translated,
		.has_ports = true,
		.client_port = 40000,
		.server_port = row->port,
		.from_node = row->from_node,
		.to_node = row->to_node,
	};
	struct podwall_judgement egress, ingress;

	memset(&egress, 0xff, sizeof(egress));
	memset(&ingress, 0xff, sizeof(ingress));
	podwall_judge_egress(policy, &connection, &egress);
	podwall_judge_ingress(policy, &connection, &ingress);

	KUNIT_EXPECT_EQ(test, egress.direction, PODWALL_DIRECTION_EGRESS);
	expect_side(test, &row->egress, &egress);
	KUNIT_EXPECT_EQ(test, ingress.direction, PODWALL_DIRECTION_INGRESS);
	expect_side(test, &row->ingress, &ingress);
}

/* It may be of the port that admin denies. */
static void later_fragment_gets_no_port(struct kunit *test)
{
	const struct judge_case nothing = {};
	const struct podwall_policy *policy = make_world(test, &nothing);
	const struct podwall_connection connection = {
		.client = draft_ip("10.0.0.1"),
		.server = draft_ip("10.0.0.2"),
		.protocol = IPPROTO_TCP,
		.server_port = 5432,
	};
	struct podwall_judgement judgement;

	podwall_judge_egress(policy, &connection, &judgement);
	KUNIT_EXPECT_EQ(test, judgement.verdict, DENY);
	KUNIT_EXPECT_EQ(test, judgement.tier, ADMIN);
	podwall_judge_ingress(policy, &connection, &judgement);
	KUNIT_EXPECT_EQ(test, judgement.reason, ISOLATED);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(judge_decides, judge_gen_params),
	KUNIT_CASE(later_fragment_gets_no_port),
	{}
};

static struct kunit_suite judge_suite = {
	.name = "podwall_judge",
	.suite_init = draft_suite_init,
	.suite_exit = draft_suite_exit,
	.test_cases = cases,
};

kunit_test_suite(judge_suite);
