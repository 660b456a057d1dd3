/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The node's blocks of addresses, among those that the kernel guards.
 */
#ifndef NLCTL_AGENT_GUARD_H
#define NLCTL_AGENT_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netlink.h"
#include "policy/objects.h"

/**
 * struct guard - the blocks, and what is to become of them; starts with zeroes
 * @blocks: the blocks
 * @count: length of @blocks
 * @closed: they are to be guarded; else not to be
 */
struct guard {
	struct network *blocks;
	size_t count;
	bool closed;
};

/**
 * guard_set() - say which blocks are the node's
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
 * Return: 0 or a negative errno value, see netlink.h; -ESTALE when another writer
 * committed meanwhile.
 */
int guard_enforce(const struct guard *guard, struct netlink *netlink,
		  struct settings *settings, uint64_t before, uint64_t *after);

/**
 * guard_clear() - free what the structure owns and zero it
 * @guard: the guard
 */
void guard_clear(struct guard *guard);

#endif
