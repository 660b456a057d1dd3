// SPDX-License-Identifier: GPL-2.0-only
#include "agent/notification.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "agent/log.h"
#include "output.h"
#include "policy/memory.h"

/* Between two lines of status, in microseconds. */
#define STATUS_INTERVAL 1000000

/**
 * struct notification - see notification.h
 * @timer: armed for an interval after each line
 * @status: the last line; NULL without
 * @waiting: it was not sent yet
 * @ready: the service manager knows that the agent is up
 */
struct notification {
	sd_event_source *timer;
	char *status;
	bool waiting;
	bool ready;
};

static void send_status(struct notification *notification)
{
	notification->waiting = false;
	sd_notifyf(0, "STATUS=%s", notification->status);
	sd_event_source_set_time_relative(notification->timer, STATUS_INTERVAL);
	sd_event_source_set_enabled(notification->timer, SD_EVENT_ONESHOT);
}

static int pass(sd_event_source *timer, uint64_t now, void *context)
{
	struct notification *notification = context;

	(void)timer;
	(void)now;
	if (notification->waiting)
		send_status(notification);
	return 0;
}

struct notification *notification_new(sd_event *event)
{
	struct notification *notification = xcalloc(1, sizeof(*notification));
	int error;

	/* Only want of memory or of descriptors can be in the way. */
	if (sd_event_add_time(event, &notification->timer, CLOCK_MONOTONIC, 0,
			      0, pass, notification) < 0)
		abort();
	sd_event_source_set_enabled(notification->timer, SD_EVENT_OFF);
	error = sd_event_set_watchdog(event, true);
	if (error < 0)
		log_warning("cannot give the service manager signs of life: %s",
			    strerror(-error));
	return notification;
}

void notification_ready(struct notification *notification)
{
	if (!notification->ready)
		sd_notify(0, "READY=1");
	notification->ready = true;
}

void notification_status(struct notification *notification, const char *format,
			 ...)
{
	va_list arguments;
	char *text, *line;
	int enabled = SD_EVENT_OFF;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	/* A newline would begin another assignment. */
	line = text_escape(text, "");
	free(text);
	if (notification->status && !strcmp(notification->status, line)) {
		free(line);
		return;
	}
	free(notification->status);
	notification->status = line;
	notification->waiting = true;
	sd_event_source_get_enabled(notification->timer, &enabled);
	if (enabled == SD_EVENT_OFF)
		send_status(notification);
}

void notification_stopping(struct notification *notification)
{
	if (notification->waiting)
		send_status(notification);
	sd_notify(0, "STOPPING=1");
}

void notification_free(struct notification *notification)
{
	if (!notification)
		return;
	sd_event_source_disable_unref(notification->timer);
	free(notification->status);
	free(notification);
}
