/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_CLASSIFIER_BUILD_H
#define PODWALL_CLASSIFIER_BUILD_H

#include <linux/types.h>

struct podwall_error;
struct podwall_policy;
struct podwall_transaction;

int podwall_classifier_build(struct podwall_policy *policy,
			     const struct podwall_policy *live,
			     const struct podwall_transaction *transaction,
			     struct podwall_error *error);
bool podwall_classifier_store(struct podwall_policy *live,
			      const struct podwall_transaction *transaction);

#endif
