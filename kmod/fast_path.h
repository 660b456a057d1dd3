/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_FAST_PATH_H
#define PODWALL_FAST_PATH_H

#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

#include "policy.h"

/**
 * DOC: The fast path
 *
 * Nearly all packets are forwarded, belong to a connection of TCP, UDP or SCTP
 * that conntrack knows, and are accepted. For those few questions remain, and
 * nothing need be known about an answer but what to count. Whatever is not
 * plain is left to the judge, from the beginning; so is what would be denied,
 * since then the reason is wanted. Both ask the same rows.
 */

static __always_inline const struct podwall_pod_slot *
podwall_fast_path_pod(const struct podwall_policy *policy, u8 family,
		      const union nf_inet_addr *address)
{
	return family == AF_INET ?
	       podwall_policy_pod4(policy, address->ip) :
	       podwall_policy_pod6(policy, &address->in6);
}

static __always_inline bool
podwall_fast_path_guards(const struct podwall_policy *policy, u8 family,
			 const union nf_inet_addr *address)
{
	return family == AF_INET ?
	       podwall_settings_guards4(&policy->settings, address->ip) :
	       podwall_settings_guards6(&policy->settings, &address->in6);
}

static __always_inline bool
podwall_fast_path_judge(const struct podwall_policy *policy,
			const struct podwall_row *row, u8 family,
			const union nf_inet_addr *peer,
			const struct nf_conntrack_tuple *reply, u32 port_class,
			struct podwall_count __percpu **count)
{
	const struct podwall_classifier *classifier = &policy->classifier;
	u32 class;

	class = family == AF_INET ?
		podwall_classifier_class4(classifier, peer->ip) :
		podwall_classifier_class6(classifier, &peer->in6);
	return podwall_classifier_accepts(classifier, row, class,
					  &reply->dst.protonum,
					  &reply->src.u.all, port_class, count);
}

/*
 * For the rule that decided, if there is a row, and for the pod. A branch is less
 * than to work out where in the pod's traffic.
 */
static __always_inline void
podwall_fast_path_count(const struct podwall_row *row,
			struct podwall_count __percpu *count,
			struct podwall_count __percpu *traffic, u32 bytes)
{
	if (!row) {
		podwall_count_packet(&traffic[PODWALL_TRAFFIC_NO_POLICY], bytes);
		return;
	}
	podwall_count_packet(count, bytes);
	if (likely(count != row->default_count))
		podwall_count_packet(&traffic[PODWALL_TRAFFIC_RULE], bytes);
	else
		podwall_count_packet(&traffic[PODWALL_TRAFFIC_DEFAULT], bytes);
}

/* Where only one end is a pod. */
static __always_inline bool
podwall_fast_path_accepts_end(const struct podwall_policy *policy,
			      const struct podwall_row *row, u8 family,
			      const union nf_inet_addr *peer,
			      const struct nf_conntrack_tuple *reply,
			      u32 port_class,
			      struct podwall_count __percpu *traffic, u32 bytes)
{
	struct podwall_count __percpu *count = NULL;

	if (row && !podwall_fast_path_judge(policy, row, family, peer, reply,
					    port_class, &count))
		return false;
	podwall_fast_path_count(row, count, traffic, bytes);
	return true;
}

/**
 * podwall_fast_path_accepts - whether a packet plainly passes
 * @policy: under RCU
 * @skb: at its IP header
 * @state: of the hook
 * @family: of the packet, AF_INET or AF_INET6
 *
 * Context: Any, under RCU.
 * Return: true with the packet counted for the rules that accept it and for the
 * pods; false with nothing decided.
 */
static __always_inline bool
podwall_fast_path_accepts(const struct podwall_policy *policy,
			  const struct sk_buff *skb,
			  const struct nf_hook_state *state, u8 family)
{
	struct podwall_count __percpu *egress_count = NULL, *ingress_count = NULL;
	const struct podwall_pod_slot *client_pod, *server_pod;
	const struct nf_conntrack_tuple *original, *reply;
	const struct podwall_row *egress, *ingress;
	const union nf_inet_addr *client, *server;
	enum ip_conntrack_info info;
	const struct nf_conn *ct;
	u32 slot, port_class;

	/* What this node sends came in by no device. */
	if (!state->in)
		return false;
	ct = nf_ct_get(skb, &info);
	if (!ct)
		return false;
	/*
	 * The first packet of a connection, which is not confirmed, counts as
	 * such, and may have to be told of. What is related to one need not be
	 * of its protocol.
	 */
	if ((READ_ONCE(ct->status) & (IPS_EXPECTED | IPS_CONFIRMED)) !=
	    IPS_CONFIRMED || nf_ct_l3num(ct) != family ||
	    info == IP_CT_RELATED || info == IP_CT_RELATED_REPLY)
		return false;
	original = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	/* A template has no protocol. */
	slot = podwall_port_slot(original->dst.protonum);
	if (slot == PODWALL_PORT_PROTOCOLS)
		return false;
	port_class = podwall_port_map_find_port(policy->classifier.ports, slot,
						ntohs(reply->src.u.all));
	client = &original->src.u3;
	server = &reply->src.u3;

	client_pod = podwall_fast_path_pod(policy, family, client);
	server_pod = podwall_fast_path_pod(policy, family, server);
	if (!client_pod && podwall_fast_path_guards(policy, family, client))
		return false;
	if (!server_pod && podwall_fast_path_guards(policy, family, server))
		return false;
	if (!client_pod && !server_pod)
		return true;
	if (!server_pod)
		return podwall_fast_path_accepts_end(policy,
						     client_pod->egress.row,
						     family, server, reply,
						     port_class,
						     client_pod->traffic->egress,
						     skb->len);
	if (!client_pod)
		return podwall_fast_path_accepts_end(policy,
						     server_pod->ingress.row,
						     family, client, reply,
						     port_class,
						     server_pod->traffic->ingress,
						     skb->len);

	/* By way of a service, a pod reaches itself. */
	if (client_pod == server_pod)
		return false;
	egress = client_pod->egress.row;
	ingress = server_pod->ingress.row;
	if (egress && !podwall_fast_path_judge(policy, egress, family, server,
					       reply, port_class,
					       &egress_count))
		return false;
	if (ingress && !podwall_fast_path_judge(policy, ingress, family, client,
						reply, port_class,
						&ingress_count))
		return false;
	podwall_fast_path_count(egress, egress_count,
				client_pod->traffic->egress, skb->len);
	podwall_fast_path_count(ingress, ingress_count,
				server_pod->traffic->ingress, skb->len);
	return true;
}

#endif
