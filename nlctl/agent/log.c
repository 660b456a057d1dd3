// SPDX-License-Identifier: GPL-2.0-only
#include "agent/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "output.h"
#include "policy/memory.h"

/* The journal takes the priority off a line again; nobody else does. */
static void write_line(const char *priority, const char *format,
		       va_list arguments) __attribute__((format(printf, 2, 0)));

static void write_line(const char *priority, const char *format,
		       va_list arguments)
{
	char *text = xvasprintf(format, arguments);
	char *clean = text_escape(text, "");

	fprintf(stderr, "%snlctl: agent: %s\n",
		getenv("JOURNAL_STREAM") ? priority : "", clean);
	free(clean);
	free(text);
}

void log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(SD_ERR, format, arguments);
	va_end(arguments);
}

void log_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(SD_WARNING, format, arguments);
	va_end(arguments);
}

void log_notice(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(SD_NOTICE, format, arguments);
	va_end(arguments);
}
