// SPDX-License-Identifier: GPL-2.0-only
#include "agent/guard.h"

#include <errno.h>
#include <stdlib.h>

#include "agent/log.h"
#include "policy/memory.h"
#include "transaction.h"

void guard_set(struct guard *guard, const struct network *blocks, size_t count,
	       bool closed)
{
	struct network *copy = xmemdup(blocks, count * sizeof(*blocks));

	free(guard->blocks);
	guard->blocks = copy;
	guard->count = count;
	guard->closed = closed;
	guard->due = true;
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

static int commit(const struct guard *guard, struct netlink *netlink,
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

int guard_enforce(struct guard *guard, struct netlink *netlink,
		  struct settings *settings, uint64_t before, uint64_t *after)
{
	int error = commit(guard, netlink, settings, before, after);

	if (error == -ESTALE)
		return error;
	guard->due = false;
	if (!error)
		complaint_clear(&guard->trouble);
	else if (complaint_raise(&guard->trouble, netlink_text(netlink)))
		log_error("the kernel refuses the guarded blocks of this node, which stay as they were: %s",
			  guard->trouble.text);
	return error;
}

bool guard_look(struct guard *guard, struct settings *settings, bool *foreign)
{
	*foreign = !guard->trouble.text;
	if (!guard_change(guard, settings))
		return false;
	if (*foreign)
		log_warning("somebody else changed the guarded blocks; put right");
	guard->due = true;
	return true;
}

void guard_clear(struct guard *guard)
{
	complaint_clear(&guard->trouble);
	free(guard->blocks);
	*guard = (struct guard){};
}
