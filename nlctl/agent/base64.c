// SPDX-License-Identifier: GPL-2.0-only
#include "agent/base64.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_decode(const char *text, size_t *length)
{
	char *bytes = xcalloc(strlen(text) / 4 * 3 + 4, 1);
	size_t count = 0, padding = 0, out = 0;
	uint32_t bits = 0;
	const char *digit;

	for (; *text; text++) {
		if (strchr(" \t\r\n", *text))
			continue;
		digit = *text == '=' ? NULL : strchr(digits, *text);
		if ((!digit && *text != '=') || (digit && padding))
			break;
		padding += !digit;
		bits = bits << 6 | (digit ? digit - digits : 0);
		if (++count % 4 == 0) {
			bytes[out++] = bits >> 16;
			bytes[out++] = bits >> 8;
			bytes[out++] = bits;
		}
	}
	if (*text || count % 4 || padding > 2) {
		free(bytes);
		return NULL;
	}
	bytes[out - padding] = '\0';
	*length = out - padding;
	return bytes;
}
