/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether what one rule covers holds all that another covers, for whatever
 * pods there may be.
 *
 * The answers come from the words of the policies alone. So they may say no
 * where pods that exist would make it a yes, but never the other way round.
 */
#ifndef NLCTL_POLICY_COVER_H
#define NLCTL_POLICY_COVER_H

#include <stdbool.h>
#include "policy/model.h"

/**
 * selector_covers() - whether a selector selects all that another does
 * @wide: the selector that may be wider
 * @narrow: the other
 */
bool selector_covers(const struct selector *wide,
		     const struct selector *narrow);

/**
 * rule_covers() - whether a rule covers all that another does
 * @wide: the rule that may be wider
 * @narrow: a rule of the same direction
 * @namespace: namespace of the policies of both; NULL for the whole cluster's,
 *	whose peers always select namespaces
 */
bool rule_covers(const struct policy_rule *wide,
		 const struct policy_rule *narrow, const char *namespace);

#endif
