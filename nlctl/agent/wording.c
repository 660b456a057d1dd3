// SPDX-License-Identifier: GPL-2.0-only
#include "agent/wording.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "policy/memory.h"

#define DIGITS "0123456789"

/* What may follow a count. */
static bool ends(char byte)
{
	return !byte || strchr(" ,;)", byte);
}

char *wording_of(const char *message)
{
	char *text = xstrdup(message);
	const char *from = message;
	char *to = text;

	while (*from) {
		bool begins = from == message || strchr(" (", from[-1]);
		size_t digits = begins ? strspn(from, DIGITS) : 0;

		if (digits && ends(from[digits])) {
			*to++ = '#';
			from += digits;
		} else {
			*to++ = *from++;
		}
	}
	*to = '\0';
	return text;
}
