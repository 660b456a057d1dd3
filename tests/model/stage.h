/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_STAGE_H
#define PODWALL_MODEL_STAGE_H

#include "pool.h"

struct podwall_policy;
struct podwall_transaction;

int stage(const struct podwall_policy *live,
	  struct podwall_transaction *transaction, const struct list *changes);

#endif
