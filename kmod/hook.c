// SPDX-License-Identifier: GPL-2.0-only

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/podwall.h>
#include <net/icmp.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

#include "connection.h"
#include "event.h"
#include "fast_path.h"
#include "hook.h"
#include "judge.h"
#include "namespace.h"
#include "packet.h"
#include "policy.h"
#include "trace.h"

/* Of an address that is no registered pod's only denials count. */
static void count(const struct podwall_policy *policy,
		  const struct podwall_connection *connection,
		  const struct podwall_judgement *judgement, u32 bytes)
{
	bool first = connection->first_packet;

	if (judgement->rule_set)
		podwall_count_add(podwall_counters_at(judgement->rule_set->counters,
						      judgement->count),
				  bytes, first);
	if (judgement->pod || judgement->verdict == PODWALL_VERDICT_DENY)
		podwall_traffic_count(judgement->pod ?
				      judgement->pod->traffic->counts :
				      policy->traffic->counts,
				      judgement->direction,
				      podwall_traffic_kind(judgement->verdict,
							   judgement->mode,
							   judgement->reason),
				      bytes, first);
}

static void account(struct net *net, struct podwall_net *pn,
		    const struct podwall_policy *policy,
		    const struct sk_buff *skb,
		    const struct podwall_connection *connection,
		    const struct podwall_judgement *judgement)
{
	count(policy, connection, judgement, skb->len);
	if (trace_verdict_enabled())
		podwall_trace_verdict(net, policy, skb, connection, judgement);
	if (judgement->verdict == PODWALL_VERDICT_ACCEPT)
		return;
	if (podwall_judgement_audits(judgement))
		this_cpu_inc(pn->totals->audited);
	podwall_event_send_drop(net, pn, policy, skb, connection, judgement);
}

/* An audited denial has been told of already, as what it is. */
static bool asks_for_report(const struct podwall_judgement *judgement)
{
	return judgement->pod && judgement->pod->report_accepted &&
	       judgement->verdict == PODWALL_VERDICT_ACCEPT;
}

static void report_accepted(struct net *net, struct podwall_net *pn,
			    const struct podwall_policy *policy,
			    const struct sk_buff *skb,
			    const struct podwall_connection *connection,
			    const struct podwall_judgement *judgement)
{
	if (asks_for_report(judgement) && connection->first_packet)
		podwall_event_send_accept(net, pn, policy, skb, connection,
					  judgement);
}

/*
 * Packets are freed here, by a function of this very name, so that tracers of
 * drops show who dropped them.
 */
static noinline __noclone unsigned int
podwall_drop(struct podwall_net *pn, const struct podwall_policy *policy,
	     struct sk_buff *skb, u8 family)
{
	this_cpu_inc(pn->totals->denied);
	if (policy->settings.deny_action == PODWALL_DENY_ACTION_REJECT) {
		if (family == NFPROTO_IPV4)
			icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PKT_FILTERED, 0);
		else
			icmpv6_send(skb, ICMPV6_DEST_UNREACH,
				    ICMPV6_ADM_PROHIBITED, 0);
	}
	return NF_DROP_REASON(skb, SKB_DROP_REASON_NETFILTER_DROP, EPERM);
}

static noinline unsigned int judge_closely(struct podwall_net *pn,
					   const struct podwall_policy *policy,
					   struct sk_buff *skb,
					   const struct nf_hook_state *state)
{
	struct podwall_connection connection;
	struct podwall_judgement egress, ingress;

	if (!podwall_packet_read(skb, state, policy, &connection))
		return NF_ACCEPT;
	podwall_judge_egress(policy, &connection, &egress);
	account(state->net, pn, policy, skb, &connection, &egress);
	if (podwall_judgement_blocks(&egress))
		return podwall_drop(pn, policy, skb, state->pf);
	podwall_judge_ingress(policy, &connection, &ingress);
	account(state->net, pn, policy, skb, &connection, &ingress);
	if (podwall_judgement_blocks(&ingress))
		return podwall_drop(pn, policy, skb, state->pf);
	report_accepted(state->net, pn, policy, skb, &connection, &egress);
	report_accepted(state->net, pn, policy, skb, &connection, &ingress);
	this_cpu_inc(pn->totals->accepted);
	return NF_ACCEPT;
}

