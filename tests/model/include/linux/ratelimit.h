/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PODWALL_MODEL_LINUX_RATELIMIT_H
#define PODWALL_MODEL_LINUX_RATELIMIT_H

#include <linux/types.h>

#define HZ 250
#define RATELIMIT_MSG_ON_RELEASE 1

/* No packet comes by here, and so no clock: one interval lasts for ever. */
struct ratelimit_state {
	int interval;
	int burst;
	int printed;
	unsigned int flags;
};

static inline void ratelimit_state_init(struct ratelimit_state *state,
					int interval, int burst)
{
	*state = (struct ratelimit_state){
		.interval = interval,
		.burst = burst,
	};
}

static inline void ratelimit_set_flags(struct ratelimit_state *state,
				       unsigned int flags)
{
	state->flags = flags;
}

static inline bool __ratelimit(struct ratelimit_state *state)
{
	if (state->printed >= state->burst)
		return false;
	state->printed++;
	return true;
}

#endif
