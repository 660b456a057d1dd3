// SPDX-License-Identifier: GPL-2.0-only

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

__attribute__((__format__(printf, 3, 0))) int
kernel_vsnprintf(char *text, size_t size, const char *format,
		 va_list arguments);
__attribute__((__format__(printf, 3, 4))) int
kernel_snprintf(char *text, size_t size, const char *format, ...);
__attribute__((__format__(printf, 3, 4))) int
kernel_scnprintf(char *text, size_t size, const char *format, ...);

/* What "%pI4" and "%pI6c" take of a format, behind the "%p"; 0 for others. */
static size_t address_length(const char *rest, int *family)
{
	*family = rest[0] == 'I' && rest[1] == '4' ? AF_INET : AF_INET6;
	if (!strncmp(rest, "I4", 2))
		return 2;
	return strncmp(rest, "I6c", 3) ? 0 : 3;
}

/*
 * The C library prints the rest. A copy of the format, in which addresses have
 * become texts, would need a second list of arguments; instead each piece of
 * the format is printed with its own arguments.
 */
static int print_piece(char *text, size_t size, const char *piece,
		       va_list *arguments)
{
	const char *type = piece + strlen(piece) - 1;
	char address[INET6_ADDRSTRLEN];
	int family, width = -1, precision = -1;
	size_t stars = 0;
	const char *c;

	for (c = piece; *c; c++)
		stars += *c == '*';
	if (stars > 1)
		width = va_arg(*arguments, int);
	if (stars > 0)
		precision = va_arg(*arguments, int);
#define PRINT(value)                                                        \
	(stars > 1 ? snprintf(text, size, piece, width, precision, value) : \
	 stars	   ? snprintf(text, size, piece, precision, value) :        \
		     snprintf(text, size, piece, value))
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (address_length(piece + 2, &family) && piece[1] == 'p')
		return snprintf(text, size, "%s",
				inet_ntop(family, va_arg(*arguments, void *),
					  address, sizeof(address)));
	switch (*type) {
	case 's':
	case 'p':
		return PRINT(va_arg(*arguments, void *));
	case 'c':
		return PRINT(va_arg(*arguments, int));
	default:
		if (strstr(piece, "ll"))
			return PRINT(va_arg(*arguments, long long));
		if (strchr(piece, 'l') || strchr(piece, 'z'))
			return PRINT(va_arg(*arguments, long));
		return PRINT(va_arg(*arguments, int));
	}
#pragma GCC diagnostic pop
#undef PRINT
}

/* The end of the conversion that a per cent sign begins. */
static const char *conversion_end(const char *format)
{
	int family;

	format += 1 + strspn(format + 1, "-+ #0123456789.*lhz");
	if (*format == 'p')
		return format + 1 + address_length(format + 1, &family);
	return *format ? format + 1 : format;
}

int kernel_vsnprintf(char *text, size_t size, const char *format,
		     va_list arguments)
{
	size_t length = 0;
	va_list rest;

	va_copy(rest, arguments);
	while (*format) {
		const char *end = format + 1;
		size_t left = length < size ? size - length : 0;
		char piece[32];

		if (*format == '%' && format[1] != '%') {
			end = conversion_end(format);
			if ((size_t)(end - format) >= sizeof(piece))
				abort();
			memcpy(piece, format, end - format);
			piece[end - format] = '\0';
			length += print_piece(left ? text + length : NULL, left,
					      piece, &rest);
		} else {
			end += *format == '%';
			if (left > 1)
				text[length] = *format;
			if (left)
				text[length + (left > 1)] = '\0';
			length++;
		}
		format = end;
	}
	if (size && !length)
		*text = '\0';
	va_end(rest);
	return length;
}

int kernel_snprintf(char *text, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = kernel_vsnprintf(text, size, format, arguments);
	va_end(arguments);
	return length;
}

/* Returns what was written, not what would have been. */
int kernel_scnprintf(char *text, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = kernel_vsnprintf(text, size, format, arguments);
	va_end(arguments);
	if (!size)
		return 0;
	return (size_t)length < size ? length : (int)size - 1;
}

ssize_t kernel_strscpy(char *to, const char *from, size_t size)
{
	size_t length = strlen(from);

	if (!size)
		return -E2BIG;
	if (length >= size) {
		memcpy(to, from, size - 1);
		to[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(to, from, length + 1);
	return length;
}
