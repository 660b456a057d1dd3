// SPDX-License-Identifier: GPL-2.0-only
#include "list_cell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/memory.h"

void list_cell_append(char **text, const char *format, ...)
{
	va_list arguments;
	char *part, *longer;

	va_start(arguments, format);
	if (vasprintf(&part, format, arguments) < 0)
		part = xstrdup("?");
	va_end(arguments);
	longer =
		xasprintf("%s%s%s", *text ? *text : "", *text ? " " : "", part);
	free(part);
	free(*text);
	*text = longer;
}

/* A cell shows so many entries of a list, unless the table is wide. */
#define ENTRIES_MAX 16

size_t list_cell_shown(const struct table *table, size_t count)
{
	return table->wide || count < ENTRIES_MAX ? count : ENTRIES_MAX;
}

void list_cell_append_rest(const struct table *table, char **text, size_t count)
{
	if (count > list_cell_shown(table, count))
		list_cell_append(text, "and %zu more",
				 count - list_cell_shown(table, count));
}

void list_cell_add(struct table *table, char *text, const char *otherwise)
{
	table_add(table, "%s", text ? text : otherwise);
	free(text);
}
