/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_FUZZ_CLASSIFY_H
#define PODWALL_MODEL_FUZZ_CLASSIFY_H

#include <linux/types.h>

struct podwall_outcome;
struct podwall_policy;
struct podwall_query;
struct podwall_rule_set;

void classify(const struct podwall_policy *policy,
	      const struct podwall_rule_set *set,
	      const struct podwall_query *query,
	      struct podwall_outcome *outcome);
bool classify_plainly(const struct podwall_policy *policy,
		      const struct podwall_rule_set *set,
		      const struct podwall_query *query,
		      const struct podwall_outcome *outcome);

#endif