static __always_inline unsigned int
judge_packet(struct podwall_net *pn, struct sk_buff *skb,
	     const struct nf_hook_state *state, u8 family)
{
	const struct podwall_policy *policy;

	/* Hooks run under rcu_read_lock(). */
	policy = rcu_dereference(pn->policy);
	/* Tracers want every packet, and to know why. */
	if (trace_verdict_enabled() ||
	    unlikely(!podwall_fast_path_accepts(policy, skb, state, family)))
		return judge_closely(pn, policy, skb, state);
	this_cpu_inc(pn->totals->accepted);
	return NF_ACCEPT;
}

static unsigned int judge_ipv4(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	return judge_packet(priv, skb, state, AF_INET);
}

static unsigned int judge_ipv6(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	return judge_packet(priv, skb, state, AF_INET6);
}

static unsigned int judge_local(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct podwall_net *pn = priv;

	return judge_closely(pn, rcu_dereference(pn->policy), skb, state);
}

/*
 * After destination NAT and before source NAT both ends show their real
 * addresses. POST_ROUTING sees what is forwarded, what this node sends and
 * what IPVS forwards, which never passes FORWARD; LOCAL_IN sees what reaches
 * this node, behind IPVS's own hooks there.
 */
static const struct nf_hook_ops hooks[PODWALL_HOOKS] = {
	{
		.hook = judge_ipv4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP_PRI_NAT_SRC - 5,
	},
	{
		.hook = judge_local,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_NAT_SRC + 1,
	},
	{
		.hook = judge_ipv6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP6_PRI_NAT_SRC - 5,
	},
	{
		.hook = judge_local,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_NAT_SRC + 1,
	},
};

/**
 * podwall_hook_register - begin to see a network namespace's packets
 * @net: the namespace
 * @pn: what podwall keeps for it
 *
 * The module cannot be unloaded until podwall_hook_unregister(). Asking for
 * conntrack brings defragmentation with it.
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 * Return: 0, -EBUSY while the module unloads, or what conntrack and netfilter
 * return.
 */
int podwall_hook_register(struct net *net, struct podwall_net *pn)
{
	unsigned int i;
	int err;

	lockdep_assert_held(&pn->mutex);
	if (pn->enforcing)
		return 0;
	if (!try_module_get(THIS_MODULE))
		return -EBUSY;
	err = nf_ct_netns_get(net, NFPROTO_INET);
	if (err)
		goto err_module;
	memcpy(pn->hooks, hooks, sizeof(hooks));
	for (i = 0; i < PODWALL_HOOKS; i++)
		pn->hooks[i].priv = pn;
	err = nf_register_net_hooks(net, pn->hooks, PODWALL_HOOKS);
	if (err)
		goto err_conntrack;
	pn->enforcing = true;
	return 0;

err_conntrack:
	nf_ct_netns_put(net, NFPROTO_INET);
err_module:
	module_put(THIS_MODULE);
	return err;
}

/**
 * podwall_hook_unregister - see a network namespace's packets no more
 * @net: the namespace
 * @pn: what podwall keeps for it
 *
 * A packet may still be in a hook when this returns; what it reads lives until
 * its RCU section ends.
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 */
void podwall_hook_unregister(struct net *net, struct podwall_net *pn)
{
	lockdep_assert_held(&pn->mutex);
	if (!pn->enforcing)
		return;
	nf_unregister_net_hooks(net, pn->hooks, PODWALL_HOOKS);
	nf_ct_netns_put(net, NFPROTO_INET);
	pn->enforcing = false;
	module_put(THIS_MODULE);
}
