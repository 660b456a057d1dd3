/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_EVENT_H
#define PODWALL_EVENT_H

#include <linux/types.h>

struct genl_family;
struct net;
struct podwall_connection;
struct podwall_judgement;
struct podwall_net;
struct podwall_policy;
struct sk_buff;

void podwall_event_init(const struct genl_family *family);
void podwall_event_send_drop(struct net *net, struct podwall_net *pn,
			     const struct podwall_policy *policy,
			     const struct sk_buff *packet,
			     const struct podwall_connection *connection,
			     const struct podwall_judgement *judgement);
void podwall_event_send_accept(struct net *net, struct podwall_net *pn,
			       const struct podwall_policy *policy,
			       const struct sk_buff *packet,
			       const struct podwall_connection *connection,
			       const struct podwall_judgement *judgement);
void podwall_event_send_change(struct net *net, struct podwall_net *pn,
			       u32 requests);

#endif
