// SPDX-License-Identifier: GPL-2.0-only
#include "cni/note.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "output.h"
#include "policy/memory.h"

void note(const char *format, ...)
{
	va_list arguments;
	char *text, *clean;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	clean = text_escape(text, "");
	fprintf(stderr, "podwall-cni: %s\n", clean);
	free(clean);
	free(text);
}
