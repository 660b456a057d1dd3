/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was counted between two readings.
 */
#ifndef NLCTL_TALLY_DIFFERENCE_H
#define NLCTL_TALLY_DIFFERENCE_H

#include "tally.h"

/**
 * tally_compare() - find what was counted since the reading before
 * @tally: the reading, not sorted yet; its recent amounts are filled in
 * @before: the one before, in any order
 *
 * What was not there before, and what counts less than before, has begun anew
 * since then: all that it counts is recent.
 */
void tally_compare(struct tally *tally, const struct tally *before);

/**
 * tally_rate() - what a count comes to in a second
 * @count: counted since the reading before
 * @elapsed: nanoseconds since then; not 0
 */
double tally_rate(uint64_t count, uint64_t elapsed);

#endif
