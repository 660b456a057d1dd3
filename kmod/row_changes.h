/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_ROW_CHANGES_H
#define PODWALL_ROW_CHANGES_H

#include <linux/types.h>

struct podwall_error;
struct podwall_policy;

int podwall_row_changes_build(struct podwall_policy *policy,
			      const struct podwall_policy *live, bool renumbered,
			      struct podwall_error *error);

#endif
