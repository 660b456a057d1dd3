/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_REFERENCE_H
#define PODWALL_REFERENCE_H

struct podwall_error;
struct podwall_policy;

int podwall_reference_resolve(struct podwall_policy *policy,
			      struct podwall_error *error);

#endif
