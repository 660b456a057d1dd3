// SPDX-License-Identifier: GPL-2.0-only
/* What each request may hold, as uapi/podwall.yaml says it. */

#include <linux/if.h>
#include <linux/in6.h>

#include "limits.h"
#include "netlink_attributes.h"

/* Not const: 6.1 declares what points to them so. */
static struct netlink_range_validation priority_range = {
	.max = PODWALL_PRIORITY_MAX,
};

static struct netlink_range_validation event_rate_range = {
	.max = PODWALL_EVENT_RATE_MAX,
};

const struct nla_policy
podwall_network_attributes[PODWALL_A_NETWORK_PREFIX_LENGTH + 1] = {
	[PODWALL_A_NETWORK_IPV4] = { .type = NLA_BE32 },
	[PODWALL_A_NETWORK_IPV6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PODWALL_A_NETWORK_PREFIX_LENGTH] = NLA_POLICY_MAX(NLA_U8, 128),
};

const struct nla_policy
podwall_block_attributes[PODWALL_A_BLOCK_EXCEPT + 1] = {
	[PODWALL_A_BLOCK_NETWORK] =
		NLA_POLICY_NESTED(podwall_network_attributes),
	[PODWALL_A_BLOCK_EXCEPT] =
		NLA_POLICY_NESTED(podwall_network_attributes),
};

const struct nla_policy
podwall_address_attributes[PODWALL_A_ADDRESS_IDENTITY + 1] = {
	[PODWALL_A_ADDRESS_IPV4] = { .type = NLA_BE32 },
	[PODWALL_A_ADDRESS_IPV6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PODWALL_A_ADDRESS_IDENTITY] = NLA_POLICY_MIN(NLA_U32, 1),
};

const struct nla_policy
podwall_port_range_attributes[PODWALL_A_PORT_RANGE_LAST + 1] = {
	[PODWALL_A_PORT_RANGE_PROTOCOL] = { .type = NLA_U8 },
	[PODWALL_A_PORT_RANGE_FIRST] = { .type = NLA_U16 },
	[PODWALL_A_PORT_RANGE_LAST] = { .type = NLA_U16 },
};

const struct nla_policy podwall_rule_attributes[PODWALL_A_RULE_ORIGIN + 1] = {
	[PODWALL_A_RULE_TIER] = NLA_POLICY_RANGE(NLA_U32, PODWALL_TIER_ADMIN,
						 PODWALL_TIER_BASELINE),
	[PODWALL_A_RULE_PRIORITY] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &priority_range),
	[PODWALL_A_RULE_ACTION] = NLA_POLICY_RANGE(NLA_U32,
						   PODWALL_ACTION_ACCEPT,
						   PODWALL_ACTION_PASS),
	[PODWALL_A_RULE_ANY_PEER] = { .type = NLA_FLAG },
	[PODWALL_A_RULE_PEER_SET] = NLA_POLICY_MIN(NLA_U32, 1),
	[PODWALL_A_RULE_ANY_PORT] = { .type = NLA_FLAG },
	[PODWALL_A_RULE_PORT_RANGE] =
		NLA_POLICY_NESTED(podwall_port_range_attributes),
	[PODWALL_A_RULE_COOKIE] = { .type = NLA_U64 },
	[PODWALL_A_RULE_ORIGIN] = {
		.type = NLA_NUL_STRING,
		.len = PODWALL_ORIGIN_MAX,
	},
};

const struct nla_policy
podwall_amounts_attributes[PODWALL_A_AMOUNTS_MEMORY + 1] = {
	[PODWALL_A_AMOUNTS_ADDRESSES] = { .type = NLA_U32 },
	[PODWALL_A_AMOUNTS_PEER_SETS] = { .type = NLA_U32 },
	[PODWALL_A_AMOUNTS_RULE_SETS] = { .type = NLA_U32 },
	[PODWALL_A_AMOUNTS_PODS] = { .type = NLA_U32 },
	[PODWALL_A_AMOUNTS_RULES] = { .type = NLA_U32 },
	[PODWALL_A_AMOUNTS_MEMBERS] = { .type = NLA_U32 },
	[PODWALL_A_AMOUNTS_GUARDED] = { .type = NLA_U32 },
	[PODWALL_A_AMOUNTS_TRANSACTIONS] = { .type = NLA_U32 },
	[PODWALL_A_AMOUNTS_MEMORY] = { .type = NLA_U64 },
};

