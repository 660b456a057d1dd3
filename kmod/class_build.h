/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_CLASS_BUILD_H
#define PODWALL_CLASS_BUILD_H

#include <linux/types.h>

struct podwall_error;
struct podwall_policy;
struct podwall_transaction;

int podwall_classes_build(struct podwall_policy *policy,
			  const struct podwall_policy *live,
			  const struct podwall_transaction *transaction,
			  bool *renumbered, struct podwall_error *error);

#endif
