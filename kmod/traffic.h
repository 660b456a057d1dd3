/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_TRAFFIC_H
#define PODWALL_TRAFFIC_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/podwall.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "counters.h"

/**
 * enum podwall_traffic_kind - what can come of one direction of a packet
 *
 * Verdict, mode and reason in one number. Which mode a pod is in tells nothing
 * of what is accepted; so there only denials are told apart by mode.
 */
enum podwall_traffic_kind {
	PODWALL_TRAFFIC_NO_POLICY,
	PODWALL_TRAFFIC_RULE,
	PODWALL_TRAFFIC_DEFAULT,
	PODWALL_TRAFFIC_NODE,
	PODWALL_TRAFFIC_DENIED_RULE,
	PODWALL_TRAFFIC_DENIED_ISOLATED,
	PODWALL_TRAFFIC_DENIED_UNREGISTERED,
	PODWALL_TRAFFIC_AUDITED_RULE,
	PODWALL_TRAFFIC_AUDITED_ISOLATED,
	PODWALL_TRAFFIC_KINDS,
};

/** struct podwall_traffic_name - a kind as userspace knows it */
struct podwall_traffic_name {
	u8 verdict;
	u8 mode;
	u8 reason;
};

extern const struct podwall_traffic_name
	podwall_traffic_names[PODWALL_TRAFFIC_KINDS];

/**
 * struct podwall_traffic_counts - what was decided, by direction and kind
 * @ingress: by enum podwall_traffic_kind
 * @egress: by enum podwall_traffic_kind
 */
struct podwall_traffic_counts {
	struct podwall_count ingress[PODWALL_TRAFFIC_KINDS];
	struct podwall_count egress[PODWALL_TRAFFIC_KINDS];
};

/**
 * struct podwall_traffic_total - all that was decided in a network namespace
 * @references: policies and pods' rows that hold it
 * @mutex: guards @rows; nobody moves counts from one place to another but
 *	under it
 * @rows: of struct podwall_traffic
 * @counts: on each CPU: what concerns no registered pod, and pods that are gone
 */
struct podwall_traffic_total {
	refcount_t references;
	/* Covers the moving of counts. */
	struct mutex mutex;
	struct list_head rows;
	struct podwall_traffic_counts __percpu *counts;
};

/**
 * struct podwall_traffic - what was decided for a pod
 * @references: pods that hold it: one, and those that it replaced
 * @list: in the total's rows
 * @total: owned reference
 * @counts: on each CPU
 */
struct podwall_traffic {
	refcount_t references;
	struct list_head list;
	struct podwall_traffic_total *total;
	struct podwall_traffic_counts __percpu *counts;
};

struct podwall_traffic_total *podwall_traffic_total_create(void);
struct podwall_traffic_total *
podwall_traffic_total_get(struct podwall_traffic_total *total);
void podwall_traffic_total_put(struct podwall_traffic_total *total);
size_t podwall_traffic_total_size(void);
void podwall_traffic_total_read(struct podwall_traffic_total *total,
				struct podwall_traffic_counts *counts);

struct podwall_traffic *
podwall_traffic_create(struct podwall_traffic_total *total);
struct podwall_traffic *podwall_traffic_get(struct podwall_traffic *traffic);
void podwall_traffic_put(struct podwall_traffic *traffic);
size_t podwall_traffic_size(void);
void podwall_traffic_read(const struct podwall_traffic_counts __percpu *from,
			  struct podwall_traffic_counts *counts);

enum podwall_traffic_kind podwall_traffic_kind(u8 verdict, u8 mode, u8 reason);

/**
 * podwall_traffic_count - count a packet
 * @counts: of the judged pod, or of what concerns none
 * @direction: enum podwall_direction
 * @kind: what came of it
 * @bytes: the packet's length
 * @first: it is the first packet of its connection
 *
 * Context: Any; writes this CPU's copy only.
 */
static inline void
podwall_traffic_count(struct podwall_traffic_counts __percpu *counts,
		      u8 direction, enum podwall_traffic_kind kind, u32 bytes,
		      bool first)
{
	podwall_count_add(direction == PODWALL_DIRECTION_INGRESS ?
			  &counts->ingress[kind] : &counts->egress[kind],
			  bytes, first);
}

#endif
