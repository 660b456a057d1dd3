/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes of a policy, timed: each function makes one kind of change, and the one
 * that takes it back, and leaves the state loaded as it found it.
 */
#ifndef LOAD_CHANGE_H
#define LOAD_CHANGE_H

#include <stddef.h>

#include "load.h"

/* A load after a flush, and a load over the same state. */
void time_loads(struct load *load, size_t repeats);

/* Transactions without a request. */
void time_empty(struct load *load, size_t repeats);

/* A rule set of a typical size, and the largest if that is larger. */
void time_rule_sets(struct load *load, size_t repeats);

/* Addresses that join an identity in one peer set and in many: one that another
 * address has, which is added to the state; and a new one, which comes with the
 * peer sets that name it. Blocks are said to be known when the two addresses lie
 * in the same ones: then the policy holds nothing new but the address.
 */
void time_known(struct load *load, size_t repeats);
void time_new(struct load *load, size_t repeats, size_t slow_repeats);

/* A pod with the rule sets of another. */
void time_pod(struct load *load, size_t repeats);

#endif