const struct nla_policy
podwall_connection_attributes[PODWALL_A_CONNECTION_SERVER_PORT + 1] = {
	[PODWALL_A_CONNECTION_CLIENT_IPV4] = { .type = NLA_BE32 },
	[PODWALL_A_CONNECTION_CLIENT_IPV6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PODWALL_A_CONNECTION_SERVER_IPV4] = { .type = NLA_BE32 },
	[PODWALL_A_CONNECTION_SERVER_IPV6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[PODWALL_A_CONNECTION_PROTOCOL] = { .type = NLA_U8 },
	[PODWALL_A_CONNECTION_CLIENT_PORT] = { .type = NLA_U16 },
	[PODWALL_A_CONNECTION_SERVER_PORT] = { .type = NLA_U16 },
};

const struct nla_policy
podwall_transaction_begin_attributes[PODWALL_A_TRANSACTION_SINCE + 1] = {
	[PODWALL_A_TRANSACTION_GENERATION] = { .type = NLA_U64 },
	[PODWALL_A_TRANSACTION_SINCE] = { .type = NLA_U64 },
};

const struct nla_policy
podwall_transaction_commit_attributes[PODWALL_A_TRANSACTION_REQUESTS + 1] = {
	[PODWALL_A_TRANSACTION_REQUESTS] = { .type = NLA_U32 },
};

const struct nla_policy
podwall_addresses_attributes[PODWALL_A_ADDRESSES_ADDRESS + 1] = {
	[PODWALL_A_ADDRESSES_ADDRESS] =
		NLA_POLICY_NESTED(podwall_address_attributes),
};

const struct nla_policy
podwall_peer_set_new_attributes[PODWALL_A_PEER_SET_APPEND + 1] = {
	[PODWALL_A_PEER_SET_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[PODWALL_A_PEER_SET_NAME] = {
		.type = NLA_NUL_STRING,
		.len = PODWALL_NAME_MAX,
	},
	[PODWALL_A_PEER_SET_IDENTITY] = NLA_POLICY_MIN(NLA_U32, 1),
	[PODWALL_A_PEER_SET_BLOCK] =
		NLA_POLICY_NESTED(podwall_block_attributes),
	[PODWALL_A_PEER_SET_APPEND] = { .type = NLA_FLAG },
};

const struct nla_policy
podwall_peer_set_del_attributes[PODWALL_A_PEER_SET_ID + 1] = {
	[PODWALL_A_PEER_SET_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

const struct nla_policy
podwall_rule_set_new_attributes[PODWALL_A_RULE_SET_APPEND + 1] = {
	[PODWALL_A_RULE_SET_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[PODWALL_A_RULE_SET_DIRECTION] =
		NLA_POLICY_RANGE(NLA_U32, PODWALL_DIRECTION_INGRESS,
				 PODWALL_DIRECTION_EGRESS),
	[PODWALL_A_RULE_SET_ISOLATED] = { .type = NLA_FLAG },
	[PODWALL_A_RULE_SET_ISOLATION_ORIGIN] = {
		.type = NLA_NUL_STRING,
		.len = PODWALL_ORIGIN_MAX,
	},
	[PODWALL_A_RULE_SET_ISOLATION_AUDITED] = { .type = NLA_FLAG },
	[PODWALL_A_RULE_SET_RULE] = NLA_POLICY_NESTED(podwall_rule_attributes),
	[PODWALL_A_RULE_SET_APPEND] = { .type = NLA_FLAG },
};

const struct nla_policy
podwall_rule_set_del_attributes[PODWALL_A_RULE_SET_ID + 1] = {
	[PODWALL_A_RULE_SET_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

const struct nla_policy
podwall_pod_new_attributes[PODWALL_A_POD_REPORT_ACCEPTED + 1] = {
	[PODWALL_A_POD_KEY] = {
		.type = NLA_NUL_STRING,
		.len = PODWALL_NAME_MAX,
	},
	[PODWALL_A_POD_UID] = {
		.type = NLA_NUL_STRING,
		.len = PODWALL_UID_MAX,
	},
	[PODWALL_A_POD_ADDRESS] = NLA_POLICY_NESTED(podwall_address_attributes),
	[PODWALL_A_POD_INTERFACE] = {
		.type = NLA_NUL_STRING,
		.len = IFNAMSIZ - 1,
	},
	[PODWALL_A_POD_INGRESS_RULE_SET] = NLA_POLICY_MIN(NLA_U32, 1),
	[PODWALL_A_POD_EGRESS_RULE_SET] = NLA_POLICY_MIN(NLA_U32, 1),
	[PODWALL_A_POD_INGRESS_ENFORCED_RULE_SET] = NLA_POLICY_MIN(NLA_U32, 1),
	[PODWALL_A_POD_EGRESS_ENFORCED_RULE_SET] = NLA_POLICY_MIN(NLA_U32, 1),
	[PODWALL_A_POD_MODE] = NLA_POLICY_RANGE(NLA_U32, PODWALL_MODE_ENFORCE,
						PODWALL_MODE_AUDIT),
	[PODWALL_A_POD_REPORT_ACCEPTED] = { .type = NLA_FLAG },
};

const struct nla_policy podwall_pod_del_attributes[PODWALL_A_POD_KEY + 1] = {
	[PODWALL_A_POD_KEY] = {
		.type = NLA_NUL_STRING,
		.len = PODWALL_NAME_MAX,
	},
};

const struct nla_policy
podwall_settings_set_attributes[PODWALL_A_SETTINGS_LIMITS + 1] = {
	[PODWALL_A_SETTINGS_GUARDED] =
		NLA_POLICY_NESTED(podwall_network_attributes),
	[PODWALL_A_SETTINGS_CLEAR_GUARDED] = { .type = NLA_FLAG },
	[PODWALL_A_SETTINGS_NODE_ACCESS] =
		NLA_POLICY_RANGE(NLA_U32, PODWALL_NODE_ACCESS_ACCEPT,
				 PODWALL_NODE_ACCESS_JUDGE),
	[PODWALL_A_SETTINGS_DENY_ACTION] =
		NLA_POLICY_RANGE(NLA_U32, PODWALL_DENY_ACTION_DROP,
				 PODWALL_DENY_ACTION_REJECT),
	[PODWALL_A_SETTINGS_EVENT_RATE] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &event_rate_range),
	[PODWALL_A_SETTINGS_LIMITS] =
		NLA_POLICY_NESTED(podwall_amounts_attributes),
};

const struct nla_policy
podwall_explain_attributes[PODWALL_A_EXPLANATION_CONNECTION + 1] = {
	[PODWALL_A_EXPLANATION_CONNECTION] =
		NLA_POLICY_NESTED(podwall_connection_attributes),
};
