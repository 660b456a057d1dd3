// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>

#include "naive.h"

/*
 * docs/design.md, "The verdict", points 3 to 6, read aloud: for each rule work
 * out whether it matches, then choose among those that do.
 */

static bool block_holds(const struct block *block,
			const struct address *address)
{
	bool holds = network_holds(&block->network, address);
	struct network *except;

	for_each(except, &block->excepts)
		holds &= !network_holds(except, address);
	return holds;
}

static bool peers_hold(const struct peers *peers, const struct host *host,
		       const struct address *address)
{
	struct block *block;
	bool holds = false;
	u32 i;

	for (i = 0; i < peers->identity_count; i++)
		holds |= host && host->identity == peers->identities[i];
	for_each(block, &peers->blocks) holds |= block_holds(block, address);
	return holds;
}

static bool covers_peer(const struct world *world, const struct rule *rule,
			const struct question *question)
{
	const struct host *host = world_host(world, &question->peer);
	bool covers = rule->any_peer;
	u32 i;

	for (i = 0; i < rule->peers_count; i++)
		covers |= peers_hold(world_peers(world, rule->peers[i]), host,
				     &question->peer);
	return covers;
}

/*
 * A later fragment has no ports: no rule that names ports accepts it, and one
 * that denies ports of its protocol denies it. Nor does any Pass on it.
 */
static bool covers_port(const struct rule *rule,
			const struct question *question)
{
	bool covers = rule->any_port;
	u32 i;

	for (i = 0; i < rule->ports_count; i++) {
		const struct ports *ports = &rule->ports[i];
		bool within = question->port >= ports->first &&
			      question->port <= ports->last;

		if (!question->has_port)
			within = rule->action == PODWALL_ACTION_DENY;
		covers |= ports->protocol == question->protocol && within;
	}
	return covers;
}

/* The rule of a tier that comes first of all that match, or -1. */
static int choose(const struct world *world, const struct rules *rules, u8 tier,
		  const struct question *question)
{
	const struct rule *chosen, *rule;
	int best = -1, i;

	for (i = rules->list.count - 1; i >= 0; i--) {
		rule = rules->list.items[i];
		if (rule->tier != tier || !covers_peer(world, rule, question) ||
		    !covers_port(rule, question))
			continue;
		chosen = best < 0 ? NULL : rules->list.items[best];
		if (!chosen || rule->priority <= chosen->priority)
			best = i;
	}
	return best;
}

static bool decides(const struct rules *rules, int index)
{
	const struct rule *rule = index < 0 ? NULL : rules->list.items[index];

	return rule && rule->action != PODWALL_ACTION_PASS;
}

static struct answer by_rule(const struct rules *rules, int index)
{
	const struct rule *rule = rules->list.items[index];
	bool accepts = rule->action == PODWALL_ACTION_ACCEPT;

	return (struct answer){
		accepts ? PODWALL_VERDICT_ACCEPT : PODWALL_VERDICT_DENY,
		PODWALL_REASON_RULE,
		rule->tier,
		index,
		false,
	};
}

/* What a rule set says. */
struct answer naive_evaluate(const struct world *world,
			     const struct rules *rules,
			     const struct question *question)
{
	int admin = choose(world, rules, PODWALL_TIER_ADMIN, question);
	int policy = choose(world, rules, PODWALL_TIER_POLICY, question);
	int baseline = choose(world, rules, PODWALL_TIER_BASELINE, question);

	if (decides(rules, admin))
		return by_rule(rules, admin);
	if ((rules->isolated || rules->isolation_audited) &&
	    !question->skips_policy_tier && policy >= 0)
		return by_rule(rules, policy);
	if (rules->isolated && !question->skips_policy_tier) {
		return (struct answer){ PODWALL_VERDICT_DENY,
					PODWALL_REASON_ISOLATED,
					PODWALL_TIER_POLICY, -1, false };
	}
	if (decides(rules, baseline))
		return by_rule(rules, baseline);
	return (struct answer){ PODWALL_VERDICT_ACCEPT, PODWALL_REASON_DEFAULT,
				0, -1, false };
}

static const struct answer no_policy = {
	PODWALL_VERDICT_ACCEPT, PODWALL_REASON_NO_POLICY, 0, -1, false,
};

/* What becomes of an end that is no pod. */
static struct answer judge_guard(const struct world *world,
				 const struct address *address, bool is_node)
{
	struct network *guarded;

	for_each(guarded, &world->settings->guarded) if (
		!is_node &&
		network_holds(guarded, address)) return (struct answer){
		PODWALL_VERDICT_DENY, PODWALL_REASON_UNREGISTERED, 0, -1, false
	};
	return no_policy;
}

static struct answer judge(const struct world *world, u32 id, u32 enforced,
			   const struct question *question)
{
	struct answer all, again;

	if (!id)
		return no_policy;
	all = naive_evaluate(world, world_rules(world, id), question);
	if (!enforced || all.verdict == PODWALL_VERDICT_ACCEPT)
		return all;
	again = naive_evaluate(world, world_rules(world, enforced), question);
	if (again.verdict == PODWALL_VERDICT_DENY)
		return again;
	all.audited = true;
	return all;
}

static struct question ask(const struct flow *flow, const struct address *peer,
			   bool skips_policy_tier)
{
	return (struct question){ *peer, flow->protocol, flow->has_port,
				  flow->port, skips_policy_tier };
}

/* What the client's end of a connection says. */
struct answer naive_egress(const struct world *world, const struct flow *flow)
{
	const struct pod *client = world_owner(world, &flow->client);
	const struct pod *server = world_owner(world, &flow->server);
	struct question question;
	bool to_itself, to_its_node;

	if (!client)
		return judge_guard(world, &flow->client, flow->from_node);
	to_itself = client == server && flow->translated;
	to_its_node = flow->to_node && !world->settings->judges_node_access;
	question = ask(flow, &flow->server, to_itself || to_its_node);
	return judge(world, client->egress, client->egress_enforced, &question);
}

/* What the server's end of a connection says. */
struct answer naive_ingress(const struct world *world, const struct flow *flow)
{
	const struct pod *client = world_owner(world, &flow->client);
	const struct pod *server = world_owner(world, &flow->server);
	struct question question;
	struct answer answer;

	if (!server)
		return judge_guard(world, &flow->server, flow->to_node);
	question =
		ask(flow, &flow->client, client == server && flow->translated);
	answer = judge(world, server->ingress, server->ingress_enforced,
		       &question);
	/* A proxy on the node that keeps a pod's address speaks for the pod. */
	if (answer.verdict == PODWALL_VERDICT_DENY && flow->from_node &&
	    !client)
		return (struct answer){ PODWALL_VERDICT_ACCEPT,
					PODWALL_REASON_NODE, answer.tier,
					answer.rule, false };
	return answer;
}
