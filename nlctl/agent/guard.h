/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The node's blocks of addresses, among those that the kernel guards.
 */
#ifndef NLCTL_AGENT_GUARD_H
#define NLCTL_AGENT_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/complaint.h"
#include "netlink.h"
#include "policy/objects.h"

/**
 * struct guard - the blocks, and what is to become of them; starts with zeroes
 * @blocks: the blocks
 * @count: length of @blocks
 * @closed: they are to be guarded; else not to be
 * @due: the kernel's settings have to be seen to
 * @trouble: why the kernel refused the blocks
 */
struct guard {
	struct network *blocks;
	size_t count;
	bool closed;
	bool due;
	struct complaint trouble;
};

/**
 * guard_set() - say which blocks are the node's, which then are due
 * @guard: the guard
 * @blocks: the blocks; copied
 * @count: their number
 * @closed: see struct guard
 */
void guard_set(struct guard *guard, const struct network *blocks, size_t count,
	       bool closed);

/**
 * guard_change() - make settings what the guard says
 * @guard: the guard
 * @settings: the settings; blocks that are not the node's stay as they are
 *
 * Return: whether that changed them.
 */
bool guard_change(const struct guard *guard, struct settings *settings);

/**
 * guard_enforce() - make the kernel's settings what the guard says
 * @guard: the guard
 * @netlink: the connection
 * @settings: the kernel's settings; receives what they are to be
 * @before: the generation that they were read in
 * @after: receives the generation that holds now, unless the kernel refuses
 *
 * What the kernel refuses is no longer due: guard_look() has it tried again.
 *
 * Return: 0 or a negative errno value, see netlink.h; -ESTALE when another writer
 * committed meanwhile, and then it is due still.
 */
int guard_enforce(struct guard *guard, struct netlink *netlink,
		  struct settings *settings, uint64_t before, uint64_t *after);

/**
 * guard_look() - see whether the kernel's settings are what the guard says
 * @guard: the guard
 * @settings: the kernel's settings; receives what they are to be
 * @foreign: set to whether somebody else changed them; else the kernel had
 *	refused them
 *
 * Return: whether they are not, so that the blocks are due.
 */
bool guard_look(struct guard *guard, struct settings *settings, bool *foreign);

/**
 * guard_clear() - free what the structure owns and zero it
 * @guard: the guard
 */
void guard_clear(struct guard *guard);

#endif
