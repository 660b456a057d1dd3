// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "chance.h"
#include "compare.h"
#include "connection.h"
#include "dump.h"
#include "evaluator.h"
#include "fuzz_classify.h"
#include "judge.h"
#include "naive.h"
#include "node.h"
#include "pod.h"
#include "policy.h"

/* Hold a policy against what it should hold. */

static int rule_index(const struct podwall_rule_set *set,
		      const struct podwall_rule *rule)
{
	return rule ? rule - podwall_rule_set_rule(set, 0) : -1;
}

static bool amount_equal(const char *name, u64 is, u64 should)
{
	if (is == should)
		return true;
	printf("# the policy says that it uses %llu %s, it should be %llu\n",
	       is, name, should);
	return false;
}

static bool compare_amounts(const struct podwall_policy *policy,
			    const struct world *world)
{
	const struct podwall_amounts *used = &policy->used;
	u32 rule_count = 0, members = 0;
	struct peers *peers;
	struct rules *rules;

	for_each(peers, &world->peer_sets) members += peers_members(peers);
	for_each(rules, &world->rule_sets) rule_count += rules->list.count;
	return amount_equal("addresses", used->addresses, world->hosts.count) &&
	       amount_equal("peer sets", used->peer_sets,
			    world->peer_sets.count) &&
	       amount_equal("rule sets", used->rule_sets,
			    world->rule_sets.count) &&
	       amount_equal("pods", used->pods, world->pods.count) &&
	       amount_equal("rules", used->rules, rule_count) &&
	       amount_equal("members", used->members, members) &&
	       amount_equal("guarded blocks", used->guarded,
			    world->settings->guarded.count);
}

static u32 expected_count(const struct podwall_rule_set *set,
			  const struct answer *answer)
{
	if (answer->reason == PODWALL_REASON_RULE)
		return podwall_rule_set_rule_count(set, answer->rule);
	if (answer->reason == PODWALL_REASON_ISOLATED)
		return podwall_rule_set_isolation_count(set);
	return podwall_rule_set_default_count(set);
}

static bool outcome_equals(const struct podwall_rule_set *set,
			   const struct podwall_outcome *outcome,
			   const struct answer *answer)
{
	return outcome->verdict == answer->verdict &&
	       outcome->reason == answer->reason &&
	       outcome->tier == answer->tier &&
	       outcome->count == expected_count(set, answer) &&
	       rule_index(set, outcome->rule) == answer->rule;
}

static void print_outcome(const char *who, const struct podwall_rule_set *set,
			  const struct podwall_outcome *outcome)
{
	printf("# %s: %s, count %u\n", who,
	       dump_answer(outcome->verdict, outcome->reason, outcome->tier,
			   rule_index(set, outcome->rule)),
	       outcome->count);
}

static void count_answer(struct tally *tally, const struct answer *answer)
{
	tally->asked++;
	tally->reasons[answer->reason]++;
	if (answer->reason == PODWALL_REASON_RULE)
		tally->rule_verdicts[answer->verdict]++;
}

static bool compare_question(const struct podwall_policy *policy,
			     const struct world *world,
			     const struct rules *rules,
			     const struct question *question,
			     struct tally *tally)
{
	const struct podwall_rule_set *set =
		podwall_policy_rule_set(policy, rules->id);
	const struct host *host = world_host(world, &question->peer);
	struct podwall_ip ip = node_ip(&question->peer);
	struct podwall_query query = {
		.peer = &ip,
		.identity = podwall_policy_identity(policy, &ip),
		.protocol = question->protocol,
		.has_port = question->has_port,
		.port = question->port,
		.skip_policy_tier = question->skips_policy_tier,
	};
	/* Rubbish that every field must take the place of. */
	struct podwall_outcome linear = { 7, 7, 7, 7, NULL }, fast = linear;
	struct answer answer;
	bool plainly;

	if (!set) {
		printf("# the policy has no rule set %u\n", rules->id);
		return false;
	}
	if (query.identity != (host ? host->identity : 0)) {
		printf("# %s has identity %u in the policy, it should be %u\n",
		       dump_address(&question->peer), query.identity,
		       host ? host->identity : 0);
		return false;
	}
	podwall_evaluate(policy, set, &query, &linear);
	classify(policy, set, &query, &fast);
	answer = naive_evaluate(world, rules, question);
	count_answer(tally, &answer);
	plainly = classify_plainly(policy, set, &query, &fast);
	if (outcome_equals(set, &linear, &answer) &&
	    outcome_equals(set, &fast, &answer) && plainly)
		return true;
	printf("# rule set %u asked about %s, identity %u:\n", rules->id,
	       dump_question(question), query.identity);
	print_outcome("the evaluator", set, &linear);
	print_outcome("the classifier", set, &fast);
	printf("# the fast path %s\n", plainly ? "agrees" : "does not agree");
	printf("# the naive model: %s\n",
	       dump_answer(answer.verdict, answer.reason, answer.tier,
			   answer.rule));
	return false;
}

