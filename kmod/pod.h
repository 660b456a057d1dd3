/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_POD_H
#define PODWALL_POD_H

#include <linux/if.h>
#include <linux/podwall.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "event_limit.h"
#include "ip.h"
#include "limits.h"
#include "traffic.h"

/**
 * struct podwall_pod - a pod of this node
 * @references: policies and transactions that hold it
 * @ingress_rule_set: id; 0 when no policy concerns the direction
 * @egress_rule_set: id; 0 when no policy concerns the direction
 * @ingress_enforced_rule_set: id; 0 when all of @ingress_rule_set is enforced
 * @egress_enforced_rule_set: id; 0 when all of @egress_rule_set is enforced
 * @mode: enum podwall_mode
 * @report_accepted: report the connections that are accepted
 * @address_count: addresses in use
 * @events: keeps its events to their rate; owned reference
 * @addresses: the pod's own
 * @traffic: what was decided for it; owned reference, NULL until a commit takes
 *	the pod up
 * @interface: the node's end of its link, or empty
 * @uid: or empty
 * @key: namespace/name
 *
 * Immutable from the moment that a transaction has staged it, but for what
 * podwall_pod_inherit() and podwall_pod_begin() set.
 */
struct podwall_pod {
	refcount_t references;
	u32 ingress_rule_set;
	u32 egress_rule_set;
	u32 ingress_enforced_rule_set;
	u32 egress_enforced_rule_set;
	u8 mode;
	bool report_accepted;
	u8 address_count;
	struct podwall_event_limit *events;
	struct podwall_traffic *traffic;
	struct podwall_ip addresses[PODWALL_POD_ADDRESSES_MAX];
	char interface[IFNAMSIZ];
	char uid[PODWALL_UID_MAX + 1];
	char key[];
};

struct podwall_pod *podwall_pod_create(const char *key);
struct podwall_pod *podwall_pod_get(struct podwall_pod *pod);
void podwall_pod_put(struct podwall_pod *pod);
bool podwall_pod_is_same(const struct podwall_pod *pod,
			 const struct podwall_pod *old);
int podwall_pod_begin(struct podwall_pod *pod,
		      struct podwall_traffic_total *total);
void podwall_pod_inherit(struct podwall_pod *pod,
			 const struct podwall_pod *old);
size_t podwall_pod_size(const struct podwall_pod *pod);

#endif
