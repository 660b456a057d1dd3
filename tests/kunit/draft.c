// SPDX-License-Identifier: GPL-2.0-only

#include <linux/err.h>
#include <linux/inet.h>
#include <linux/kstrtox.h>
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/string.h>

#include "commit.h"
#include "draft.h"
#include "error.h"
#include "policy.h"
#include "transaction.h"

static unsigned long long seed;
module_param(seed, ullong, 0444);
MODULE_PARM_DESC(seed, "repeat the random cases of an earlier run");

/* Read an address; what follows a slash is not its business. */
struct podwall_ip draft_ip(const char *text)
{
	struct podwall_ip ip = { .family = AF_INET };

	if (in4_pton(text, -1, (u8 *)&ip.v4, '/', NULL))
		return ip;
	ip = (struct podwall_ip){ .family = AF_INET6 };
	WARN_ON(!in6_pton(text, -1, ip.v6.s6_addr, '/', NULL));
	return ip;
}

struct podwall_ip draft_ip4(u32 number)
{
	return (struct podwall_ip){
		.family = AF_INET,
		.v4 = cpu_to_be32(number),
	};
}

struct podwall_ip draft_ip6(u64 high, u64 low)
{
	const __be64 words[] = { cpu_to_be64(high), cpu_to_be64(low) };
	struct podwall_ip ip = { .family = AF_INET6 };

	memcpy(&ip.v6, words, sizeof(ip.v6));
	return ip;
}

/* Read a block in CIDR notation. */
struct podwall_network draft_network(const char *text)
{
	const char *slash = strchr(text, '/');
	struct podwall_network network = { .base = draft_ip(text) };

	WARN_ON(!slash || kstrtou8(slash + 1, 10, &network.prefix_length));
	return network;
}

static void make_block(struct kunit *test, struct podwall_peer_set *set,
		       const struct draft_block *draft)
{
	struct podwall_network network = draft_network(draft->network);
	struct podwall_block *block;
	size_t i;

	block = podwall_peer_set_add_block(set, &network);
	KUNIT_ASSERT_NOT_NULL(test, block);
	for (i = 0; i < ARRAY_SIZE(draft->excepts) && draft->excepts[i]; i++) {
		network = draft_network(draft->excepts[i]);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_peer_set_add_except(set, block,
							    &network));
	}
}

static void add_identity(struct kunit *test, struct podwall_peer_set *set,
			 u32 identity)
{
	KUNIT_ASSERT_EQ(test, 0, podwall_peer_set_add_identity(set, identity));
}

/* Build a peer set, not frozen; the caller owns the reference. */
struct podwall_peer_set *
draft_make_peer_set(struct kunit *test, const struct draft_peer_set *draft)
{
	struct podwall_peer_set *set = podwall_peer_set_create(draft->id,
							       draft->name);
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, set);
	for (i = 0; i < ARRAY_SIZE(draft->identities) && draft->identities[i]; i++)
		add_identity(test, set, draft->identities[i]);
	for (i = 0; i < ARRAY_SIZE(draft->blocks); i++)
		if (draft->blocks[i].network)
			make_block(test, set, &draft->blocks[i]);
	return set;
}

static void add_peer_set(struct kunit *test, struct podwall_rule_set *set,
			 struct podwall_rule *rule, u32 id)
{
	KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_add_peer_set(set, rule, id));
}

static void add_port_range(struct kunit *test, struct podwall_rule_set *set,
			   struct podwall_rule *rule,
			   const struct podwall_port_range *range)
{
	KUNIT_ASSERT_EQ(test, 0,
			podwall_rule_set_add_port_range(set, rule, range));
}

static void make_rule(struct kunit *test, struct podwall_rule_set *set,
		      const struct draft_rule *draft)
{
	const struct podwall_rule template = {
		.tier = draft->tier,
		.action = draft->action,
		.priority = draft->priority,
		.cookie = draft->cookie,
		.any_peer = !draft->peer_sets[0],
		.any_port = !draft->ports[0].protocol,
	};
	struct podwall_rule *rule;
	char origin[32];
	size_t i;

	snprintf(origin, sizeof(origin), "rule %u", set->rules.count);
	rule = podwall_rule_set_add_rule(set, &template, origin);
	KUNIT_ASSERT_NOT_NULL(test, rule);
	for (i = 0; i < ARRAY_SIZE(draft->peer_sets) && draft->peer_sets[i]; i++)
		add_peer_set(test, set, rule, draft->peer_sets[i]);
	for (i = 0; i < ARRAY_SIZE(draft->ports) && draft->ports[i].protocol; i++)
		add_port_range(test, set, rule, &draft->ports[i]);
}

