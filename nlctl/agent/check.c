// SPDX-License-Identifier: GPL-2.0-only
#include "agent/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "output.h"
#include "policy/memory.h"

void checks_pass(struct checks *checks, const char *name)
{
	array_add(checks->list, checks->count)->name = xstrdup(name);
}

void checks_fail(struct checks *checks, const char *name, const char *format,
		 ...)
{
	struct check *check = array_add(checks->list, checks->count);
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	check->name = xstrdup(name);
	check->failure = text_escape(text, "");
	free(text);
}

bool checks_passed(const struct checks *checks)
{
	size_t i;

	for (i = 0; i < checks->count; i++)
		if (checks->list[i].failure)
			return false;
	return true;
}

char *checks_failures(const struct checks *checks, const char *separator)
{
	const char *between = "";
	size_t length, i;
	char *text;
	FILE *out = xopen_memstream(&text, &length);

	for (i = 0; i < checks->count; i++) {
		const struct check *check = &checks->list[i];

		if (!check->failure)
			continue;
		fprintf(out, "%s%s: %s", between, check->name, check->failure);
		between = separator;
	}
	fclose(out);
	return text;
}

char *checks_report(const struct checks *checks, const char *title)
{
	size_t length, i;
	char *text;
	FILE *out = xopen_memstream(&text, &length);

	for (i = 0; i < checks->count; i++) {
		const struct check *check = &checks->list[i];

		if (check->failure)
			fprintf(out, "[-]%s failed: %s\n", check->name,
				check->failure);
		else
			fprintf(out, "[+]%s ok\n", check->name);
	}
	fprintf(out, "%s check %s\n", title,
		checks_passed(checks) ? "passed" : "failed");
	fclose(out);
	return text;
}

void checks_clear(struct checks *checks)
{
	size_t i;

	for (i = 0; i < checks->count; i++) {
		free(checks->list[i].name);
		free(checks->list[i].failure);
	}
	free(checks->list);
	*checks = (struct checks){};
}
