/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_PACKET_H
#define PODWALL_PACKET_H

#include <linux/types.h>

struct net;
struct nf_hook_state;
struct podwall_connection;
struct podwall_ip;
struct podwall_policy;
struct sk_buff;

bool podwall_packet_read(const struct sk_buff *skb,
			 const struct nf_hook_state *state,
			 const struct podwall_policy *policy,
			 struct podwall_connection *connection);
bool podwall_packet_has_ports(u8 protocol);
bool podwall_packet_is_node(struct net *net, const struct podwall_ip *ip);

#endif
