/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_EVENT_H
#define PODWALL_EVENT_H

struct genl_family;
struct net;
struct podwall_connection;
struct podwall_judgement;
struct podwall_net;
struct sk_buff;

void podwall_event_init(const struct genl_family *family);
void podwall_event_send(struct net *net, struct podwall_net *pn,
			const struct sk_buff *packet,
			const struct podwall_connection *connection,
			const struct podwall_judgement *judgement);

#endif
