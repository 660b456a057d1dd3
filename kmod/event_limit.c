// SPDX-License-Identifier: GPL-2.0-only

#include <linux/slab.h>

#include "event_limit.h"
#include "ledger.h"

/**
 * podwall_event_limit_init - begin with nothing sent and nothing lost
 * @limit: a part of something else, or new
 *
 * Context: Any.
 */
void podwall_event_limit_init(struct podwall_event_limit *limit)
{
	unsigned int i;

	refcount_set(&limit->references, 1);
	atomic64_set(&limit->lost, 0);
	for (i = 0; i < PODWALL_EVENT_LIMITED; i++) {
		ratelimit_state_init(&limit->groups[i], HZ, 0);
		/* Without it the kernel log fills with what was suppressed. */
		ratelimit_set_flags(&limit->groups[i],
				    RATELIMIT_MSG_ON_RELEASE);
	}
}

/**
 * podwall_event_limit_create - make a limit that is a part of nothing else
 *
 * Context: Process context; may sleep.
 * Return: the limit with one reference, the caller's, or NULL without memory.
 */
struct podwall_event_limit *podwall_event_limit_create(void)
{
	struct podwall_event_limit *limit = kmalloc(sizeof(*limit),
						    GFP_KERNEL_ACCOUNT);

	if (!limit)
		return NULL;
	podwall_ledger_made(PODWALL_LEDGER_EVENT_LIMIT);
	podwall_event_limit_init(limit);
	return limit;
}

/**
 * podwall_event_limit_get - take a reference
 * @limit: one that the caller may reach
 *
 * Context: Any.
 * Return: @limit.
 */
struct podwall_event_limit *
podwall_event_limit_get(struct podwall_event_limit *limit)
{
	refcount_inc(&limit->references);
	return limit;
}

/**
 * podwall_event_limit_put - drop a reference, and the limit with the last one
 * @limit: made by podwall_event_limit_create(); no packet may reach it through
 *	the caller's reference any more
 *
 * Context: Any.
 */
void podwall_event_limit_put(struct podwall_event_limit *limit)
{
	if (!refcount_dec_and_test(&limit->references))
		return;
	kfree(limit);
	podwall_ledger_freed(PODWALL_LEDGER_EVENT_LIMIT);
}

/**
 * podwall_event_limit_allows - whether one more event keeps to the rate
 * @limit: of its source
 * @group: one that has a rate
 * @rate: events a second, from the policy that judged
 *
 * Context: Any.
 * Return: true with the event counted; false for one that is lost, which the
 * caller counts.
 */
bool podwall_event_limit_allows(struct podwall_event_limit *limit,
				enum podwall_event_group group, u32 rate)
{
	struct ratelimit_state *state = &limit->groups[group];

	/* Settings are the policy's; so the rate comes with the packet. */
	if (READ_ONCE(state->burst) != rate)
		WRITE_ONCE(state->burst, rate);
	return __ratelimit(state);
}
