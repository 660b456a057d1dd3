/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_SUCCESSION_H
#define PODWALL_SUCCESSION_H

#include <linux/types.h>

struct podwall_policy;
struct podwall_rule_set;

u32 *podwall_succession_find(const struct podwall_rule_set *set,
			     const struct podwall_rule_set *older);
int podwall_succession_prepare(struct podwall_policy *policy,
			       const struct podwall_policy *live);

#endif
