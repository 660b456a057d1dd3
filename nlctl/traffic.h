/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traffic summed by what a counter is labelled with.
 */
#ifndef NLCTL_TRAFFIC_H
#define NLCTL_TRAFFIC_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "policy/objects.h"

/* Whatever a newer module may say: name_of() knows no name of it, either. */
#define TRAFFIC_UNKNOWN UINT_MAX

/**
 * struct traffic_sums - counts by their labels, each combination once
 * @list: the counts; owned
 * @count: length of @list
 *
 * The mode tells of denials whether they are in force, and is enforce for all
 * else. A value that this version does not know is TRAFFIC_UNKNOWN.
 */
struct traffic_sums {
	struct traffic *list;
	size_t count;
};

/**
 * traffic_sums_begin() - start with all that the module can decide, at zero
 * @sums: receives it; freed with traffic_sums_clear()
 */
void traffic_sums_begin(struct traffic_sums *sums);

/**
 * traffic_sums_add() - add what was decided
 * @sums: the sums; all zeroes, or begun
 * @traffic: what was decided
 * @by_reason: tell reasons apart; else they are summed up as reason 0
 */
void traffic_sums_add(struct traffic_sums *sums, const struct traffic *traffic,
		      bool by_reason);

/* Add a count to another. */
void count_add(struct count *sum, const struct count *count);

/**
 * traffic_sums_clear() - free what the structure owns and zero it
 * @sums: the sums
 */
void traffic_sums_clear(struct traffic_sums *sums);

#endif
