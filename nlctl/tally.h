/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was counted, as rows, and what was counted between two readings.
 */
#ifndef NLCTL_TALLY_H
#define NLCTL_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/objects.h"
#include "query.h"

/**
 * struct tally_amount - what was counted for a row
 * @total: since the counters began
 * @recent: of that, since the reading before; tally_compare() fills it
 */
struct tally_amount {
	struct count total;
	struct count recent;
};

/**
 * struct tally_reason - what was decided in one direction for one reason
 * @direction: as the judged pod sees it
 * @verdict: accept or deny
 * @mode: audit for denials that were only counted and reported
 * @reason: why
 * @amount: how much
 */
struct tally_reason {
	enum podwall_direction direction;
	enum podwall_verdict verdict;
	enum podwall_mode mode;
	enum podwall_reason reason;
	struct tally_amount amount;
};

/**
 * struct tally_pod - what was decided for a pod in one direction in one way
 * @key: of the pod; borrowed from the objects
 * @direction: as the pod sees it; 0 for a pod that nothing was decided for
 * @verdict: accept or deny
 * @mode: audit for denials that were only counted and reported
 * @amount: how much
 * @events_lost: of the pod, in all directions
 */
struct tally_pod {
	const char *key;
	enum podwall_direction direction;
	enum podwall_verdict verdict;
	enum podwall_mode mode;
	struct tally_amount amount;
	uint64_t events_lost;
};

/**
 * enum tally_kind - what kind of thing decides
 * @TALLY_RULE: a rule
 * @TALLY_ISOLATION: no rule covers the connection, and policies isolate the pod
 * @TALLY_DEFAULT: no rule decides, and nothing isolates the pod
 */
enum tally_kind {
	TALLY_RULE,
	TALLY_ISOLATION,
	TALLY_DEFAULT,
};

/**
 * struct tally_decider - what decides, as policies have it
 * @kind: a rule, or what decides without one
 * @direction: as the judged pod sees it
 * @tier: of the rule; 0 without one
 * @action: accept, deny or pass
 * @origin: of the rule, or the policies that isolate; borrowed from the objects,
 *	"" by default
 * @cookie: of the rule; 0 without one
 */
struct tally_decider {
	enum tally_kind kind;
	enum podwall_direction direction;
	enum podwall_tier tier;
	enum podwall_action action;
	const char *origin;
	uint64_t cookie;
};

/**
 * struct tally_part - what one rule of one rule set decided
 * @decider: the rule, or what decides without one
 * @rule_set: id of the rule set
 * @ordinal: how many rules of the set in front of it have its cookie
 * @amount: how much
 * @row: index of the struct tally_rule that it is part of
 */
struct tally_part {
	struct tally_decider decider;
	uint32_t rule_set;
	size_t ordinal;
	struct tally_amount amount;
	size_t row;
};

/**
 * struct tally_rule - what a rule of a policy decided, in all its rule sets
 * @decider: the rule, or what decides without one
 * @rule_sets: ids of the rule sets that it is in, ascending; owned
 * @rule_set_count: length of @rule_sets
 * @pods: keys of the pods that use one of them; the array is owned, the texts
 *	are borrowed from the objects
 * @pod_count: length of @pods
 * @amount: how much; of rules that pass nothing is counted
 */
struct tally_rule {
	struct tally_decider decider;
	uint32_t *rule_sets;
	size_t rule_set_count;
	const char **pods;
	size_t pod_count;
	struct tally_amount amount;
};

/**
 * struct tally - one reading of all counters
 * @objects: as they were read; owned
 * @status: as it was read; owned
 * @time: when, by clock_now()
 * @elapsed: nanoseconds since the reading before; 0 when there was none
 * @accepted: packets that passed since the reading before
 * @denied: packets that were denied since then
 * @audited: packets that only audit mode let pass since then
 * @reasons: by direction, verdict, mode and reason
 * @reason_count: length of @reasons
 * @pods: by key, direction, verdict and mode
 * @pod_count: length of @pods
 * @parts: rules as they are in rule sets, by id of the set
 * @part_count: length of @parts
 * @rules: rules as policies have them, by tally_compare_deciders()
 * @rule_count: length of @rules
 */
struct tally {
	struct objects objects;
	struct status status;
	uint64_t time;
	uint64_t elapsed;
	uint64_t accepted;
	uint64_t denied;
	uint64_t audited;
	struct tally_reason *reasons;
	size_t reason_count;
	struct tally_pod *pods;
	size_t pod_count;
	struct tally_part *parts;
	size_t part_count;
	struct tally_rule *rules;
	size_t rule_count;
};

/**
 * tally_make() - make rows of what was read
 * @tally: receives them; freed with tally_clear()
 * @objects: of the module; taken over, and left empty
 * @status: of the module; taken over, and left empty
 * @time: when they were read
 *
 * Rules of one origin and action are one row, in how many rule sets they may
 * be: a packet is counted in one of them alone. That also holds for what audit
 * mode judges twice.
 */
void tally_make(struct tally *tally, struct objects *objects,
		struct status *status, uint64_t time);

/**
 * tally_is_unused() - whether a row is of a rule that never matched
 * @rule: the row
 *
 * Of rules that pass nothing is counted, so nobody knows of them.
 */
bool tally_is_unused(const struct tally_rule *rule);

/**
 * tally_clear() - free what a reading owns and zero it
 * @tally: the reading
 */
void tally_clear(struct tally *tally);

#endif
