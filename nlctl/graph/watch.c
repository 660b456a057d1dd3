// SPDX-License-Identifier: GPL-2.0-only
#include "graph/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "event.h"
#include "interrupt.h"
#include "netlink.h"
#include "query.h"

/* How long events are still taken in that come as fast as they are read. */
#define DRAIN_TIME NANOSECONDS_PER_SECOND

/**
 * struct watch - a watch that goes on
 * @nlctl: the context
 * @seconds: how long at most
 * @attempts: what was seen
 * @lost: how often events came faster than they were read
 */
struct watch {
	const struct nlctl *nlctl;
	uint64_t seconds;
	struct attempts *attempts;
	uint64_t lost;
};

static void take_event(const struct event *event, void *data)
{
	attempts_add(data, event);
}

static bool take_events(struct watch *watch, struct netlink *netlink)
{
	const struct event_handlers handlers = { .event = take_event,
						 .data = watch->attempts };
	int error = event_read(netlink, &handlers);

	if (error == -ENOBUFS) {
		watch->lost++;
		error = 0;
	}
	if (error)
		netlink_report(watch->nlctl, netlink);
	return !error;
}

/* What had arrived by the end counts, too; what still comes may be endless. */
static bool drain(struct watch *watch, struct netlink *netlink)
{
	static const struct interrupt closed = INTERRUPT_CLOSED;
	uint64_t end = clock_now() + DRAIN_TIME;

	while (clock_now() < end && interrupt_wait(watch->nlctl, &closed,
						   netlink_descriptor(netlink),
						   0) == INTERRUPT_READY)
		if (!take_events(watch, netlink))
			return false;
	return true;
}

static bool listen_for(struct watch *watch, struct netlink *netlink,
		       const struct interrupt *interrupt)
{
	uint64_t end = clock_now() + watch->seconds * NANOSECONDS_PER_SECOND;
	uint64_t now;

	while ((now = clock_now()) < end) {
		switch (interrupt_wait(watch->nlctl, interrupt,
				       netlink_descriptor(netlink),
				       (end -
					now) / NANOSECONDS_PER_MILLISECOND +
					       1)) {
		case INTERRUPT_FAILED:
			return false;
		case INTERRUPT_READY:
			break;
		default: /* whoever ends the wait wants to see the picture */
			return drain(watch, netlink);
		}
		if (!take_events(watch, netlink))
			return false;
	}
	return true;
}

static bool read_lost(const struct nlctl *nlctl, uint64_t *lost)
{
	struct netlink *netlink = netlink_open(nlctl);
	struct status status = {};
	bool valid;

	if (!netlink)
		return false;
	valid = !read_status(netlink, &status);
	if (valid)
		*lost = status.events_lost;
	else
		netlink_report(nlctl, netlink);
	status_clear(&status);
	netlink_close(netlink);
	return valid;
}

bool watch_attempts(const struct nlctl *nlctl, uint64_t seconds,
		    struct attempts *attempts, uint64_t *lost)
{
	struct watch watch = { nlctl, seconds, attempts, 0 };
	struct netlink *netlink = netlink_open(nlctl);
	uint64_t before = 0, after = 0;
	bool valid = false;
	struct interrupt interrupt = INTERRUPT_CLOSED;

	if (!netlink)
		return false;
	if (!read_lost(nlctl, &before))
		goto out;
	if (event_subscribe(netlink, EVENT_DROPS)) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	if (!interrupt_open(nlctl, &interrupt))
		goto out;
	fputs("listening\n", stderr);
	valid = listen_for(&watch, netlink, &interrupt) &&
		read_lost(nlctl, &after);
	*lost = watch.lost + after - before;

out:
	interrupt_close(&interrupt);
	netlink_close(netlink);
	return valid;
}
