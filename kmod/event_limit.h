/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_EVENT_LIMIT_H
#define PODWALL_EVENT_LIMIT_H

#include <linux/atomic.h>
#include <linux/math.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/types.h>

/** enum podwall_event_group - whom an event is for; the family's groups */
enum podwall_event_group {
	PODWALL_EVENT_DROPS,
	PODWALL_EVENT_ACCEPTS,
	/* Bounded by their writers, and so by no rate. */
	PODWALL_EVENT_CHANGES,
	PODWALL_EVENT_GROUPS,
};

#define PODWALL_EVENT_LIMITED	PODWALL_EVENT_CHANGES

/* What one pod may take of the rate. */
#define PODWALL_EVENT_SHARE	4

/**
 * DOC: Limits of events
 *
 * Packets are many and listeners slow, so events of packets have a rate, for
 * each network namespace and each group of listeners. One pod gets no more than
 * a quarter of it, and is asked first: a pod under a flood uses up its own
 * share, and three quarters are left for all others. What belongs to no pod
 * (guarded addresses that nobody owns) is held like one pod.
 *
 * For example, at a rate of 400 a pod has 5,000 packets denied in a second, and
 * another one 20. Of the first, 100 are told of; 4,900 are lost, and counted for
 * the pod and for the namespace. All 20 of the second are told of.
 *
 * A limit that has no lock to itself at the moment says no (___ratelimit() before
 * 6.16): the processor that has it is sending an event at that very time.
 *
 * Every event carries the namespace's count of what was lost until then, and one
 * of a packet its pod's too. So a loss is told by the next event of any group. If
 * none follows, status and the listing of pods tell. What nobody listens to is
 * not lost.
 */

/**
 * struct podwall_event_limit - the events of one source, and what was lost
 * @references: of those that are not part of something else
 * @lost: events that the rate, want of memory or a listener that does not read
 *	kept from their group
 * @groups: one for each group that has a rate
 */
struct podwall_event_limit {
	refcount_t references;
	atomic64_t lost;
	struct ratelimit_state groups[PODWALL_EVENT_LIMITED];
};

void podwall_event_limit_init(struct podwall_event_limit *limit);
struct podwall_event_limit *podwall_event_limit_create(void);
struct podwall_event_limit *
podwall_event_limit_get(struct podwall_event_limit *limit);
void podwall_event_limit_put(struct podwall_event_limit *limit);
bool podwall_event_limit_allows(struct podwall_event_limit *limit,
				enum podwall_event_group group, u32 rate);

/**
 * podwall_event_share - how many of a rate's events one pod may have
 * @rate: events a second
 *
 * Context: Any.
 * Return: events a second; none only of a rate of none.
 */
static inline u32 podwall_event_share(u32 rate)
{
	return DIV_ROUND_UP(rate, PODWALL_EVENT_SHARE);
}

#endif