static bool judgement_equals(const struct podwall_judgement *judgement,
			     const struct answer *answer, const struct pod *pod)
{
	const struct podwall_rule_set *set = judgement->rule_set;

	return judgement->verdict == answer->verdict &&
	       judgement->reason == answer->reason &&
	       judgement->tier == answer->tier &&
	       rule_index(set, judgement->rule) == answer->rule &&
	       (!set || judgement->count == expected_count(set, answer)) &&
	       !judgement->pod == !pod &&
	       (!pod || !strcmp(judgement->pod->key, pod->key)) &&
	       judgement->mode == (answer->audited ? PODWALL_MODE_AUDIT :
				   pod		   ? pod->mode :
						     PODWALL_MODE_ENFORCE) &&
	       !judgement->guarded ==
		       (answer->reason != PODWALL_REASON_UNREGISTERED);
}

static bool compare_judgement(const struct podwall_judgement *judgement,
			      const struct flow *flow,
			      const struct answer *answer,
			      const struct pod *pod, struct tally *tally)
{
	count_answer(tally, answer);
	/* There is such a count. */
	if (judgement->rule_set)
		podwall_counters_read(judgement->rule_set->counters,
				      judgement->count);
	if (judgement_equals(judgement, answer, pod))
		return true;
	printf("# %s of %s:\n",
	       judgement->direction == 1 ? "ingress" : "egress",
	       dump_flow(flow));
	printf("# podwall: %s, count %u, mode %u, pod %s\n",
	       dump_answer(judgement->verdict, judgement->reason,
			   judgement->tier,
			   rule_index(judgement->rule_set, judgement->rule)),
	       judgement->count, judgement->mode,
	       judgement->pod ? judgement->pod->key : "none");
	printf("# the naive model: %s, pod %s\n",
	       dump_answer(answer->verdict, answer->reason, answer->tier,
			   answer->rule),
	       pod ? pod->key : "none");
	return false;
}

static bool compare_flow(const struct podwall_policy *policy,
			 const struct world *world, const struct flow *flow,
			 struct tally *tally)
{
	const struct podwall_connection connection = {
		.client = node_ip(&flow->client),
		.server = node_ip(&flow->server),
		.protocol = flow->protocol,
		.translated = flow->translated,
		.has_ports = flow->has_port,
		.server_port = flow->port,
		.from_node = flow->from_node,
		.to_node = flow->to_node,
	};
	struct podwall_judgement judgement;
	struct answer answer;

	podwall_judge_egress(policy, &connection, &judgement);
	answer = naive_egress(world, flow);
	if (!compare_judgement(&judgement, flow, &answer,
			       world_owner(world, &flow->client), tally))
		return false;
	podwall_judge_ingress(policy, &connection, &judgement);
	answer = naive_ingress(world, flow);
	return compare_judgement(&judgement, flow, &answer,
				 world_owner(world, &flow->server), tally);
}

/**
 * compare - ask a policy and say where it is wrong
 * @policy: the policy
 * @world: what it should hold
 * @other: what else to take questions from, such as what was in force before
 * @questions: how many to ask
 * @tally: counts the answers
 *
 * Return: whether all was as it should be.
 */
bool compare(const struct podwall_policy *policy, const struct world *world,
	     const struct world *other, u32 questions, struct tally *tally)
{
	const struct world *from;
	struct question question;
	struct rules *rules;
	struct flow flow;

	if (!compare_amounts(policy, world))
		return false;
	while (questions--) {
		from = chance_percent(70) ? world : other;
		if (!world->rule_sets.count || chance_percent(20)) {
			flow = ask_flow(from);
			if (!compare_flow(policy, world, &flow, tally))
				return false;
			continue;
		}
		rules = world->rule_sets
				.items[chance_below(world->rule_sets.count)];
		question = ask_question(from, rules);
		if (!compare_question(policy, world, rules, &question, tally))
			return false;
	}
	return true;
}
