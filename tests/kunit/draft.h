/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_KUNIT_DRAFT_H
#define PODWALL_KUNIT_DRAFT_H

#include <kunit/test.h>
#include <linux/types.h>

#include "ip.h"
#include "rule_set.h"

struct podwall_peer_set;
struct podwall_pod;
struct podwall_policy;
struct podwall_transaction;

/* Objects as the tables of the tests write them. Zeroes end every list. */

/** struct draft_block - a block and its exceptions, as text */
struct draft_block {
	const char *network;
	const char *excepts[3];
};

/** struct draft_peer_set - a peer set */
struct draft_peer_set {
	u32 id;
	const char *name;
	u32 identities[6];
	struct draft_block blocks[3];
};

/** struct draft_rule - a rule; no peer sets are any peer, no ports any port */
struct draft_rule {
	u8 tier;
	u8 action;
	u32 priority;
	u32 peer_sets[4];
	struct podwall_port_range ports[4];
	u64 cookie;
};

/** struct draft_rule_set - a rule set */
struct draft_rule_set {
	u32 id;
	u8 direction;
	bool isolated;
	bool isolation_audited;
	struct draft_rule rules[10];
};

/** struct draft_pod - a pod; mode 0 is enforce */
struct draft_pod {
	const char *key;
	const char *addresses[3];
	u32 ingress;
	u32 egress;
	u8 mode;
	u32 ingress_enforced;
	u32 egress_enforced;
};

struct podwall_ip draft_ip(const char *text);
struct podwall_ip draft_ip4(u32 number);
struct podwall_ip draft_ip6(u64 high, u64 low);
struct podwall_network draft_network(const char *text);

struct podwall_peer_set *
draft_make_peer_set(struct kunit *test, const struct draft_peer_set *draft);
struct podwall_rule_set *
draft_make_rule_set(struct kunit *test, const struct draft_rule_set *draft);
struct podwall_pod *draft_make_pod(struct kunit *test,
				   const struct draft_pod *draft);

struct podwall_transaction *draft_transaction(struct kunit *test);
void draft_drop_transaction(struct kunit *test,
			    struct podwall_transaction *transaction);
struct podwall_policy *draft_policy(struct kunit *test);
struct podwall_policy *draft_commit(struct kunit *test,
				    const struct podwall_policy *live,
				    struct podwall_transaction *transaction);
void draft_drop_policy(struct kunit *test, struct podwall_policy *policy);

void draft_stage_peer_set(struct kunit *test,
			  struct podwall_transaction *transaction,
			  const struct draft_peer_set *draft);
void draft_stage_rule_set(struct kunit *test,
			  struct podwall_transaction *transaction,
			  const struct draft_rule_set *draft);
void draft_stage_pod(struct kunit *test,
		     struct podwall_transaction *transaction,
		     const struct draft_pod *draft, bool remove);

void draft_keep_rule_set(struct kunit *test, struct podwall_rule_set *set);

int draft_suite_init(struct kunit_suite *suite);
void draft_suite_exit(struct kunit_suite *suite);

struct rnd_state draft_random(struct kunit *test);
u32 draft_below(struct rnd_state *random, u32 limit);

#endif