/* Build a rule set, not frozen; the caller owns the reference. */
struct podwall_rule_set *
draft_make_rule_set(struct kunit *test, const struct draft_rule_set *draft)
{
	struct podwall_rule_set *set = podwall_rule_set_create(draft->id,
							       draft->direction);
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, set);
	if (draft->isolated)
		KUNIT_ASSERT_EQ(test, 0, podwall_rule_set_isolate(set, "isolated"));
	set->isolation_audited = draft->isolation_audited;
	for (i = 0; i < ARRAY_SIZE(draft->rules); i++)
		if (draft->rules[i].tier)
			make_rule(test, set, &draft->rules[i]);
	return set;
}

/* Build a pod; the caller owns the reference. */
struct podwall_pod *draft_make_pod(struct kunit *test,
				   const struct draft_pod *draft)
{
	struct podwall_pod *pod = podwall_pod_create(draft->key);
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, pod);
	for (i = 0; i < ARRAY_SIZE(draft->addresses); i++)
		if (draft->addresses[i])
			pod->addresses[pod->address_count++] =
				draft_ip(draft->addresses[i]);
	pod->ingress_rule_set = draft->ingress;
	pod->egress_rule_set = draft->egress;
	pod->ingress_enforced_rule_set = draft->ingress_enforced;
	pod->egress_enforced_rule_set = draft->egress_enforced;
	if (draft->mode)
		pod->mode = draft->mode;
	return pod;
}

void draft_stage_peer_set(struct kunit *test,
			  struct podwall_transaction *transaction,
			  const struct draft_peer_set *draft)
{
	struct podwall_peer_set *set = draft_make_peer_set(test, draft);

	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_peer_set(transaction, set));
}

void draft_stage_rule_set(struct kunit *test,
			  struct podwall_transaction *transaction,
			  const struct draft_rule_set *draft)
{
	struct podwall_rule_set *set = draft_make_rule_set(test, draft);

	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_rule_set(transaction, set));
}

void draft_stage_pod(struct kunit *test,
		     struct podwall_transaction *transaction,
		     const struct draft_pod *draft, bool remove)
{
	struct podwall_pod *pod = draft_make_pod(test, draft);

	KUNIT_ASSERT_EQ(test, 0,
			podwall_transaction_add_pod(transaction, pod, remove));
}

KUNIT_DEFINE_ACTION_WRAPPER(free_transaction, podwall_transaction_free,
			    struct podwall_transaction *);
KUNIT_DEFINE_ACTION_WRAPPER(put_policy, podwall_policy_put,
			    struct podwall_policy *);
KUNIT_DEFINE_ACTION_WRAPPER(put_rule_set, podwall_rule_set_put,
			    struct podwall_rule_set *);

/* Begin a transaction that the end of the case frees. */
struct podwall_transaction *draft_transaction(struct kunit *test)
{
	struct podwall_transaction *transaction;

	transaction = podwall_transaction_create(1, NULL);
	KUNIT_ASSERT_NOT_NULL(test, transaction);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, free_transaction,
						  transaction));
	return transaction;
}

/* Free a transaction, and what only it holds, before the end of the case does. */
void draft_drop_transaction(struct kunit *test,
			    struct podwall_transaction *transaction)
{
	kunit_release_action(test, free_transaction, transaction);
}

/* Begin an empty policy that the end of the case drops. */
struct podwall_policy *draft_policy(struct kunit *test)
{
	struct podwall_policy *policy = podwall_policy_create_initial();

	KUNIT_ASSERT_NOT_NULL(test, policy);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, put_policy, policy));
	return policy;
}

/* Commit what must be accepted; the end of the case drops the policy. */
struct podwall_policy *draft_commit(struct kunit *test,
				    const struct podwall_policy *live,
				    struct podwall_transaction *transaction)
{
	struct podwall_error error = {};
	struct podwall_policy *policy;

	policy = podwall_commit_build(live, transaction, &error);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(policy), "refused: %s", error.text);
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, put_policy, policy));
	return policy;
}

/* Drop a policy before the end of the case does. */
void draft_drop_policy(struct kunit *test, struct podwall_policy *policy)
{
	kunit_release_action(test, put_policy, policy);
}

/* Let the end of the case drop a rule set. */
void draft_keep_rule_set(struct kunit *test, struct podwall_rule_set *set)
{
	KUNIT_ASSERT_EQ(test, 0,
			kunit_add_action_or_reset(test, put_rule_set, set));
}

/* For suites that make policies: their release must end before the module. */
int draft_suite_init(struct kunit_suite *suite)
{
	return podwall_policy_init();
}

void draft_suite_exit(struct kunit_suite *suite)
{
	podwall_policy_exit();
}

/* Begin a row of random numbers that the log says how to repeat. */
struct rnd_state draft_random(struct kunit *test)
{
	u64 start = seed ?: get_random_u64();
	struct rnd_state random;

	kunit_info(test, "repeat with insmod podwall_kunit.ko seed=%llu", start);
	prandom_seed_state(&random, start);
	return random;
}

u32 draft_below(struct rnd_state *random, u32 limit)
{
	return prandom_u32_state(random) % limit;
}
