/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_SETTINGS_H
#define PODWALL_SETTINGS_H

#include <linux/podwall.h>
#include <linux/types.h>
#include <net/ipv6.h>

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

/** struct podwall_guard4 - what all guarded blocks of IPv4 have in common */
struct podwall_guard4 {
	__be32 base;
	__be32 mask;
};

/** struct podwall_guard6 - what all guarded blocks of IPv6 have in common */
struct podwall_guard6 {
	struct in6_addr base;
	struct in6_addr mask;
};

/**
 * struct podwall_settings - what an operator sets for a network namespace
 * @guarded: of struct podwall_network; addresses in them are denied until a
 *	registered pod owns them
 * @guard4: a block around all those of IPv4; without any, just 0.0.0.0
 * @guard6: a block around all those of IPv6; without any, just ::
 * @node_access: enum podwall_node_access
 * @deny_action: enum podwall_deny_action
 * @event_rate: events a second at most in each group that has a rate; 0 sends
 *	none
 * @limits: the most that the namespace may hold
 */
struct podwall_settings {
	struct podwall_array guarded;
	struct podwall_guard4 guard4;
	struct podwall_guard6 guard6;
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

/**
 * podwall_settings_guards4 - whether an IPv4 address may be guarded
 * @settings: published
 * @ip: network byte order
 *
 * Context: Any.
 * Return: false for most that no guarded block holds; true for the others.
 */
static __always_inline bool
podwall_settings_guards4(const struct podwall_settings *settings, __be32 ip)
{
	return !((ip ^ settings->guard4.base) & settings->guard4.mask);
}

/**
 * podwall_settings_guards6 - whether an IPv6 address may be guarded
 * @settings: published
 * @ip: the address
 *
 * Context: Any.
 * Return: false for most that no guarded block holds; true for the others.
 */
static __always_inline bool
podwall_settings_guards6(const struct podwall_settings *settings,
			 const struct in6_addr *ip)
{
	return !ipv6_masked_addr_cmp(ip, &settings->guard6.mask,
				     &settings->guard6.base);
}

#endif
