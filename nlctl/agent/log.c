// SPDX-License-Identifier: GPL-2.0-only
#include "agent/log.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "output.h"
#include "policy/memory.h"

/* What stands for the end of a line that is too long. */
#define CUT_MARK "..."

/* Lines that nobody was told of. */
static unsigned long lost;

/* Whether standard error is read by a process, which may have stopped to. */
static bool is_read_by_process(int descriptor)
{
	struct stat status;

	return !fstat(descriptor, &status) &&
	       (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

/* Whether PIPE_BUF bytes can be written without waiting: a pipe with less room is
 * not ready, and a socket is ready with most of its buffer free only.
 */
static bool has_room(int descriptor)
{
	struct pollfd poller = { .fd = descriptor, .events = POLLOUT };

	return poll(&poller, 1, 0) == 1 && (poller.revents & POLLOUT);
}

/* The journal takes the priority off a line again; nobody else does. */
static char *make_line(const char *priority, const char *text)
{
	return xasprintf("%snlctl: agent: %s",
			 getenv("JOURNAL_STREAM") ? priority : "", text);
}

/* Of the lines that are not there, if any; the caller frees it. */
static char *make_apology(void)
{
	char *text, *line;

	if (!lost)
		return xstrdup("");
	text = lost == 1 ?
		       xstrdup("1 line was lost, since nobody read it") :
		       xasprintf("%lu lines were lost, since nobody read them",
				 lost);
	line = make_line(SD_WARNING, text);
	free(text);
	text = xasprintf("%s\n", line);
	free(line);
	return text;
}

/* Shorten a line to a number of bytes, but not within a character of UTF-8. */
static void cut(char *line, size_t most)
{
	size_t end = most - strlen(CUT_MARK);

	if (strlen(line) <= most)
		return;
	while (end && ((unsigned char)line[end] & 0xc0) == 0x80)
		end--;
	strcpy(line + end, CUT_MARK);
}

/* Nobody is waited for: what enforces the policy must not stand still because a
 * reader of its log does. What is lost is counted, and told of with the next line
 * that goes out, in one write, as there may be room for one only.
 */
static void write_line(char *line)
{
	int descriptor = fileno(stderr);
	bool process = descriptor >= 0 && is_read_by_process(descriptor);
	char *apology, *text;

	if (process && !has_room(descriptor)) {
		lost++;
		return;
	}
	apology = make_apology();
	if (process)
		cut(line, PIPE_BUF - strlen("\n") - strlen(apology));
	text = xasprintf("%s%s\n", apology, line);
	if (fputs(text, stderr) != EOF && fflush(stderr) != EOF)
		lost = 0;
	else
		lost++;
	clearerr(stderr);
	free(text);
	free(apology);
}

static void say(const char *priority, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void say(const char *priority, const char *format, va_list arguments)
{
	char *text = xvasprintf(format, arguments);
	char *clean = text_escape(text, "");
	char *line = make_line(priority, clean);

	write_line(line);
	free(line);
	free(clean);
	free(text);
}

void log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(SD_ERR, format, arguments);
	va_end(arguments);
}

void log_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(SD_WARNING, format, arguments);
	va_end(arguments);
}

void log_notice(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(SD_NOTICE, format, arguments);
	va_end(arguments);
}
