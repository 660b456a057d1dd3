/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why something was decided so, in words: for a sentence that stands alone, for
 * a line that has named the pod, and for a table or a line of events.
 */
#ifndef NLCTL_REASON_TEXT_H
#define NLCTL_REASON_TEXT_H

#include <stdbool.h>

#include "policy/objects.h"
#include "walk.h"

/**
 * struct reason_details - a reason, and what belongs to it
 * @reason: why
 * @verdict: accept or deny
 * @tier: that decided, for PODWALL_REASON_RULE
 * @pod: key of the judged pod; NULL when unknown
 * @origin: of the rule that decided, or what isolates the pod, or the guarded
 *	block; NULL when unknown
 * @end: "client" or "server", which is what was judged
 * @place: where @end is no pod of: "this node" or "the manifests"
 * @is_itself: both ends are one pod
 * @skip: why the policy tier did not judge
 *
 * All texts are borrowed.
 */
struct reason_details {
	enum podwall_reason reason;
	enum podwall_verdict verdict;
	enum podwall_tier tier;
	const char *pod;
	const char *origin;
	const char *end;
	const char *place;
	bool is_itself;
	enum walk_skip skip;
};

/**
 * reason_sentence() - all that the module lets know, naming the pod
 * @details: the reason; @is_itself and @skip are not read, which the module
 *	does not tell
 *
 * Return: the sentence, which the caller frees; what it names may hold control
 * characters.
 */
char *reason_sentence(const struct reason_details *details);

/**
 * reason_clause() - the reason behind the name and the verdict of a pod
 * @details: the reason; @verdict and @tier are not read
 *
 * Return: as reason_sentence().
 */
char *reason_clause(const struct reason_details *details);

/**
 * reason_brief() - the reason in a few words
 * @details: the reason; of the rest only @verdict and @origin are read
 *
 * Return: as reason_sentence().
 */
char *reason_brief(const struct reason_details *details);

#endif
