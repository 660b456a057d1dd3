/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What goes wrong for a while, to be told of once and not at each attempt.
 */
#ifndef NLCTL_AGENT_TROUBLE_H
#define NLCTL_AGENT_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct trouble - what goes wrong; start with zeroes
 * @since: when it began, in nanoseconds of clock_now(); 0 while all is well
 * @said: it was told of
 * @code: what was told of
 */
struct trouble {
	uint64_t since;
	bool said;
	long code;
};

/**
 * trouble_failed() - note a failure
 * @trouble: the trouble
 * @now: nanoseconds of clock_now()
 * @patience: nanoseconds that it has to last before it is told of
 * @code: which failure, as those with other words may be the same
 *
 * Return: whether it has to be told of now.
 */
bool trouble_failed(struct trouble *trouble, uint64_t now, uint64_t patience,
		    long code);

/**
 * trouble_forget() - the failures so far belong to something else
 * @trouble: the trouble; stays when it was told of
 */
void trouble_forget(struct trouble *trouble);

/**
 * trouble_ended() - note that all is well
 * @trouble: the trouble
 * @now: nanoseconds of clock_now()
 *
 * Return: the nanoseconds that it lasted when it was told of, so that its end has
 * to be told as well; else 0.
 */
uint64_t trouble_ended(struct trouble *trouble, uint64_t now);

#endif
