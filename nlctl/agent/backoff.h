/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How long to wait before something that failed is tried again.
 */
#ifndef NLCTL_AGENT_BACKOFF_H
#define NLCTL_AGENT_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST 500 /* milliseconds, at most, before the second attempt */
#define BACKOFF_MAX 30000 /* milliseconds, at most, before any attempt */

/* What a server may ask for; more is taken for an error of its own. */
#define BACKOFF_RETRY_AFTER_MAX 300 /* seconds */

/**
 * struct backoff - failures in a row; start with zeroes
 * @failures: their number, since something went well
 * @first: milliseconds; 0 for BACKOFF_FIRST
 * @max: milliseconds; 0 for BACKOFF_MAX
 */
struct backoff {
	unsigned int failures;
	uint32_t first;
	uint32_t max;
};

/**
 * backoff_failed() - note a failure
 * @backoff: the failures before
 * @retry_after: seconds that the server asks to wait; 0 when it does not
 * @random: any number, each as likely
 *
 * The wait is anything up to a limit that doubles with each failure, so that the
 * agents of many nodes, which fail together, do not come back together. What the
 * server asks for is waited in full, and such a part on top.
 *
 * Return: milliseconds to wait; at least 1.
 */
uint64_t backoff_failed(struct backoff *backoff, unsigned int retry_after,
			uint32_t random);

/**
 * backoff_reset() - note that something went well
 * @backoff: the failures before
 */
void backoff_reset(struct backoff *backoff);

/**
 * backoff_random() - a number that nobody can foresee
 *
 * Return: a number for backoff_failed().
 */
uint32_t backoff_random(void);

#endif
