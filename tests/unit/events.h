/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An event, for tests to change.
 */
#ifndef UNIT_EVENTS_H
#define UNIT_EVENTS_H

#include "event.h"

/* When it was: 2026-01-31 21:30:00.961 UTC, in ns. */
#define MOMENT 1769895000961000000ull

/* A drop at the egress of default/backend; freed with event_clear(). */
struct event make_event(void);

/* Put a copy of @value, which may be NULL, in the place of an event's text. */
void set_text(char **text, const char *value);

#endif
