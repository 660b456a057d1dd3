/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects to messages of an open transaction.
 *
 * What does not fit one message is continued in further ones. All functions
 * return 0 or a negative errno value, see netlink.h.
 */
#ifndef NLCTL_ENCODE_H
#define NLCTL_ENCODE_H

#include "netlink.h"
#include "policy/objects.h"

/**
 * struct settings_change - settings to change; what is not given stays
 * @values: the new values
 * @guarded: @values.guarded is given, even if it is empty
 * @event_rate: @values.event_rate is given
 * @limits: a bit 1 << field for each field of @values.limits that is given;
 *	see names.h for the fields
 *
 * Node access and the action on denial are given when they are not 0.
 */
struct settings_change {
	struct settings values;
	bool guarded;
	bool event_rate;
	unsigned int limits;
};

/* Stage additions or replacements. */
int send_addresses(struct netlink *netlink, const struct address *const *list,
		   size_t count);
int send_peer_set(struct netlink *netlink, const struct peer_set *peer_set);
int send_rule_set(struct netlink *netlink, const struct rule_set *rule_set);
int send_pod(struct netlink *netlink, const struct pod *pod);
int send_settings(struct netlink *netlink,
		  const struct settings_change *change);

/* Stage removals. */
int send_address_removals(struct netlink *netlink,
			  const struct address *const *list, size_t count);
int send_peer_set_removal(struct netlink *netlink, uint32_t id);
int send_rule_set_removal(struct netlink *netlink, uint32_t id);
int send_pod_removal(struct netlink *netlink, const char *key);

#endif
