/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_NETLINK_ATTRIBUTES_H
#define PODWALL_NETLINK_ATTRIBUTES_H

#include <linux/podwall.h>
#include <net/netlink.h>

/* One table for each attribute set that a request nests … */
extern const struct nla_policy
podwall_network_attributes[PODWALL_A_NETWORK_PREFIX_LENGTH + 1];
extern const struct nla_policy
podwall_block_attributes[PODWALL_A_BLOCK_EXCEPT + 1];
extern const struct nla_policy
podwall_address_attributes[PODWALL_A_ADDRESS_IDENTITY + 1];
extern const struct nla_policy
podwall_port_range_attributes[PODWALL_A_PORT_RANGE_LAST + 1];
extern const struct nla_policy
podwall_rule_attributes[PODWALL_A_RULE_ORIGIN + 1];
extern const struct nla_policy
podwall_amounts_attributes[PODWALL_A_AMOUNTS_MEMORY + 1];
extern const struct nla_policy
podwall_connection_attributes[PODWALL_A_CONNECTION_SERVER_PORT + 1];

/* … and for each request, up to the last attribute that it takes. */
extern const struct nla_policy
podwall_transaction_begin_attributes[PODWALL_A_TRANSACTION_SINCE + 1];
extern const struct nla_policy
podwall_transaction_commit_attributes[PODWALL_A_TRANSACTION_REQUESTS + 1];
extern const struct nla_policy
podwall_addresses_attributes[PODWALL_A_ADDRESSES_ADDRESS + 1];
extern const struct nla_policy
podwall_peer_set_new_attributes[PODWALL_A_PEER_SET_APPEND + 1];
extern const struct nla_policy
podwall_peer_set_del_attributes[PODWALL_A_PEER_SET_ID + 1];
extern const struct nla_policy
podwall_rule_set_new_attributes[PODWALL_A_RULE_SET_APPEND + 1];
extern const struct nla_policy
podwall_rule_set_del_attributes[PODWALL_A_RULE_SET_ID + 1];
extern const struct nla_policy
podwall_pod_new_attributes[PODWALL_A_POD_REPORT_ACCEPTED + 1];
extern const struct nla_policy
podwall_pod_del_attributes[PODWALL_A_POD_KEY + 1];
extern const struct nla_policy
podwall_settings_set_attributes[PODWALL_A_SETTINGS_LIMITS + 1];
extern const struct nla_policy
podwall_explain_attributes[PODWALL_A_EXPLANATION_CONNECTION + 1];

#endif
