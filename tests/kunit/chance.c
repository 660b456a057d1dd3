// SPDX-License-Identifier: GPL-2.0-only

#include <linux/in.h>
#include <linux/minmax.h>
#include <linux/podwall.h>

#include "chance.h"
#include "draft.h"
#include "evaluator.h"
#include "result.h"

static const char *const networks[] = {
	"0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/28", "10.0.0.8/29", "10.0.0.3/32",
	"10.0.1.0/24", "128.0.0.0/1", "::/0", "fd00::/16", "fd00::/124",
	"fd00::3/128", "fd00:0:0:1::/64",
};

static const char *const addresses[] = {
	"10.0.0.1", "10.0.0.3", "10.0.0.9", "10.0.1.1", "10.9.9.9",
	"192.0.2.1", "1.0.0.0", "fd00::1", "fd00::3", "fd00:0:0:1::9",
	"fd00::99", "2001:db8::1",
};

static const char *const names[] = {
	"zero", "one", "two", "three", "four", "five", "six", "seven", "eight",
	"nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
	"sixteen",
};

static const u8 protocols[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, IPPROTO_ICMP,
};

static const u16 ports[] = { 0, 1, 79, 80, 81, 443, 65534, 65535 };

struct podwall_ip chance_ip(struct rnd_state *random)
{
	return draft_ip(addresses[draft_below(random, ARRAY_SIZE(addresses))]);
}

static bool overlap(const struct podwall_network *a,
		    const struct podwall_network *b)
{
	return podwall_network_contains(a, &b->base) ||
	       podwall_network_contains(b, &a->base);
}

/* Exceptions lie in their block, and apart from each other. */
static bool may_except(const struct draft_block *block, const char *text)
{
	struct podwall_network network = draft_network(block->network), other;
	struct podwall_network except = draft_network(text);
	size_t i;

	if (!podwall_network_is_within(&except, &network))
		return false;
	for (i = 0; i < ARRAY_SIZE(block->excepts) && block->excepts[i]; i++) {
		other = draft_network(block->excepts[i]);
		if (overlap(&except, &other))
			return false;
	}
	return true;
}

void chance_block(struct rnd_state *random, struct draft_block *block)
{
	u32 i, count = 0;

	*block = (struct draft_block){
		.network = networks[draft_below(random, ARRAY_SIZE(networks))],
	};
	for (i = 0; i < ARRAY_SIZE(block->excepts); i++) {
		const char *text = networks[draft_below(random,
							ARRAY_SIZE(networks))];

		if (may_except(block, text))
			block->excepts[count++] = text;
	}
}

void chance_peer_set(struct rnd_state *random, struct draft_peer_set *set,
		     u32 id)
{
	u32 i, identities = draft_below(random, 6);
	u32 blocks = draft_below(random, 4);

	*set = (struct draft_peer_set){
		.id = id,
		.name = names[id % ARRAY_SIZE(names)],
	};
	for (i = 0; i < identities; i++)
		set->identities[i] = 1 + draft_below(random, CHANCE_IDENTITIES);
	for (i = 0; i < blocks; i++)
		chance_block(random, &set->blocks[i]);
}

struct podwall_port_range chance_range(struct rnd_state *random)
{
	u16 a = ports[draft_below(random, ARRAY_SIZE(ports))];
	u16 b = ports[draft_below(random, ARRAY_SIZE(ports))];

	return (struct podwall_port_range){
		.protocol = protocols[draft_below(random,
						  PODWALL_PORT_PROTOCOLS)],
		.first = min(a, b),
		.last = draft_below(random, 2) ? max(a, b) : min(a, b),
	};
}

static void add_rule(struct kunit *test, struct rnd_state *random,
		     struct podwall_rule_set *set, u32 tier, u32 peer_sets)
{
	const struct podwall_rule template = {
		.tier = tier,
		.action = tier == PODWALL_TIER_POLICY ? PODWALL_ACTION_ACCEPT :
			  PODWALL_ACTION_ACCEPT + draft_below(random, 3),
		.any_peer = !draft_below(random, 12),
		.any_port = !draft_below(random, 4),
	};
	u32 i, sets = template.any_peer ? 0 : 1 + draft_below(random, 3);
	u32 ranges = template.any_port ? 0 : 1 + draft_below(random, 3);
	struct podwall_port_range range;
	struct podwall_rule *rule;

	rule = podwall_rule_set_add_rule(set, &template, "random");
	KUNIT_ASSERT_NOT_NULL(test, rule);
	for (i = 0; i < sets; i++)
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_peer_set(set, rule,
							      1 + draft_below(random,
									      peer_sets)));
	for (i = 0; i < ranges; i++) {
		range = chance_range(random);
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_add_port_range(set, rule,
								&range));
	}
}

/* Of rules that name peer sets from 1 to @peer_sets; not frozen. */
struct podwall_rule_set *chance_rule_set(struct kunit *test,
					 struct rnd_state *random, u32 id,
					 u32 rules, u32 peer_sets)
{
	struct podwall_rule_set *set;
	u32 i, tier = PODWALL_TIER_ADMIN;

	set = podwall_rule_set_create(id, PODWALL_DIRECTION_INGRESS);
	KUNIT_ASSERT_NOT_NULL(test, set);
	if (draft_below(random, 2))
		KUNIT_ASSERT_EQ(test, 0,
				podwall_rule_set_isolate(set, "isolated"));
	for (i = 0; i < rules; i++) {
		if (tier < PODWALL_TIER_BASELINE &&
		    !draft_below(random, 1 + rules / 3))
			tier++;
		add_rule(test, random, set, tier, peer_sets);
	}
	return set;
}

/* All of a query but its peer. */
void chance_query(struct rnd_state *random, struct podwall_query *query)
{
	query->protocol = protocols[draft_below(random, ARRAY_SIZE(protocols))];
	query->port = ports[draft_below(random, ARRAY_SIZE(ports))];
	query->has_port = query->protocol != IPPROTO_ICMP &&
			  draft_below(random, 6);
	query->skip_policy_tier = !draft_below(random, 4);
}
