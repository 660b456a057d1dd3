// SPDX-License-Identifier: GPL-2.0-only

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <linux/stdarg.h>

#include "error.h"

/**
 * podwall_error_set - say why a request is refused
 * @error: receives the text
 * @code: the negative errno to return
 * @format: of the text, without a line end
 *
 * Context: Any.
 * Return: @code.
 */
int podwall_error_set(struct podwall_error *error, int code,
		      const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	return code;
}

/**
 * podwall_error_set_attribute - say why a request is refused, and where
 * @error: receives the text
 * @code: the negative errno to return
 * @attribute: the attribute at fault, inside the request
 * @format: of the text, without a line end
 *
 * Context: Any.
 * Return: @code.
 */
int podwall_error_set_attribute(struct podwall_error *error, int code,
				const struct nlattr *attribute,
				const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	NL_SET_BAD_ATTR(error->extack, attribute);
	return code;
}
