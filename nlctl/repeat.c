// SPDX-License-Identifier: GPL-2.0-only
#include "repeat.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "clock.h"
#include "policy/memory.h"

/**
 * struct repeat - one kind of event
 * @key: says the kind; owned
 * @end: when its time is over
 * @count: events that were counted
 * @last: the last of them; zeroes while there is none
 * @hh: links the kinds by @key, in the order of @end
 */
struct repeat {
	char *key;
	uint64_t end;
	uint64_t count;
	struct event last;
	UT_hash_handle hh;
};

static const char *text_or_none(const char *text)
{
	return text ? text : "";
}

/* No key of a pod has a newline, and the origin comes last. */
static char *key_of(const struct event *event)
{
	const struct connection *connection = &event->connection;
	const struct decision *decision = &event->decision;
	char client[NETWORK_TEXT_MAX], server[NETWORK_TEXT_MAX];

	return xasprintf("%d %d %d %d %d\n%s\n%s\n%s\n%s\n%s %u %u\n%s",
			 event->accepted, decision->verdict, decision->mode,
			 decision->direction, decision->reason,
			 text_or_none(decision->pod),
			 text_or_none(event->client_pod),
			 text_or_none(event->server_pod),
			 ip_text(&connection->client, client),
			 ip_text(&connection->server, server),
			 connection->protocol, connection->server_port,
			 text_or_none(decision->origin));
}

static void remove_kind(struct repeats *repeats, struct repeat *kind)
{
	HASH_DEL(repeats->kinds, kind);
	event_clear(&kind->last);
	free(kind->key);
	free(kind);
}

bool repeats_take(struct repeats *repeats, const struct event *event,
		  uint64_t now)
{
	char *key = key_of(event);
	struct repeat *kind;

	HASH_FIND_STR(repeats->kinds, key, kind);
	if (kind) {
		free(key);
		kind->count++;
		event_clear(&kind->last);
		event_copy(&kind->last, event);
		return false;
	}
	kind = xcalloc(1, sizeof(*kind));
	kind->key = key;
	kind->end = now + REPEAT_TIME;
	HASH_ADD_KEYPTR(hh, repeats->kinds, kind->key, strlen(kind->key), kind);
	return true;
}

uint64_t repeats_next(struct repeats *repeats, uint64_t now,
		      struct event *event)
{
	struct repeat *kind;

	while ((kind = repeats->kinds)) {
		uint64_t count = kind->count;

		if (now < kind->end && HASH_COUNT(kind) <= REPEATS_MAX)
			break;
		*event = kind->last;
		kind->last = (struct event){};
		remove_kind(repeats, kind);
		if (count)
			return count;
	}
	return 0;
}

int repeats_wait(const struct repeats *repeats, uint64_t now)
{
	const struct repeat *kind = repeats->kinds;
	uint64_t wait;

	if (!kind)
		return -1;
	if (now >= kind->end)
		return 0;
	wait = (kind->end - now + NANOSECONDS_PER_MILLISECOND - 1) /
	       NANOSECONDS_PER_MILLISECOND;
	return wait < INT_MAX ? wait : INT_MAX;
}

void repeats_clear(struct repeats *repeats)
{
	while (repeats->kinds)
		remove_kind(repeats, repeats->kinds);
}
