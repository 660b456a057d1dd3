// SPDX-License-Identifier: GPL-2.0-only
#include "agent/connections.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "policy/memory.h"

/* How late a timer may be, in microseconds. */
#define TIMER_ACCURACY 1000

/**
 * struct connection - one that is open
 * @descriptor: its socket
 * @deadline: when it is cut off, in microseconds of CLOCK_MONOTONIC
 * @cut: it was
 * @before: the one that is older; NULL without
 * @after: the one that is younger; NULL without
 */
struct connection {
	int descriptor;
	uint64_t deadline;
	bool cut;
	struct connection *before;
	struct connection *after;
};

/**
 * struct connections - see connections.h
 * @event: the loop
 * @timer: deadline of the oldest
 * @count_max: how many may be open
 * @time: how long each may be, in microseconds
 * @oldest: connection; NULL without
 * @youngest: connection; NULL without
 * @count: those that are open and were not cut off
 */
struct connections {
	sd_event *event;
	sd_event_source *timer;
	unsigned int count_max;
	uint64_t time;
	struct connection *oldest;
	struct connection *youngest;
	unsigned int count;
};

/* Of those that were not cut off. */
static struct connection *oldest_of(const struct connections *connections)
{
	struct connection *connection = connections->oldest;

	while (connection && connection->cut)
		connection = connection->after;
	return connection;
}

/* Its owner finds the end of it, and closes it. */
static void cut(struct connections *connections, struct connection *connection)
{
	connection->cut = true;
	connections->count--;
	shutdown(connection->descriptor, SHUT_RDWR);
}

static void set_timer(struct connections *connections)
{
	const struct connection *connection = oldest_of(connections);

	if (connection)
		sd_event_source_set_time(connections->timer,
					 connection->deadline);
	sd_event_source_set_enabled(connections->timer,
				    connection ? SD_EVENT_ONESHOT :
						 SD_EVENT_OFF);
}

static int cut_late(sd_event_source *timer, uint64_t now, void *context)
{
	struct connections *connections = context;
	struct connection *connection;

	(void)timer;
	while ((connection = oldest_of(connections)) &&
	       connection->deadline <= now)
		cut(connections, connection);
	set_timer(connections);
	return 0;
}

struct connections *connections_new(sd_event *event, unsigned int count_max,
				    uint64_t time)
{
	struct connections *connections = xcalloc(1, sizeof(*connections));

	connections->event = sd_event_ref(event);
	connections->count_max = count_max;
	connections->time = time;
	/* Only want of memory or of descriptors can be in the way. */
	if (sd_event_add_time(event, &connections->timer, CLOCK_MONOTONIC, 0,
			      TIMER_ACCURACY, cut_late, connections) < 0)
		abort();
	sd_event_source_set_enabled(connections->timer, SD_EVENT_OFF);
	return connections;
}

struct connection *connections_add(struct connections *connections,
				   int descriptor)
{
	struct connection *connection = xcalloc(1, sizeof(*connection));
	uint64_t now = 0;

	sd_event_now(connections->event, CLOCK_MONOTONIC, &now);
	connection->descriptor = descriptor;
	connection->deadline = now + connections->time;
	connection->before = connections->youngest;
	if (connections->youngest)
		connections->youngest->after = connection;
	else
		connections->oldest = connection;
	connections->youngest = connection;
	connections->count++;
	if (connections->count > connections->count_max)
		cut(connections, oldest_of(connections));
	set_timer(connections);
	return connection;
}

void connections_remove(struct connections *connections,
			struct connection *connection)
{
	if (connection->before)
		connection->before->after = connection->after;
	else
		connections->oldest = connection->after;
	if (connection->after)
		connection->after->before = connection->before;
	else
		connections->youngest = connection->before;
	if (!connection->cut)
		connections->count--;
	free(connection);
	set_timer(connections);
}

void connections_free(struct connections *connections)
{
	if (!connections)
		return;
	sd_event_source_disable_unref(connections->timer);
	sd_event_unref(connections->event);
	free(connections);
}
