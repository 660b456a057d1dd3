/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tables for people, JSON for programs.
 */
#ifndef NLCTL_OUTPUT_H
#define NLCTL_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct table - rows of texts in aligned columns; start with zeroes
 * @columns: number of columns
 * @cells: the texts, row by row, the heading first; owned
 * @cell_count: length of @cells
 * @wide: lists inside cells are not cut; set it behind table_begin()
 *
 * A column whose cells below the heading are all numbers is aligned to
 * the right. The last column is not padded.
 */
struct table {
	size_t columns;
	char **cells;
	size_t cell_count;
	bool wide;
};

/**
 * table_add() - append a cell
 * @table: the table
 * @format: the text, as for printf(); control characters become "?", an empty
 *	text becomes "-"
 *
 * Cells given before table_begin() would be lost.
 */
void table_add(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * table_begin() - start a table
 * @table: the table
 * @headings: the headings, separated by tabs
 */
void table_begin(struct table *table, const char *headings);

/**
 * table_print() - print a table to stdout, and free and zero it
 * @table: the table
 */
void table_print(struct table *table);

/**
 * text_escape() - make control characters visible
 * @text: a text that came from outside
 * @keep: control characters that stay, as "\n"
 *
 * A terminal would obey them, also those that UTF-8 writes in two bytes.
 *
 * Return: a copy with \xNN for each such byte, which the caller frees.
 */
char *text_escape(const char *text, const char *keep);

/**
 * text_clean() - replace control characters by "?" in place
 * @text: a text that came from outside
 *
 * Return: @text.
 */
char *text_clean(char *text);

/**
 * json_text() - a string of any bytes as JSON
 * @text: the string; NULL gives null
 *
 * Return: a new value; bytes that are not UTF-8 become U+FFFD.
 */
json_t *json_text(const char *text);

/**
 * json_number() - an unsigned number as JSON
 * @number: the number; what JSON libraries cannot hold becomes INT64_MAX
 *
 * Return: a new value.
 */
json_t *json_number(uint64_t number);

/**
 * output_json() - print a value to stdout, and drop the reference
 * @value: the value
 *
 * Keys are sorted and a newline follows.
 */
void output_json(json_t *value);

/**
 * output_json_line() - print a value on one line, and drop the reference
 * @value: the value
 */
void output_json_line(json_t *value);

#endif
