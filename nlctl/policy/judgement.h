/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How policies decide a connection in one direction.
 *
 * Part of the evaluator, and like it without any code of the compiler.
 */
#ifndef NLCTL_POLICY_JUDGEMENT_H
#define NLCTL_POLICY_JUDGEMENT_H

#include <stdbool.h>
#include <linux/podwall.h>

struct question;

/**
 * struct judgement - how one direction is decided
 * @verdict: accept or deny
 * @reason: PODWALL_REASON_NO_POLICY, _RULE, _ISOLATED, _DEFAULT or _NODE
 * @audited: it denies, and is only counted and reported: by what policies in
 *	audit mode alone deny, or because the pod is in audit mode
 * @tier: that decided, or would have but for the node; 0 when none did
 * @origin: what decided: the rule ("NetworkPolicy default/x ingress[0]",
 *	"ClusterNetworkPolicy x egress[1] (name of the rule)"), or the policies
 *	that isolate the pod ("NetworkPolicy default/x, default/y", never cut);
 *	"" when nothing did; owned
 * @text: a sentence for a person; owned
 */
struct judgement {
	enum podwall_verdict verdict;
	enum podwall_reason reason;
	bool audited;
	enum podwall_tier tier;
	char *origin;
	char *text;
};

/**
 * judgement_of() - judge a connection in one direction
 * @question: the connection
 *
 * Return: the judgement, freed with judgement_clear().
 */
struct judgement judgement_of(const struct question *question);

/* Free what the structure owns and zero it; the structure itself stays. */
void judgement_clear(struct judgement *judgement);

#endif
