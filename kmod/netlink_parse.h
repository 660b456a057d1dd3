/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_NETLINK_PARSE_H
#define PODWALL_NETLINK_PARSE_H

#include <linux/types.h>

struct nlattr;
struct podwall_amounts;
struct podwall_connection;
struct podwall_error;
struct podwall_ip;
struct podwall_network;
struct podwall_peer_set;
struct podwall_rule_set;

int podwall_parse_text(const struct nlattr *attribute,
		       struct podwall_error *error);
int podwall_parse_address(const struct nlattr *nest, struct podwall_ip *ip,
			  u32 *identity, struct podwall_error *error);
int podwall_parse_network(const struct nlattr *nest,
			  struct podwall_network *network,
			  struct podwall_error *error);
int podwall_parse_block(const struct nlattr *nest, struct podwall_peer_set *set,
			struct podwall_error *error);
int podwall_parse_rule(const struct nlattr *nest, struct podwall_rule_set *set,
		       struct podwall_error *error);
int podwall_parse_amounts(const struct nlattr *nest,
			  struct podwall_amounts *amounts,
			  struct podwall_error *error);
int podwall_parse_connection(const struct nlattr *nest,
			     struct podwall_connection *connection,
			     struct podwall_error *error);

#endif
