/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policies that concern a pod to a rule set.
 */
#ifndef NLCTL_POLICY_RULE_SET_BUILDER_H
#define NLCTL_POLICY_RULE_SET_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include "policy/identity.h"
#include "policy/model.h"
#include "policy/objects.h"
#include "policy/peer_table.h"

/**
 * struct selection - the policies that concern a pod in one direction
 * @policies: those that isolate it, in the order that their rules shall have
 * @policy_count: length of @policies
 * @cluster_policies: those of the whole cluster that select it, in the order
 *	that they are judged in
 * @cluster_policy_count: length of @cluster_policies
 */
struct selection {
	const struct network_policy **policies;
	size_t policy_count;
	const struct cluster_policy **cluster_policies;
	size_t cluster_policy_count;
};

/**
 * selection_audits() - whether any denial of a selection is only audited
 * @selection: the policies
 * @direction: the direction
 */
bool selection_audits(const struct selection *selection,
		      enum podwall_direction direction);

/**
 * build_rule_set() - the rule set that policies give a pod in one direction
 * @peers: receives the peers that the rules refer to; see peer_table_begin()
 * @selection: the policies
 * @enforced: leave out what policies in audit mode deny: their Deny rules, and
 *	the isolation that comes from them; what they accept stays
 * @direction: the direction
 * @subject: the identity of the pod, for its named ports
 * @rule_set: receives the result without id; its rules refer to peer sets by
 *	the handles of their peers, not yet by ids
 *
 * Return: false when nothing isolates the pod and there is no rule; then the
 * pod needs no rule set, and @rule_set is empty.
 */
bool build_rule_set(struct peer_table *peers, const struct selection *selection,
		    bool enforced, enum podwall_direction direction,
		    const struct identity *subject, struct rule_set *rule_set);

#endif
