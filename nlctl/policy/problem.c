// SPDX-License-Identifier: GPL-2.0-only
#include "policy/problem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

void problem_count(struct problems *problems, enum severity severity)
{
	if (severity == SEVERITY_ERROR)
		problems->errors++;
	else
		problems->warnings++;
}

/* The index after that of the last warning that is kept, or 0. */
static size_t after_warning(const struct problems *problems)
{
	size_t i = problems->count;

	while (i && problems->list[i - 1].severity == SEVERITY_ERROR)
		i--;
	return i;
}

bool problems_full(const struct problems *problems, enum severity severity)
{
	return problems->count == PROBLEMS_MAX &&
	       (severity == SEVERITY_WARNING || !after_warning(problems));
}

/* A copy in which control characters can be seen. */
static char *visible(const char *text)
{
	size_t length;
	char *copy;
	FILE *stream = xopen_memstream(&copy, &length);

	for (; *text; text++) {
		unsigned char byte = *text;

		if (byte < 0x20 || byte == 0x7f)
			fprintf(stream, "\\x%02x", byte);
		else
			fputc(byte, stream);
	}
	fclose(stream);
	return copy;
}

static void problem_clear(struct problem *problem)
{
	free(problem->file);
	free(problem->object);
	free(problem->field);
	free(problem->text);
	*problem = (struct problem){};
}

/* Make room at the end of a list that is not full. */
static struct problem *add_room(struct problems *problems)
{
	size_t index;

	if (problems->count < PROBLEMS_MAX)
		return array_add(problems->list, problems->count);
	index = after_warning(problems);
	problem_clear(&problems->list[index - 1]);
	memmove(&problems->list[index - 1], &problems->list[index],
		(problems->count - index) * sizeof(*problems->list));
	problems->list[problems->count - 1] = (struct problem){};
	return &problems->list[problems->count - 1];
}

void problem_add(struct problems *problems, enum severity severity,
		 const struct place *place, const char *object,
		 const char *field, const char *format, ...)
{
	struct problem *problem;
	va_list arguments;
	char *text;

	problem_count(problems, severity);
	if (problems_full(problems, severity))
		return;

	problem = add_room(problems);
	problem->severity = severity;
	if (place) {
		problem->file = place->file ? xstrdup(place->file) : NULL;
		problem->line = place->line;
		problem->document = place->document;
	}
	problem->object = object && *object ? visible(object) : NULL;
	problem->field = field && *field ? visible(field) : NULL;
	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	problem->text = visible(text);
	free(text);
}

static int compare(const struct problem *a, const struct problem *b)
{
	int order = strcmp(a->file ? a->file : "", b->file ? b->file : "");

	if (order)
		return order;
	return (a->line > b->line) - (a->line < b->line);
}

void problems_sort(struct problems *problems)
{
	size_t i, j;

	/* Few they are, and those of one place keep their order. */
	for (i = 1; i < problems->count; i++) {
		struct problem problem = problems->list[i];

		for (j = i; j && compare(&problems->list[j - 1], &problem) > 0;
		     j--)
			problems->list[j] = problems->list[j - 1];
		problems->list[j] = problem;
	}
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

void problems_move(struct problems *problems, struct problems *from)
{
	size_t i;

	problems->errors += from->errors;
	problems->warnings += from->warnings;
	for (i = 0; i < from->count; i++) {
		if (problems_full(problems, from->list[i].severity))
			continue;
		*add_room(problems) = from->list[i];
		from->list[i] = (struct problem){};
	}
	problems_clear(from);
}

void problems_clear(struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++)
		problem_clear(&problems->list[i]);
	free(problems->list);
	*problems = (struct problems){};
}
