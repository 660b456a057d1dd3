// SPDX-License-Identifier: GPL-2.0-only

#include <linux/cred.h>
#include <linux/podwall.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "compat/netlink.h"
#include "connection.h"
#include "event.h"
#include "judge.h"
#include "namespace.h"
#include "netlink_fill.h"
#include "policy.h"

static const struct genl_family *event_family __ro_after_init;

/**
 * podwall_event_init - name the family that events go out by
 * @family: about to be registered; its groups are those of
 *	enum podwall_event_group
 *
 * Context: Module load.
 */
void __init podwall_event_init(const struct genl_family *family)
{
	event_family = family;
}

/*
 * The groups ask for CAP_NET_ADMIN over the network namespace. Where another
 * user namespace owns that, its own root would have it, so none hear events
 * there.
 *
 * Netlink knows whether a group has listeners, but not in which network
 * namespace: each can make events of all others begin, as far as the rate goes.
 */
static bool may_be_heard(struct net *net, enum podwall_event_group group)
{
	return net->user_ns == &init_user_ns &&
	       genl_has_listeners(event_family, net, group);
}

static void lose(struct podwall_net *pn, struct podwall_event_limit *source)
{
	if (source != &pn->events)
		atomic64_inc(&source->lost);
	atomic64_inc(&pn->events.lost);
}

/*
 * Where no listener has room, and where there is none, the answer is -ESRCH. What
 * nobody listens to is not lost, nor is what would have come next.
 */
static void multicast(struct net *net, struct podwall_net *pn,
		      struct sk_buff *message, enum podwall_event_group group,
		      gfp_t flags, struct podwall_event_limit *source)
{
	u32 number = event_family->mcgrp_offset + group;
	bool heard = false;
	int err;

	NETLINK_CB(message).dst_group = number;
	err = podwall_netlink_broadcast(net->genl_sock, message, number, flags,
					&heard);
	WRITE_ONCE(pn->heard[group], heard);
	if (!err)
		atomic64_inc(&pn->events_sent);
	else if (heard)
		lose(pn, source);
}

static int put_u64(struct sk_buff *message, int type, u64 value)
{
	return nla_put_u64_64bit(message, type, value, PODWALL_A_EVENT_PAD);
}

static int put_owner(struct sk_buff *message, int type,
		     const struct podwall_policy *policy,
		     const struct podwall_ip *ip)
{
	const struct podwall_pod_slot *slot = podwall_policy_pod(policy, ip);

	return slot ? nla_put_string(message, type, slot->pod->key) : 0;
}

static int fill_event(struct sk_buff *message, const struct podwall_net *pn,
		      const struct podwall_policy *policy,
		      const struct sk_buff *packet,
		      const struct podwall_connection *connection,
		      const struct podwall_judgement *judgement)
{
	const struct podwall_pod *pod = judgement->pod;

	return podwall_fill_connection(message, PODWALL_A_EVENT_CONNECTION,
				       connection) ||
	       podwall_fill_judgement(message, PODWALL_A_EVENT_JUDGEMENT,
				      judgement) ||
	       nla_put_u32(message, PODWALL_A_EVENT_LENGTH, packet->len) ||
	       put_u64(message, PODWALL_A_EVENT_LOST,
		       atomic64_read(&pn->events.lost)) ||
	       (pod && put_u64(message, PODWALL_A_EVENT_POD_LOST,
			       atomic64_read(&pod->events->lost))) ||
	       put_owner(message, PODWALL_A_EVENT_CLIENT_POD, policy,
			 &connection->client) ||
	       put_owner(message, PODWALL_A_EVENT_SERVER_POD, policy,
			 &connection->server) ||
	       put_u64(message, PODWALL_A_EVENT_GENERATION,
		       READ_ONCE(policy->generation)) ||
	       put_u64(message, PODWALL_A_EVENT_TIME, ktime_get_real_ns());
}

static void send(struct net *net, struct podwall_net *pn,
		 const struct podwall_policy *policy,
		 const struct sk_buff *packet,
		 const struct podwall_connection *connection,
		 const struct podwall_judgement *judgement,
		 enum podwall_event_group group, u8 command)
{
	struct podwall_event_limit *source =
		judgement->pod ? judgement->pod->events : &pn->unowned_events;
	u32 rate = policy->settings.event_rate;
	struct sk_buff *message;
	void *header;

	if (!rate || !may_be_heard(net, group))
		return;
	if (!podwall_event_limit_allows(source, group,
					podwall_event_share(rate)) ||
	    !podwall_event_limit_allows(&pn->events, group, rate))
		goto lost;
	message = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!message)
		goto lost;
	header = genlmsg_put(message, 0, 0, event_family, 0, command);
	if (!header || fill_event(message, pn, policy, packet, connection,
				  judgement)) {
		nlmsg_free(message);
		goto lost;
	}
	genlmsg_end(message, header);
	multicast(net, pn, message, group, GFP_ATOMIC, source);
	return;
