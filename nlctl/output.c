// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

/* Bytes of the control character that @text begins with; 0 when it is none. */
static size_t control_length(const char *text)
{
	unsigned char first = text[0], second = first ? text[1] : 0;

	if (first == 0xc2 && second >= 0x80 && second < 0xa0)
		return 2;
	return iscntrl(first) && first;
}

char *text_escape(const char *text, const char *keep)
{
	char *escaped = xcalloc(strlen(text) + 1, 4);
	size_t length = 0;

	while (*text) {
		size_t control = control_length(text);

		if (!control || strchr(keep, *text)) {
			escaped[length++] = *text++;
			continue;
		}
		for (; control; control--)
			length += sprintf(escaped + length, "\\x%02x",
					  (unsigned char)*text++);
	}
	return escaped;
}

char *text_clean(char *text)
{
	char *byte = text;

	while (*byte) {
		size_t control = control_length(byte);

		if (!control)
			byte++;
		for (; control; control--)
			*byte++ = '?';
	}
	return text;
}

void table_add(struct table *table, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = xstrdup("?");
	va_end(arguments);
	if (!*text) {
		free(text);
		text = xstrdup("-");
	}
	*array_add(table->cells, table->cell_count) = text_clean(text);
}

void table_begin(struct table *table, const char *headings)
{
	*table = (struct table){};
	while (*headings) {
		size_t length = strcspn(headings, "\t");

		table_add(table, "%.*s", (int)length, headings);
		table->columns++;
		headings += length + !!headings[length];
	}
}

/* Characters, not bytes; good enough for names of one column a character. */
static size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void print_cell(const struct table *table, size_t i, size_t width,
		       bool right)
{
	const char *text = table->cells[i];
	size_t padding = width - text_width(text);
	bool last = i % table->columns + 1 == table->columns;

	if (right)
		printf("%*s%s", (int)padding, "", text);
	else
		printf("%s%*s", text, last ? 0 : (int)padding, "");
	fputs(last ? "\n" : "  ", stdout);
}

/* Digits, and perhaps some behind a point. */
static bool is_number(const char *text)
{
	text += strspn(text, "0123456789");
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	return !*text;
}

/* Whether a column has numbers, and else nothing but gaps. */
static bool is_numeric(const struct table *table, size_t column)
{
	bool numbers = false;
	size_t i;

	for (i = table->columns + column; i < table->cell_count;
	     i += table->columns) {
		const char *cell = table->cells[i];

		if (is_number(cell))
			numbers = true;
		else if (strcmp(cell, "-"))
			return false;
	}
	return numbers;
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t width = 0;
	size_t i;

	for (i = column; i < table->cell_count; i += table->columns) {
		size_t cell = text_width(table->cells[i]);

		width = cell > width ? cell : width;
	}
	return width;
}

void table_print(struct table *table)
{
	size_t *widths = xcalloc(table->columns, sizeof(*widths));
	bool *right = xcalloc(table->columns, sizeof(*right));
	size_t i;

	for (i = 0; i < table->columns; i++) {
		widths[i] = column_width(table, i);
		right[i] = is_numeric(table, i);
	}
	for (i = 0; i < table->cell_count; i++) {
		print_cell(table, i, widths[i % table->columns],
			   right[i % table->columns]);
		free(table->cells[i]);
	}
	free(table->cells);
	free(widths);
	free(right);
	*table = (struct table){};
}

json_t *json_text(const char *text)
{
	json_t *value = text ? json_string(text) : json_null();
	size_t length = 0;
	char *clean;

	if (value)
		return value;
	clean = xcalloc(strlen(text) + 1, 3);
	for (; *text; text++) {
		if (isascii(*text))
			clean[length++] = *text;
		else
			length += sprintf(clean + length, "\xef\xbf\xbd");
	}
	value = json_string(clean);
	free(clean);
	return value;
}

json_t *json_number(uint64_t number)
{
	return json_integer(number > INT64_MAX ? INT64_MAX :
						 (json_int_t)number);
}

void output_json(json_t *value)
{
	json_dumpf(value, stdout, JSON_SORT_KEYS | JSON_INDENT(2));
	fputc('\n', stdout);
	json_decref(value);
}

void output_json_line(json_t *value)
{
	json_dumpf(value, stdout, JSON_SORT_KEYS | JSON_COMPACT);
	fputc('\n', stdout);
	json_decref(value);
}
