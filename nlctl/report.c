// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <stdlib.h>

#include "output.h"
#include "policy/memory.h"

void report_problems(const struct problems *problems, FILE *stream)
{
	size_t all = problems->errors + problems->warnings;
	size_t i;

	for (i = 0; i < problems->count; i++) {
		char *text, *clean;
		size_t length;
		FILE *line = xopen_memstream(&text, &length);

		problem_print(&problems->list[i], line);
		fclose(line);
		text[length - 1] = '\0';
		clean = text_escape(text, "");
		fprintf(stream, "%s\n", clean);
		free(clean);
		free(text);
	}
	if (all > problems->count)
		fprintf(stream, "and %zu more problems\n",
			all - problems->count);
}

json_t *report_json(const struct problems *problems)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];

		json_array_append_new(
			list,
			json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "severity",
				  problem->severity == SEVERITY_ERROR ?
					  "error" :
					  "warning",
				  "file", json_text(problem->file), "line",
				  problem->line ? json_number(problem->line) :
						  json_null(),
				  "object", json_text(problem->object), "field",
				  json_text(problem->field), "message",
				  json_text(problem->text)));
	}
	return list;
}
