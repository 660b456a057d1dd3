/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_RULE_SET_H
#define PODWALL_RULE_SET_H

#include <linux/podwall.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "array.h"
#include "counters.h"

/**
 * struct podwall_port_range - ports of one protocol, in host byte order
 * @protocol: IPPROTO_TCP, IPPROTO_UDP or IPPROTO_SCTP
 * @first: lowest port
 * @last: highest port, inclusive
 */
struct podwall_port_range {
	u8 protocol;
	u16 first;
	u16 last;
};

/**
 * struct podwall_rule - one rule of a rule set
 * @cookie: the caller's own mark
 * @priority: lower is judged first within a tier
 * @tier: enum podwall_tier
 * @action: enum podwall_action
 * @any_peer: matches every peer; else one of the peer sets must hold it
 * @any_port: matches every protocol and port; else one of the ranges must
 * @first_peer_set: index of its first peer set id in the rule set's
 * @peer_set_count: how many follow
 * @first_port_range: index of its first port range in the rule set's
 * @port_range_count: how many follow
 * @origin: offset of its origin in the rule set's texts
 */
struct podwall_rule {
	u64 cookie;
	u32 priority;
	u8 tier;
	u8 action;
	bool any_peer;
	bool any_port;
	u32 first_peer_set;
	u32 peer_set_count;
	u32 first_port_range;
	u32 port_range_count;
	u32 origin;
};

/**
 * struct podwall_rule_set - an ordered list of rules for one direction
 * @references: policies and transactions that hold it
 * @id: allotted by userspace
 * @direction: enum podwall_direction
 * @isolated: the policy tier selects the pods that use it
 * @isolation_audited: it does, but what it does not accept is not denied
 * @isolation_origin: offset in @texts of what isolates them
 * @rules: of struct podwall_rule; by tier, then by priority
 * @peer_sets: of u32; ids, a run for each rule
 * @port_ranges: of struct podwall_port_range; a run for each rule
 * @texts: of char; NUL-terminated texts one after the other
 * @baseline_first: index of the first rule of the baseline tier, or how many
 *	rules there are
 * @counters: one count for each rule and for each of the two endings below;
 *	made by podwall_rule_set_freeze()
 *
 * A transaction builds it; podwall_rule_set_freeze() ends that. From then on
 * nothing but the counts changes.
 */
struct podwall_rule_set {
	refcount_t references;
	u32 id;
	u8 direction;
	bool isolated;
	bool isolation_audited;
	u32 isolation_origin;
	struct podwall_array rules;
	struct podwall_array peer_sets;
	struct podwall_array port_ranges;
	struct podwall_array texts;
	u32 baseline_first;
	struct podwall_counters *counters;
};

struct podwall_rule_set *podwall_rule_set_create(u32 id, u8 direction);
int podwall_rule_set_isolate(struct podwall_rule_set *set, const char *origin);
struct podwall_rule *podwall_rule_set_add_rule(struct podwall_rule_set *set,
					       const struct podwall_rule *rule,
					       const char *origin);
int podwall_rule_set_add_peer_set(struct podwall_rule_set *set,
				  struct podwall_rule *rule, u32 id);
int podwall_rule_set_add_port_range(struct podwall_rule_set *set,
				    struct podwall_rule *rule,
				    const struct podwall_port_range *range);
int podwall_rule_set_freeze(struct podwall_rule_set *set);

struct podwall_rule_set *podwall_rule_set_get(struct podwall_rule_set *set);
void podwall_rule_set_put(struct podwall_rule_set *set);
size_t podwall_rule_set_size(const struct podwall_rule_set *set);

static inline const struct podwall_rule *
podwall_rule_set_rule(const struct podwall_rule_set *set, u32 index)
{
	return (const struct podwall_rule *)set->rules.elements + index;
}

static inline const char *
podwall_rule_set_text(const struct podwall_rule_set *set, u32 offset)
{
	return (const char *)set->texts.elements + offset;
}

/* So many rules, and two endings, are a bit each of one word. */
#define PODWALL_RULE_SET_MASK_MAX	30

static inline bool
podwall_rule_set_fits_mask(const struct podwall_rule_set *set)
{
	return set->rules.count <= PODWALL_RULE_SET_MASK_MAX;
}

/*
 * Counts stand in the order in which packets come by them: isolation has its
 * own behind the policy tier, and the last is for what nothing decided.
 */
static inline u32
podwall_rule_set_isolation_count(const struct podwall_rule_set *set)
{
	return set->baseline_first;
}

static inline u32
podwall_rule_set_rule_count(const struct podwall_rule_set *set, u32 rule)
{
	return rule + (rule >= set->baseline_first);
}

static inline u32
podwall_rule_set_default_count(const struct podwall_rule_set *set)
{
	return set->rules.count + 1;
}

#endif
