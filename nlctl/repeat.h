/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events that say the same again.
 *
 * What is denied is tried again, and a line for each try says nothing new. The
 * first event of a kind is told at once; what repeats it within five seconds is
 * counted, and told as one when they are over:
 *
 *	at  0.0 s  a -> b 80/tcp from port 1111   told
 *	at  1.0 s  a -> b 80/tcp from port 1111   counted
 *	at  1.5 s  a -> c 80/tcp from port 2222   told: another server
 *	at  3.0 s  a -> b 80/tcp from port 3333   counted: another client port
 *	at  5.0 s                                 told: a -> b 80/tcp twice more
 *	at  6.0 s  a -> b 80/tcp from port 3333   told
 */
#ifndef NLCTL_REPEAT_H
#define NLCTL_REPEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

/* How long repeats of an event are held back, in nanoseconds. */
#define REPEAT_TIME 5000000000ull

/* How many kinds of events are remembered at most. */
#define REPEATS_MAX 4096

struct repeat;

/**
 * struct repeats - what was told lately; start with zeroes
 * @kinds: one for each kind of event, the oldest first; owned
 */
struct repeats {
	struct repeat *kinds;
};

/**
 * repeats_take() - take an event in
 * @repeats: what was told lately
 * @event: the event; copied
 * @now: the time, in nanoseconds of any clock that goes forward
 *
 * Of the same kind are events of the same ends, protocol and server port, of one
 * direction and reason, by one origin, with the same outcome; from whatever port
 * of the client.
 *
 * Return: true when it is to be told now; false when it is counted.
 */
bool repeats_take(struct repeats *repeats, const struct event *event,
		  uint64_t now);

/**
 * repeats_next() - take out what is to be told of repeats
 * @repeats: what was told lately
 * @now: the time; UINT64_MAX for the end of all time
 * @event: receives the last of the events that were counted; freed by the caller
 *	with event_clear()
 *
 * To be called until it returns 0, before the next repeats_take().
 *
 * Return: how many events there were; 0 when there is nothing to tell.
 */
uint64_t repeats_next(struct repeats *repeats, uint64_t now,
		      struct event *event);

/**
 * repeats_wait() - when to call repeats_next() again
 * @repeats: what was told lately
 * @now: the time
 *
 * Return: milliseconds from now on; -1 when there is nothing to wait for.
 */
int repeats_wait(const struct repeats *repeats, uint64_t now);

/* Forget everything. */
void repeats_clear(struct repeats *repeats);

#endif
