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

static bool listen_for(struct watch *watch, struct netlink *netlink,
		       const struct interrupt *interrupt)
{
	const struct event_handlers handlers = { .event = take_event,
						 .data = watch->attempts };
	uint64_t end = clock_now() + watch->seconds * NANOSECONDS_PER_SECOND;
	uint64_t now;
	int error;

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
			return true;
		}
		error = event_read(netlink, &handlers);
		if (error == -ENOBUFS) {
			watch->lost++;
		} else if (error) {
			netlink_report(watch->nlctl, netlink);
			return false;
		}
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
