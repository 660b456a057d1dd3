/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_CHANGE_H
#define PODWALL_MODEL_CHANGE_H

#include <linux/types.h>

#include "world.h"

enum change_kind {
	CHANGE_FLUSH,
	CHANGE_HOST,
	CHANGE_HOST_REMOVAL,
	CHANGE_PEERS,
	CHANGE_PEERS_REMOVAL,
	CHANGE_RULES,
	CHANGE_RULES_REMOVAL,
	CHANGE_POD,
	CHANGE_POD_REMOVAL,
	CHANGE_SETTINGS,
};

/**
 * struct change - one request of a transaction
 * @kind: enum change_kind
 * @what: that is set, or of a removal a thing of the same key; NULL for none
 */
struct change {
	enum change_kind kind;
	void *what;
};

/* Why a commit must be refused: a bit for each errno that may be returned. */
enum refusal {
	REFUSAL_ENOENT = 1,
	REFUSAL_EEXIST = 2,
	REFUSAL_EINVAL = 4,
	REFUSAL_ENOSPC = 8,
};

void change_append(struct list *changes, enum change_kind kind,
		   const void *what);
unsigned int change_apply(const struct world *live, const struct list *changes,
			  struct world *next);
bool refusal_allows(unsigned int refusals, int err);

#endif
