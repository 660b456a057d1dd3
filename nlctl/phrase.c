// SPDX-License-Identifier: GPL-2.0-only
#include "phrase.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "policy/memory.h"

void phrase(enum style style, const char *format, ...)
{
	va_list arguments;
	size_t length;
	bool newline;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	length = strlen(text);
	newline = length && format[strlen(format) - 1] == '\n';
	if (newline)
		text[length - 1] = '\0';
	text_clean(text);
	if (style == STYLE_PLAIN)
		fputs(text, stdout);
	else
		printf("%s%s%s", style_begin(style), text, style_end());
	if (newline)
		putchar('\n');
	free(text);
}
