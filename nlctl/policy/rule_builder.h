/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One item of a policy to rules.
 */
#ifndef NLCTL_POLICY_RULE_BUILDER_H
#define NLCTL_POLICY_RULE_BUILDER_H

#include <stdbool.h>
#include <stdint.h>
#include "policy/identity.h"
#include "policy/model.h"
#include "policy/objects.h"
#include "policy/peer_table.h"

/**
 * struct policy_item - one item of a policy on its way to rules
 * @peers: receives the peers that the rules refer to
 * @namespace: of the policy; NULL for one of the whole cluster
 * @rule: the item's peers and ports
 * @tier: of the rules
 * @priority: of the rules
 * @action: of the rules
 * @origin: of the rules: the item as text, which gives them their cookie, too
 * @rule_set: receives the rules
 */
struct policy_item {
	struct peer_table *peers;
	const char *namespace;
	const struct policy_rule *rule;
	enum podwall_tier tier;
	uint32_t priority;
	enum podwall_action action;
	char *origin;
	struct rule_set *rule_set;
};

/**
 * build_rules() - append the rules of an item to its rule set
 * @item: the item
 * @ingress: it is one of ingress
 * @subject: the identity of the pod, for its named ports
 *
 * There may be several: a rule takes only so many peer sets and port ranges, and
 * on egress pods may serve a name under different ports. There is none when the
 * item has ports, and they are names that nobody serves.
 */
void build_rules(const struct policy_item *item, bool ingress,
		 const struct identity *subject);

#endif
