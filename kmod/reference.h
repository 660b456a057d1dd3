/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_REFERENCE_H
#define PODWALL_REFERENCE_H

struct podwall_error;
struct podwall_policy;

int podwall_reference_check(struct podwall_policy *policy,
			    const struct podwall_policy *live,
			    struct podwall_error *error);
void podwall_reference_rows(struct podwall_policy *policy);

#endif
