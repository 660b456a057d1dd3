/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_NETLINK_DUMP_H
#define PODWALL_NETLINK_DUMP_H

struct netlink_callback;
struct sk_buff;

int podwall_dump_start(struct netlink_callback *cb);
int podwall_dump_done(struct netlink_callback *cb);
int podwall_dump_addresses(struct sk_buff *skb, struct netlink_callback *cb);
int podwall_dump_peer_sets(struct sk_buff *skb, struct netlink_callback *cb);
int podwall_dump_rule_sets(struct sk_buff *skb, struct netlink_callback *cb);
int podwall_dump_pods(struct sk_buff *skb, struct netlink_callback *cb);

#endif
