// SPDX-License-Identifier: GPL-2.0-only
#include "control-sets.h"

#include <errno.h>
#include <libipset/ipset.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "policy/memory.h"

static struct ipset *ipset;
static struct text output;

static int take_output(struct ipset_session *session, void *data,
		       const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int take_output(struct ipset_session *session, void *data,
		       const char *format, ...)
{
	va_list arguments;
	int length = 0;

	(void)session;
	(void)data;
	va_start(arguments, format);
	if (output.stream)
		length = vfprintf(output.stream, format, arguments);
	va_end(arguments);
	return length;
}

/* The program's own would end the process. */
static int refuse(struct ipset *self, void *data, int status,
		  const char *message, ...)
	__attribute__((format(printf, 4, 5)));

static int refuse(struct ipset *self, void *data, int status,
		  const char *message, ...)
{
	(void)self;
	(void)data;
	(void)status;
	(void)message;
	return -1;
}

static int refuse_in_session(struct ipset *self, void *data)
{
	(void)self;
	(void)data;
	return -1;
}

void sets_start(void)
{
	if (ipset)
		return;
	ipset_load_types();
	ipset = ipset_init();
	ipset_custom_printf(ipset, refuse, refuse_in_session, take_output,
			    NULL);
}

char *sets_restore(char *lines)
{
	FILE *stream = fmemopen(lines, strlen(lines), "r");
	char *problem = NULL;

	if (!stream)
		return xasprintf("ipset: fmemopen: %s", strerror(errno));
	if (ipset_parse_stream(ipset, stream))
		problem =
			xasprintf("ipset: %s",
				  ipset_session_report_msg(ipset_session(ipset)));
	fclose(stream);
	ipset_session_report_reset(ipset_session(ipset));
	return problem;
}

bool sets_do(const char *format, const char *text)
{
	char *line = xasprintf(format, text);
	bool good = !ipset_parse_line(ipset, line);

	ipset_session_report_reset(ipset_session(ipset));
	free(line);
	return good;
}

int64_t sets_sum(const char *label)
{
	int64_t sum = 0;
	const char *place;
	char *text;

	text_open(&output);
	sets_do("list %s", "-terse");
	text = text_close(&output);
	output.stream = NULL;
	for (place = text; (place = strstr(place, label));
	     place += strlen(label))
		sum += strtoll(place + strlen(label), NULL, 10);
	free(text);
	return sum;
}
