// SPDX-License-Identifier: GPL-2.0-only
#include "policy/problem.h"

#include <stdarg.h>
#include <stdlib.h>
#include "policy/memory.h"

void problem_add(struct problems *problems, enum severity severity,
		 const struct place *place, const char *object,
		 const char *field, const char *format, ...)
{
	struct problem *problem;
	va_list arguments;

	if (severity == SEVERITY_ERROR)
		problems->errors++;
	else
		problems->warnings++;
	if (problems->count == PROBLEMS_MAX)
		return;

	problem = array_add(problems->list, problems->count);
	problem->severity = severity;
	if (place) {
		problem->file = place->file ? xstrdup(place->file) : NULL;
		problem->line = place->line;
		problem->document = place->document;
	}
	problem->object = object && *object ? xstrdup(object) : NULL;
	problem->field = field && *field ? xstrdup(field) : NULL;
	va_start(arguments, format);
	problem->text = xvasprintf(format, arguments);
	va_end(arguments);
}

void problem_print(const struct problem *problem, FILE *stream)
{
	if (problem->file) {
		fprintf(stream, "%s:", problem->file);
		if (problem->line)
			fprintf(stream, "%u:", problem->line);
		fputc(' ', stream);
	}
	fputs(problem->severity == SEVERITY_ERROR ? "error: " : "warning: ",
	      stream);
	if (problem->object)
		fprintf(stream, "%s: ", problem->object);
	if (problem->field)
		fprintf(stream, "%s: ", problem->field);
	fputs(problem->text, stream);
	if (problem->document > 1)
		fprintf(stream, " (document %u)", problem->document);
	fputc('\n', stream);
}

void problems_print(const struct problems *problems, FILE *stream)
{
	size_t all = problems->errors + problems->warnings;
	size_t i;

	for (i = 0; i < problems->count; i++)
		problem_print(&problems->list[i], stream);
	if (all > problems->count)
		fprintf(stream, "and %zu more problems\n",
			all - problems->count);
}

void problems_clear(struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++) {
		free(problems->list[i].file);
		free(problems->list[i].object);
		free(problems->list[i].field);
		free(problems->list[i].text);
	}
	free(problems->list);
	*problems = (struct problems){};
}
