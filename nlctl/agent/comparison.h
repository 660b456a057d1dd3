/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The whole of what the kernel holds, held against the whole of what it is to hold.
 */
#ifndef NLCTL_AGENT_COMPARISON_H
#define NLCTL_AGENT_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netlink.h"
#include "policy/compiler.h"

/**
 * struct comparison - how a comparison came out
 * @unread: the kernel could not be asked what it holds
 * @foreign: somebody else has committed since the generation that was believed
 * @withdrawn: the difference was refused, and pods that are gone from their
 *	addresses are out of the kernel all the same
 * @gone: how many pods that were
 * @added: objects that were to be added
 * @removed: objects that were to be removed
 * @replaced: objects that were to be replaced
 * @refusal: why the difference was refused, in the kernel's words; else NULL
 */
struct comparison {
	bool unread;
	bool foreign;
	bool withdrawn;
	size_t gone;
	size_t added;
	size_t removed;
	size_t replaced;
	char *refusal;
};

/**
 * comparison_run() - read what the kernel holds, and commit the difference
 * @comparison: receives how it came out; cleared with comparison_clear()
 * @compiler: has what the kernel is to hold
 * @netlink: the connection
 * @since: when the oldest event in it came, by clock_now(); or 0
 * @generation: the kernel's, as it is believed to be; receives what it is
 *
 * Return: 0 or a negative errno value, see netlink.h; -ESTALE when another writer
 * committed meanwhile.
 */
int comparison_run(struct comparison *comparison, struct compiler *compiler,
		   struct netlink *netlink, uint64_t since,
		   uint64_t *generation);

/* Whether the kernel held just what it was to hold. */
bool comparison_empty(const struct comparison *comparison);

/**
 * comparison_tell() - log that the kernel held something else, and what was put right
 * @comparison: the comparison
 * @generation: what is in force now
 *
 * Whoever it was. With changes of our own in it there is no telling which is which, nor
 * does it matter.
 */
void comparison_tell(const struct comparison *comparison, uint64_t generation);

/* Free what the structure owns and zero it. */
void comparison_clear(struct comparison *comparison);

#endif
