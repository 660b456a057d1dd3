// SPDX-License-Identifier: GPL-2.0-only

#include <linux/cred.h>
#include <linux/podwall.h>
#include <linux/user_namespace.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "event.h"
#include "namespace.h"
#include "netlink_fill.h"

/* The family's only group. */
#define DROPS_GROUP 0

static const struct genl_family *event_family __ro_after_init;

/**
 * podwall_event_init - name the family that events go out by
 * @family: about to be registered
 *
 * Context: Module load.
 */
void __init podwall_event_init(const struct genl_family *family)
{
	event_family = family;
}

static struct sk_buff *make_event(struct podwall_net *pn,
				  const struct sk_buff *packet,
				  const struct podwall_connection *connection,
				  const struct podwall_judgement *judgement)
{
	struct sk_buff *message = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	void *header;

	if (!message)
		return NULL;
	header = genlmsg_put(message, 0, 0, event_family, 0,
			     PODWALL_CMD_DROP_NTF);
	if (!header ||
	    podwall_fill_connection(message, PODWALL_A_EVENT_CONNECTION,
				    connection) ||
	    podwall_fill_judgement(message, PODWALL_A_EVENT_JUDGEMENT,
				   judgement) ||
	    nla_put_u32(message, PODWALL_A_EVENT_LENGTH, packet->len) ||
	    nla_put_u64_64bit(message, PODWALL_A_EVENT_LOST,
			      atomic64_read(&pn->events_lost),
			      PODWALL_A_EVENT_PAD)) {
		nlmsg_free(message);
		return NULL;
	}
	genlmsg_end(message, header);
	return message;
}

/**
 * podwall_event_send - tell listeners of a packet that was denied
 * @net: the network namespace
 * @pn: what podwall keeps for it
 * @packet: at its IP header
 * @connection: that it belongs to
 * @judgement: that denied it, in force or in audit
 *
 * The group asks for CAP_NET_ADMIN over the network namespace. Where another
 * user namespace owns that, its own root would have it, so none hear events
 * there.
 *
 * Context: Any, under RCU.
 */
void podwall_event_send(struct net *net, struct podwall_net *pn,
			const struct sk_buff *packet,
			const struct podwall_connection *connection,
			const struct podwall_judgement *judgement)
{
	struct sk_buff *message;

	if (!READ_ONCE(pn->event_limit.burst) ||
	    net->user_ns != &init_user_ns ||
	    !genl_has_listeners(event_family, net, DROPS_GROUP))
		return;
	if (!__ratelimit(&pn->event_limit)) {
		atomic64_inc(&pn->events_lost);
		return;
	}
	message = make_event(pn, packet, connection, judgement);
	if (!message) {
		atomic64_inc(&pn->events_lost);
		return;
	}
	if (genlmsg_multicast_netns(event_family, net, message, 0, DROPS_GROUP,
				    GFP_ATOMIC))
		atomic64_inc(&pn->events_lost);
	else
		atomic64_inc(&pn->events_sent);
}
