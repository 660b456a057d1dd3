// SPDX-License-Identifier: GPL-2.0-only
#include "policy/memory.h"

#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
	if (!memory) {
		fputs("nlctl: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *xcalloc(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size));
}

void *xreallocarray(void *array, size_t count, size_t size)
{
	return checked(reallocarray(array, count ? count : 1, size));
}

void *xmemdup(const void *memory, size_t length)
{
	if (!length)
		return NULL;
	return memcpy(checked(malloc(length)), memory, length);
}

char *xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *xvasprintf(const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return xstrdup(format);
	text = xcalloc((size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	return text;
}

FILE *xopen_memstream(char **text, size_t *length)
{
	return checked(open_memstream(text, length));
}

void *array_room(void *array, size_t count, size_t size)
{
	if (!(count & (count - 1)))
		array = xreallocarray(array, count ? count * 2 : 1, size);
	memset((char *)array + count * size, 0, size);
	return array;
}
