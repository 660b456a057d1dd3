/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_SUCCESSION_H
#define PODWALL_SUCCESSION_H

struct podwall_policy;

int podwall_succession_prepare(struct podwall_policy *policy,
			       const struct podwall_policy *live);

#endif
