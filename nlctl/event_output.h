/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events as lines for people, and as JSON for programs.
 */
#ifndef NLCTL_EVENT_OUTPUT_H
#define NLCTL_EVENT_OUTPUT_H

#include <jansson.h>
#include <stdint.h>

#include "event.h"

/**
 * event_text() - a packet on which a judgement is reported, as a line
 * @event: the event
 * @count: how many events the line stands for; 1 is not worth a word
 *
 * Return: the line without its end, in colours on a terminal; the caller frees
 * it. What came from outside cannot control a terminal.
 */
char *event_text(const struct event *event, uint64_t count);

/**
 * change_text() - a commit as a line
 * @change: the commit
 *
 * Return: as event_text().
 */
char *change_text(const struct change *change);

/**
 * lost_text() - a line for events that were lost
 * @time: when that was found, in nanoseconds since 1970
 * @count: how many; 0 when nobody knows
 *
 * Return: as event_text().
 */
char *lost_text(uint64_t time, uint64_t count);

/* The same as JSON: new objects with "event" and "time", and what is known. */
json_t *event_json(const struct event *event);
json_t *change_json(const struct change *change);
json_t *lost_json(uint64_t time, uint64_t count);

#endif
