/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_NAMESPACE_H
#define PODWALL_NAMESPACE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "event_limit.h"
#include "generation.h"

struct net;
struct podwall_error;
struct podwall_policy;
struct podwall_transaction;
struct sock;

/** struct podwall_totals - packets judged on one CPU */
struct podwall_totals {
	u64 accepted;
	u64 denied;
	u64 audited;
};

/* IPv4 and IPv6, what leaves and what is for this node. */
#define PODWALL_HOOKS	4

/**
 * struct podwall_net - what podwall keeps for a network namespace
 * @mutex: serialises writers and guards what is marked so
 * @policy: the live policy, never NULL; written under @mutex, read under RCU
 * @transactions: open ones; under @mutex
 * @transaction_count: their number; written under @mutex
 * @enforcing: the hooks are registered; under @mutex
 * @hooks: the namespace's own, so that a packet brings this structure along
 * @commits_refused: under @mutex
 * @totals: packets judged, for each CPU
 * @commits: transactions that were committed; under @mutex
 * @desired_generation: podwall_generation_desired(); under @mutex
 * @delay: how long the last commit took to be enforced, in nanoseconds; under
 *	@mutex
 * @delay_sum: the same of all commits together; under @mutex
 * @events: keeps drops and accepts to their rate, and counts what was lost
 * @unowned_events: the share of what belongs to no pod
 * @heard: whether the last event of each group found a listener here; true
 *	before the first
 * @events_sent: events that reached their group
 */
struct podwall_net {
	/* Serialises writers. */
	struct mutex mutex;
	struct podwall_policy __rcu *policy;
	struct list_head transactions;
	u32 transaction_count;
	bool enforcing;
	struct nf_hook_ops hooks[PODWALL_HOOKS];
	u64 commits_refused;
	struct podwall_totals __percpu *totals;
	u64 commits;
	u64 desired_generation;
	u64 delay;
	u64 delay_sum;
	struct podwall_event_limit events;
	struct podwall_event_limit unowned_events;
	bool heard[PODWALL_EVENT_GROUPS];
	atomic64_t events_sent;
};

extern unsigned int podwall_net_id __read_mostly;

int podwall_net_init(struct podwall_net *pn);
void podwall_net_release(struct podwall_net *pn);

struct podwall_policy *podwall_net_policy(struct podwall_net *pn);
struct podwall_policy *podwall_net_get_policy(struct podwall_net *pn);
void podwall_net_publish(struct podwall_net *pn, struct podwall_policy *policy);
struct podwall_totals podwall_net_read_totals(const struct podwall_net *pn);

struct podwall_transaction *podwall_net_begin(struct podwall_net *pn,
					      u32 portid,
					      const struct sock *socket,
					      struct podwall_error *error);
struct podwall_transaction *
podwall_net_transaction(struct podwall_net *pn, u32 portid,
			const struct sock *socket);
void podwall_net_end(struct podwall_net *pn,
		     struct podwall_transaction *transaction,
		     enum podwall_transaction_step how);
int podwall_net_check_memory(struct podwall_net *pn,
			     struct podwall_error *error);
u64 podwall_net_transaction_memory(const struct podwall_net *pn);

#endif
