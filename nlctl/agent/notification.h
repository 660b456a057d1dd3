/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the service manager is told; nothing happens without one.
 */
#ifndef NLCTL_AGENT_NOTIFICATION_H
#define NLCTL_AGENT_NOTIFICATION_H

#include <systemd/sd-event.h>

struct notification;

/**
 * notification_new() - prepare to tell the service manager
 * @event: the loop
 *
 * If the service manager wants signs of life, the loop gives them from now on.
 *
 * Return: a new object, freed with notification_free().
 */
struct notification *notification_new(sd_event *event);

/**
 * notification_ready() - tell that the agent is up; only the first call counts
 * @notification: the object
 */
void notification_ready(struct notification *notification);

/**
 * notification_status() - tell what it does, in a line
 * @notification: the object
 * @format: as for printf(): "1,204 pods, generation 77"
 *
 * At most one a second is sent, the last one in any case.
 */
void notification_status(struct notification *notification, const char *format,
			 ...) __attribute__((format(printf, 2, 3)));

/**
 * notification_stopping() - tell that the agent ends
 * @notification: the object
 */
void notification_stopping(struct notification *notification);

/**
 * notification_free() - free the object
 * @notification: the object, or NULL
 */
void notification_free(struct notification *notification);

#endif
