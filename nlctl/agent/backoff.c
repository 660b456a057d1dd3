// SPDX-License-Identifier: GPL-2.0-only
#include "agent/backoff.h"

#include <sys/random.h>
#include <time.h>

uint64_t backoff_failed(struct backoff *backoff, unsigned int retry_after,
			uint32_t random)
{
	uint64_t ceiling = backoff->first ? backoff->first : BACKOFF_FIRST;
	uint64_t max = backoff->max ? backoff->max : BACKOFF_MAX;
	unsigned int i;

	for (i = 0; i < backoff->failures && ceiling < max; i++)
		ceiling *= 2;
	if (ceiling > max)
		ceiling = max;
	if (backoff->failures < UINT32_MAX)
		backoff->failures++;
	if (retry_after > BACKOFF_RETRY_AFTER_MAX)
		retry_after = BACKOFF_RETRY_AFTER_MAX;
	/* From 1 to the ceiling, each as likely. */
	return retry_after * 1000ull + 1 + (ceiling * random >> 32);
}

void backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}

uint32_t backoff_random(void)
{
	uint32_t random;
	struct timespec now;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) == sizeof(random))
		return random;
	/* Early in the boot of a machine: spread by anything that differs. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint32_t)now.tv_nsec * 2654435761u;
}