lost:
	if (READ_ONCE(pn->heard[group]))
		lose(pn, source);
}

/**
 * podwall_event_send_drop - tell listeners of a packet that was denied
 * @net: the network namespace
 * @pn: what podwall keeps for it
 * @policy: that judged
 * @packet: at its IP header
 * @connection: that it belongs to
 * @judgement: that denied it, in force or in audit
 *
 * Context: Any, under RCU.
 */
void podwall_event_send_drop(struct net *net, struct podwall_net *pn,
			     const struct podwall_policy *policy,
			     const struct sk_buff *packet,
			     const struct podwall_connection *connection,
			     const struct podwall_judgement *judgement)
{
	send(net, pn, policy, packet, connection, judgement,
	     PODWALL_EVENT_DROPS, PODWALL_CMD_DROP_NTF);
}

/**
 * podwall_event_send_accept - tell listeners of a connection that passed
 * @net: the network namespace
 * @pn: what podwall keeps for it
 * @policy: that judged
 * @packet: its first, at the IP header
 * @connection: the connection
 * @judgement: of the pod that asks for the report
 *
 * Context: Any, under RCU.
 */
void podwall_event_send_accept(struct net *net, struct podwall_net *pn,
			       const struct podwall_policy *policy,
			       const struct sk_buff *packet,
			       const struct podwall_connection *connection,
			       const struct podwall_judgement *judgement)
{
	send(net, pn, policy, packet, connection, judgement,
	     PODWALL_EVENT_ACCEPTS, PODWALL_CMD_ACCEPT_NTF);
}

static int fill_change(struct sk_buff *message, struct podwall_net *pn,
		       u32 requests)
{
	const struct podwall_policy *policy = podwall_net_policy(pn);
	kuid_t user = current_uid();
	char command[TASK_COMM_LEN];

	get_task_comm(command, current);
	return nla_put_u64_64bit(message, PODWALL_A_CHANGE_GENERATION,
				 policy->generation, PODWALL_A_CHANGE_PAD) ||
	       nla_put_string(message, PODWALL_A_CHANGE_COMMAND, command) ||
	       nla_put_u32(message, PODWALL_A_CHANGE_PROCESS,
			   task_tgid_nr(current)) ||
	       nla_put_u32(message, PODWALL_A_CHANGE_USER,
			   from_kuid_munged(&init_user_ns, user)) ||
	       nla_put_u32(message, PODWALL_A_CHANGE_REQUESTS, requests) ||
	       nla_put_u64_64bit(message, PODWALL_A_CHANGE_DELAY, pn->delay,
				 PODWALL_A_CHANGE_PAD) ||
	       podwall_fill_amounts(message, PODWALL_A_CHANGE_USED,
				    &policy->used) ||
	       nla_put_u64_64bit(message, PODWALL_A_CHANGE_TIME,
				 ktime_get_real_ns(), PODWALL_A_CHANGE_PAD) ||
	       nla_put_u64_64bit(message, PODWALL_A_CHANGE_LOST,
				 atomic64_read(&pn->events.lost),
				 PODWALL_A_CHANGE_PAD);
}

static struct sk_buff *make_change(struct podwall_net *pn, u32 requests)
{
	struct sk_buff *message = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *header;

	if (!message)
		return NULL;
	header = genlmsg_put(message, 0, 0, event_family, 0,
			     PODWALL_CMD_CHANGE_NTF);
	if (!header || fill_change(message, pn, requests)) {
		nlmsg_free(message);
		return NULL;
	}
	genlmsg_end(message, header);
	return message;
}

/**
 * podwall_event_send_change - tell listeners of a commit
 * @net: the network namespace
 * @pn: what podwall keeps for it
 * @requests: how many the transaction staged
 *
 * The commit has happened: if its event cannot be sent, that is a loss like
 * others. The process that asked for it is the current one.
 *
 * Context: Process context, under &podwall_net.mutex; may sleep.
 */
void podwall_event_send_change(struct net *net, struct podwall_net *pn,
			       u32 requests)
{
	struct sk_buff *message;

	lockdep_assert_held(&pn->mutex);
	if (!may_be_heard(net, PODWALL_EVENT_CHANGES))
		return;
	message = make_change(pn, requests);
	if (message)
		multicast(net, pn, message, PODWALL_EVENT_CHANGES, GFP_KERNEL,
			  &pn->events);
	else if (READ_ONCE(pn->heard[PODWALL_EVENT_CHANGES]))
		lose(pn, &pn->events);
}
