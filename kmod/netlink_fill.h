/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_NETLINK_FILL_H
#define PODWALL_NETLINK_FILL_H

#include <linux/types.h>

struct nlattr;
struct podwall_address;
struct podwall_amounts;
struct podwall_block;
struct podwall_connection;
struct podwall_ip;
struct podwall_judgement;
struct podwall_network;
struct podwall_peer_set;
struct podwall_pod;
struct podwall_rule_set;
struct podwall_settings;
struct sk_buff;

int podwall_fill_end(struct sk_buff *skb, struct nlattr *nest, bool failed);
int podwall_fill_address(struct sk_buff *skb, int type,
			 const struct podwall_ip *ip, u32 identity);
int podwall_fill_network(struct sk_buff *skb, int type,
			 const struct podwall_network *network);
int podwall_fill_block(struct sk_buff *skb, const struct podwall_peer_set *set,
		       const struct podwall_block *block);
int podwall_fill_rule(struct sk_buff *skb, const struct podwall_rule_set *set,
		      u32 index);
int podwall_fill_rule_set_head(struct sk_buff *skb,
			       const struct podwall_rule_set *set);
int podwall_fill_pod(struct sk_buff *skb, const struct podwall_pod *pod);
int podwall_fill_amounts(struct sk_buff *skb, int type,
			 const struct podwall_amounts *amounts);
int podwall_fill_settings(struct sk_buff *skb,
			  const struct podwall_settings *settings);
int podwall_fill_judgement(struct sk_buff *skb, int type,
			   const struct podwall_judgement *judgement);
int podwall_fill_connection(struct sk_buff *skb, int type,
			    const struct podwall_connection *connection);

#endif
