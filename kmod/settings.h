/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_SETTINGS_H
#define PODWALL_SETTINGS_H

#include <linux/podwall.h>
#include <linux/types.h>

#include "array.h"
#include "ip.h"

/** struct podwall_amounts - an amount for each bounded resource */
struct podwall_amounts {
	u32 addresses;
	u32 peer_sets;
	u32 rule_sets;
	u32 pods;
	u32 rules;
	u32 members;
	u32 guarded;
	u32 transactions;
	u64 memory;
};

/**
 * struct podwall_settings - what an operator sets for a network namespace
 * @guarded: of struct podwall_network; addresses in them are denied until a
 *	registered pod owns them
 * @node_access: enum podwall_node_access
 * @deny_action: enum podwall_deny_action
 * @event_rate: drop events a second at most; 0 sends none
 * @limits: the most that the namespace may hold
 */
struct podwall_settings {
	struct podwall_array guarded;
	u8 node_access;
	u8 deny_action;
	u32 event_rate;
	struct podwall_amounts limits;
};

void podwall_settings_init(struct podwall_settings *settings);
int podwall_settings_copy(struct podwall_settings *to,
			  const struct podwall_settings *from);
void podwall_settings_release(struct podwall_settings *settings);
const struct podwall_network *
podwall_settings_guard(const struct podwall_settings *settings,
		       const struct podwall_ip *ip);

#endif
