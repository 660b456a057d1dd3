/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module says of a connection against what the evaluator does.
 */
#ifndef DIFFERENTIAL_COMPARISON_H
#define DIFFERENTIAL_COMPARISON_H

#include "explanation.h"
#include "policy/cluster.h"

/**
 * struct tally - what the evaluator said, to see that all sorts are among it
 * @accepted: connections that both directions accept
 * @denied: those that one denies in force
 * @audited: the others, which pass by audit mode only
 * @decided: directions, by the tier that decided
 * @isolated: directions that no rule of a policy covers
 * @node: directions that the node passes in spite of a rule
 * @open: directions of a pod that nothing decides
 */
struct tally {
	unsigned long accepted;
	unsigned long denied;
	unsigned long audited;
	unsigned long decided[PODWALL_TIER_BASELINE + 1];
	unsigned long isolated;
	unsigned long node;
	unsigned long open;
};

/**
 * compare() - hold an answer of the module against the evaluator's
 * @cluster: what the module enforces
 * @explanation: the answer
 * @tally: counts what the evaluator said; NULL is allowed
 *
 * The verdict as a whole and, of each direction, the verdict, whether it is in
 * force, the pod, the tier that decided and the policies or the rule.
 *
 * Return: NULL, or what differs; owned by the caller.
 */
char *compare(const struct cluster *cluster,
	      const struct explanation *explanation, struct tally *tally);

#endif
