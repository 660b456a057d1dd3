// SPDX-License-Identifier: GPL-2.0-only
#include "agent/guard.h"

#include <stdlib.h>

#include "agent/log.h"
#include "policy/memory.h"
#include "transaction.h"

void guard_set(struct guard *guard, const struct network *blocks, size_t count,
	       bool closed)
{
	struct network *copy = xmemdup(blocks, count * sizeof(*blocks));

	free(guard->blocks);
	*guard = (struct guard){ copy, count, closed };
}

static bool has_block(const struct guard *guard, const struct network *block)
{
	size_t i;

	for (i = 0; i < guard->count; i++)
		if (!network_compare(&guard->blocks[i], block))
			return true;
	return false;
}

bool guard_change(const struct guard *guard, struct settings *settings)
{
	size_t before = settings->guarded_count, kept = 0, i;

	if (guard->closed) {
		for (i = 0; i < guard->count; i++)
			settings_guard(settings, &guard->blocks[i]);
		return settings->guarded_count != before;
	}
	for (i = 0; i < before; i++)
		if (!has_block(guard, &settings->guarded[i]))
			settings->guarded[kept++] = settings->guarded[i];
	settings->guarded_count = kept;
	return kept != before;
}

int guard_enforce(const struct guard *guard, struct netlink *netlink,
		  struct settings *settings, uint64_t before, uint64_t *after)
{
	struct settings_change change = { .guarded = true };
	int error;

	*after = before;
	if (!guard_change(guard, settings))
		return 0;
	change.values.guarded = settings->guarded;
	change.values.guarded_count = settings->guarded_count;
	error = transaction_settings(netlink, 0, &change, &before, after);
	if (!error)
		log_notice("%s: %zu blocks of addresses of this node",
			   guard->closed ? "guards" : "no longer guards",
			   guard->count);
	return error;
}

void guard_clear(struct guard *guard)
{
	free(guard->blocks);
	*guard = (struct guard){};
}
