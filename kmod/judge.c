// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>
#include <linux/string.h>

#include "connection.h"
#include "evaluator.h"
#include "judge.h"
#include "policy.h"

static void judge_unregistered(const struct podwall_policy *policy,
			       const struct podwall_ip *ip,
			       struct podwall_judgement *judgement)
{
	judgement->guarded = podwall_settings_guard(&policy->settings, ip);
	if (!judgement->guarded)
		return;
	judgement->verdict = PODWALL_VERDICT_DENY;
	judgement->reason = PODWALL_REASON_UNREGISTERED;
}

static void ask(const struct podwall_policy *policy,
		const struct podwall_pod_rules *rules,
		const struct podwall_connection *connection,
		const struct podwall_ip *peer, bool skip_policy_tier,
		struct podwall_judgement *judgement)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	struct podwall_outcome outcome;
	u32 key, result;

	key = podwall_port_key(connection->protocol, connection->server_port,
			       connection->has_ports);
	result = podwall_classifier_find(classifier, rules->row,
					 podwall_classifier_class(classifier,
								  peer),
					 key,
					 podwall_port_map_find(classifier->ports,
							       key),
					 skip_policy_tier);
	podwall_result_read(rules->set, result, &outcome);
	judgement->verdict = outcome.verdict;
	judgement->reason = outcome.reason;
	judgement->tier = outcome.tier;
	judgement->count = outcome.count;
	judgement->rule_set = rules->set;
	judgement->rule = outcome.rule;
}

/*
 * What policies in audit mode deny is told from the rest by asking twice: first
 * all rules, then, on a denial, those that are enforced. So what is accepted
 * costs no more than without audit, and the audited rules are what is counted
 * and reported where they alone deny.
 */
static void judge_pod(const struct podwall_policy *policy,
		      const struct podwall_pod_rules *rules,
		      const struct podwall_pod_rules *enforced,
		      const struct podwall_connection *connection,
		      const struct podwall_ip *peer, bool skip_policy_tier,
		      struct podwall_judgement *judgement)
{
	struct podwall_judgement again;

	if (!rules->row)
		return;
	ask(policy, rules, connection, peer, skip_policy_tier, judgement);
	if (judgement->verdict == PODWALL_VERDICT_ACCEPT || !enforced->row)
		return;
	again = *judgement;
	ask(policy, enforced, connection, peer, skip_policy_tier, &again);
	if (again.verdict == PODWALL_VERDICT_DENY)
		*judgement = again;
	else
		judgement->mode = PODWALL_MODE_AUDIT;
}

static void begin(struct podwall_judgement *judgement, u8 direction)
{
	*judgement = (struct podwall_judgement){
		.direction = direction,
		.verdict = PODWALL_VERDICT_ACCEPT,
		.reason = PODWALL_REASON_NO_POLICY,
		.mode = PODWALL_MODE_ENFORCE,
	};
}

/* Without a service in between, a pod's packets to itself never leave it. */
static bool is_hairpin(const struct podwall_connection *connection,
		       const struct podwall_pod_slot *client,
		       const struct podwall_pod_slot *server)
{
	return client == server && connection->translated;
}

/**
 * podwall_judge_egress - judge a connection where it leaves its client
 * @policy: under RCU, or referenced
 * @connection: what is judged
 * @judgement: receives the answer, whole
 *
 * The policy tier does not concern a pod that reaches itself, which we see
 * only by way of a service, nor, unless settings say so, a pod that reaches
 * its own node: Kubernetes leaves both to the implementation, and cutting
 * either off breaks pods that no operator meant to isolate from themselves.
 *
 * Context: Any.
 */
void podwall_judge_egress(const struct podwall_policy *policy,
			  const struct podwall_connection *connection,
			  struct podwall_judgement *judgement)
{
	const struct podwall_pod_slot *client, *server;
	bool skip_policy_tier;

	begin(judgement, PODWALL_DIRECTION_EGRESS);
	client = podwall_policy_pod(policy, &connection->client);
	if (!client) {
		if (!connection->from_node)
			judge_unregistered(policy, &connection->client,
					   judgement);
		return;
	}
	server = podwall_policy_pod(policy, &connection->server);
	skip_policy_tier = is_hairpin(connection, client, server) ||
		(connection->to_node &&
		 policy->settings.node_access == PODWALL_NODE_ACCESS_ACCEPT);
	judgement->pod = client->pod;
	judgement->mode = client->pod->mode;
	judge_pod(policy, &client->egress, &client->egress_enforced, connection,
		  &connection->server, skip_policy_tier, judgement);
}

/**
 * podwall_judge_ingress - judge a connection where it reaches its server
 * @policy: under RCU, or referenced
 * @connection: what is judged
 * @judgement: receives the answer, whole
 *
 * What this node itself begins reaches its own pods whatever the rules say:
 * the kubelet's probes must pass (Kubernetes: "traffic to and from the node
 * where a Pod is running is always allowed"). A proxy on the node that keeps a
 * pod's address speaks for the pod.
 *
 * Context: Any.
 */
void podwall_judge_ingress(const struct podwall_policy *policy,
			   const struct podwall_connection *connection,
			   struct podwall_judgement *judgement)
{
	const struct podwall_pod_slot *client, *server;

	begin(judgement, PODWALL_DIRECTION_INGRESS);
	server = podwall_policy_pod(policy, &connection->server);
	if (!server) {
		if (!connection->to_node)
			judge_unregistered(policy, &connection->server,
					   judgement);
		return;
	}
	client = podwall_policy_pod(policy, &connection->client);
	judgement->pod = server->pod;
	judgement->mode = server->pod->mode;
	judge_pod(policy, &server->ingress, &server->ingress_enforced,
		  connection, &connection->client,
		  is_hairpin(connection, client, server), judgement);
	if (judgement->verdict == PODWALL_VERDICT_DENY &&
	    connection->from_node && !client) {
		judgement->verdict = PODWALL_VERDICT_ACCEPT;
		judgement->reason = PODWALL_REASON_NODE;
		judgement->mode = server->pod->mode;
		judgement->count =
			podwall_rule_set_default_count(judgement->rule_set);
	}
}

/**
 * podwall_judgement_origin - where what decided comes from, for a person to read
 * @judgement: whose policy is under RCU, or referenced
 * @room: PODWALL_ORIGIN_ROOM bytes, for a text that is made
 *
 * Context: Any.
 * Return: the text, as long-lived as the policy and @room, or NULL for none.
 */
const char *podwall_judgement_origin(const struct podwall_judgement *judgement,
				     char *room)
{
	static const char prefix[] = "guarded block ";
	const struct podwall_rule_set *set = judgement->rule_set;

	if (judgement->rule)
		return podwall_rule_set_text(set, judgement->rule->origin);
	if (judgement->tier == PODWALL_TIER_POLICY)
		return podwall_rule_set_text(set, set->isolation_origin);
	if (!judgement->guarded)
		return NULL;
	memcpy(room, prefix, sizeof(prefix));
	podwall_network_text(judgement->guarded, room + strlen(prefix));
	return room;
}
