/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pods that have to leave the kernel, whatever else it refuses.
 */
#ifndef NLCTL_AGENT_WITHDRAWAL_H
#define NLCTL_AGENT_WITHDRAWAL_H

#include "policy/difference.h"

/**
 * withdrawal_find() - find the pods that are gone from their addresses
 * @difference: what was to be changed, and is refused
 * @withdrawal: receives the removals among it; freed with difference_clear(),
 *	points to what @difference points to
 *
 * The kernel has no room for what is to be in force. What it holds may stay, but
 * for pods that are gone, or have other addresses by now: whoever gets such an
 * address would be judged by the rules of another pod. Without them it belongs to
 * nobody, which the guard denies. Removals need no room.
 */
void withdrawal_find(const struct difference *difference,
		     struct difference *withdrawal);

#endif
