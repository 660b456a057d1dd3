/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cell of a table that is a list.
 */
#ifndef NLCTL_LIST_CELL_H
#define NLCTL_LIST_CELL_H

#include <stddef.h>

#include "output.h"

/**
 * list_cell_append() - append to a text that grows, with a blank in between
 * @text: the text; NULL at first; owned by the caller
 * @format: what is appended, as for printf()
 */
void list_cell_append(char **text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * list_cell_shown() - how many entries of a list a cell shows
 * @table: the table; a wide one shows all
 * @count: length of the list
 */
size_t list_cell_shown(const struct table *table, size_t count);

/* Append how many entries of a list of that length are not shown, if any. */
void list_cell_append_rest(const struct table *table, char **text,
			   size_t count);

/**
 * list_cell_add() - append a text as a cell to a table
 * @table: the table
 * @text: the text, taken over; NULL for a list of nothing
 * @otherwise: the cell of a list of nothing
 */
void list_cell_add(struct table *table, char *text, const char *otherwise);

#endif
