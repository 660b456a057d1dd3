// SPDX-License-Identifier: GPL-2.0-only

#include <linux/podwall.h>

#include "connection.h"
#include "judge.h"
#include "limits.h"
#include "namespace.h"
#include "netlink_fill.h"
#include "netlink_fill_count.h"
#include "netlink_parse.h"
#include "netlink_request.h"
#include "packet.h"
#include "policy.h"

/* Room for what a reply holds beside lists and origins. */
#define REPLY_ROOM 1024

/**
 * podwall_request_settings_get - reply with the settings
 * @request: settings-get
 *
 * Context: Process context; may sleep.
 * Return: 0, -ENOMEM, or what the socket returns.
 */
int podwall_request_settings_get(struct podwall_request *request)
{
	struct podwall_policy *policy = podwall_net_get_policy(request->pn);
	/* An IPv6 network takes 32 bytes. */
	size_t size = REPLY_ROOM + policy->settings.guarded.count * 32;
	struct sk_buff *reply;
	void *header;
	int err = -ENOMEM;

	reply = podwall_request_reply(request, size, &header);
	if (!reply)
		goto out;
	if (podwall_fill_settings(reply, &policy->settings) ||
	    nla_put_u64_64bit(reply, PODWALL_A_SETTINGS_GENERATION,
			      policy->generation, PODWALL_A_SETTINGS_PAD)) {
		nlmsg_free(reply);
		err = -EMSGSIZE;
		goto out;
	}
	err = podwall_request_send(request, reply, header);
out:
	podwall_policy_put(policy);
	return err;
}

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, PODWALL_A_STATUS_PAD);
}

static int fill_status(struct sk_buff *skb, struct podwall_net *pn,
		       const struct podwall_traffic_counts *traffic)
{
	const struct podwall_policy *policy = podwall_net_policy(pn);
	struct podwall_totals totals = podwall_net_read_totals(pn);
	struct podwall_amounts used = policy->used;

	used.transactions = pn->transaction_count;
	used.memory += podwall_net_transaction_memory(pn);
	return nla_put_string(skb, PODWALL_A_STATUS_VERSION, PODWALL_VERSION) ||
	       put_u64(skb, PODWALL_A_STATUS_GENERATION, policy->generation) ||
	       (pn->enforcing &&
		nla_put_flag(skb, PODWALL_A_STATUS_ENFORCING)) ||
	       podwall_fill_amounts(skb, PODWALL_A_STATUS_LIMITS,
				    &policy->settings.limits) ||
	       podwall_fill_amounts(skb, PODWALL_A_STATUS_USED, &used) ||
	       put_u64(skb, PODWALL_A_STATUS_ACCEPTED_PACKETS,
		       totals.accepted) ||
	       put_u64(skb, PODWALL_A_STATUS_DENIED_PACKETS, totals.denied) ||
	       put_u64(skb, PODWALL_A_STATUS_AUDITED_PACKETS, totals.audited) ||
	       put_u64(skb, PODWALL_A_STATUS_EVENTS_SENT,
		       atomic64_read(&pn->events_sent)) ||
	       put_u64(skb, PODWALL_A_STATUS_EVENTS_LOST,
		       atomic64_read(&pn->events.lost)) ||
	       put_u64(skb, PODWALL_A_STATUS_COMMITS_REFUSED,
		       pn->commits_refused) ||
	       podwall_fill_traffic(skb, PODWALL_A_STATUS_TRAFFIC, traffic) ||
	       put_u64(skb, PODWALL_A_STATUS_COMMITS, pn->commits) ||
	       put_u64(skb, PODWALL_A_STATUS_DESIRED_GENERATION,
		       pn->desired_generation) ||
	       put_u64(skb, PODWALL_A_STATUS_DELAY, pn->delay) ||
	       put_u64(skb, PODWALL_A_STATUS_DELAY_SUM, pn->delay_sum) ?
	       -EMSGSIZE : 0;
}

/**
 * podwall_request_status_get - reply with what is held and was counted
 * @request: status-get
 *
 * Context: Process context; may sleep.
 * Return: 0, -ENOMEM, or what the socket returns.
 */
int podwall_request_status_get(struct podwall_request *request)
{
	struct podwall_net *pn = request->pn;
	struct podwall_traffic_counts traffic;
	struct podwall_policy *policy;
	struct sk_buff *reply;
	void *header;
	int err;

	reply = podwall_request_reply(request,
				      REPLY_ROOM + PODWALL_FILL_TRAFFIC_ROOM,
				      &header);
	if (!reply)
		return -ENOMEM;
	/* With many pods and processors that takes a while: no writer waits. */
	policy = podwall_net_get_policy(pn);
	podwall_traffic_total_read(policy->traffic, &traffic);
	podwall_policy_put(policy);
	mutex_lock(&pn->mutex);
	err = fill_status(reply, pn, &traffic);
	mutex_unlock(&pn->mutex);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	return podwall_request_send(request, reply, header);
}

static int fill_explanation(struct sk_buff *skb,
			    const struct podwall_policy *policy,
			    const struct podwall_connection *connection)
{
	struct podwall_judgement egress, ingress;
	u32 verdict;

	podwall_judge_egress(policy, connection, &egress);
	podwall_judge_ingress(policy, connection, &ingress);
	verdict = podwall_judgement_blocks(&egress) ||
		  podwall_judgement_blocks(&ingress) ?
		  PODWALL_VERDICT_DENY : PODWALL_VERDICT_ACCEPT;
	return podwall_fill_connection(skb, PODWALL_A_EXPLANATION_CONNECTION,
				       connection) ||
	       nla_put_u32(skb, PODWALL_A_EXPLANATION_VERDICT, verdict) ||
	       podwall_fill_judgement(skb, PODWALL_A_EXPLANATION_EGRESS,
				      &egress) ||
	       podwall_fill_judgement(skb, PODWALL_A_EXPLANATION_INGRESS,
				      &ingress) ||
	       nla_put_u64_64bit(skb, PODWALL_A_EXPLANATION_GENERATION,
				 policy->generation,
				 PODWALL_A_EXPLANATION_PAD) ? -EMSGSIZE : 0;
}

/**
 * podwall_request_explain - reply with how a connection is judged
 * @request: explain
 *
 * Context: Process context; may sleep.
 * Return: 0, -EINVAL, -ENOMEM, or what the socket returns.
 */
int podwall_request_explain(struct podwall_request *request)
{
	const struct nlattr *nest =
		request->info->attrs[PODWALL_A_EXPLANATION_CONNECTION];
	/* Two judgements with a key and an origin each. */
	size_t size = REPLY_ROOM + 2 * (PODWALL_NAME_MAX + PODWALL_ORIGIN_MAX);
	struct podwall_connection connection;
	struct podwall_policy *policy;
	struct sk_buff *reply;
	void *header;
	int err;

	err = podwall_request_require(request, PODWALL_A_EXPLANATION_CONNECTION,
				      "connection");
	if (!err)
		err = podwall_parse_connection(nest, &connection,
					       &request->error);
	if (err)
		return err;
	connection.from_node = podwall_packet_is_node(request->net,
						      &connection.client);
	/* A pod is seen to reach itself only by way of a service. */
	connection.translated = podwall_ip_equal(&connection.client,
						 &connection.server);
	connection.to_node = podwall_packet_is_node(request->net,
						    &connection.server);
	reply = podwall_request_reply(request, size, &header);
	if (!reply)
		return -ENOMEM;
	policy = podwall_net_get_policy(request->pn);
	err = fill_explanation(reply, policy, &connection);
	podwall_policy_put(policy);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	return podwall_request_send(request, reply, header);
}
