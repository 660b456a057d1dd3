// SPDX-License-Identifier: GPL-2.0-only
#include "exposition.h"

#include <inttypes.h>

#include "clock.h"
#include "output.h"

void exposition_begin(FILE *out, const char *name, const char *type,
		      const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void exposition_number(FILE *out, const char *name, const char *type,
		       uint64_t value, const char *help)
{
	exposition_begin(out, name, type, help);
	fprintf(out, "%s %" PRIu64 "\n", name, value);
}

void exposition_seconds(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, "%s %llu.%09llu\n", name, value / NANOSECONDS_PER_SECOND,
		value % NANOSECONDS_PER_SECOND);
}

void exposition_duration(FILE *out, const char *name, const char *type,
			 uint64_t value, const char *help)
{
	exposition_begin(out, name, type, help);
	exposition_seconds(out, name, value);
}

/* JSON's library makes it UTF-8, which Prometheus insists on. */
void exposition_label(FILE *out, const char *label, const char *value)
{
	json_t *text = json_text(value);
	const char *byte = json_string_value(text);

	fprintf(out, "%s=\"", label);
	for (; *byte; byte++) {
		if (*byte == '\n')
			fputs("\\n", out);
		else if (*byte == '\\' || *byte == '"')
			fprintf(out, "\\%c", *byte);
		else
			fputc(*byte, out);
	}
	fputc('"', out);
	json_decref(text);
}
