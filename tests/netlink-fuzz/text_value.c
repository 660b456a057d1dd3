// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "text_value.h"

#define BYTES_MAX 65536

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? found - digits : -1;
}

/* Two digits, or -1. */
static int read_byte(struct scan *scan)
{
	int high = digit(scan->at[0]);
	int low = high < 0 ? -1 : digit(scan->at[1]);

	if (low < 0)
		return -1;
	scan->at += 2;
	return high << 4 | low;
}

static void store(struct scan *scan, struct attribute *attribute,
		  const uint8_t *bytes, size_t size)
{
	attribute->form = FORM_BYTES;
	attribute->bytes = arena_copy(scan->arena, bytes, size);
	attribute->size = size;
}

static bool read_bytes(struct scan *scan, struct attribute *attribute)
{
	static uint8_t bytes[BYTES_MAX];
	long long times;
	size_t size = 0;
	int byte;

	while ((byte = read_byte(scan)) >= 0) {
		times = 1;
		if (scan_take(scan, '*') &&
		    (!scan_bounded(scan, 1, BYTES_MAX, &times) ||
		     !scan_take(scan, ',')))
			return scan_fail(scan, "bytes are not understood");
		if (size + times > BYTES_MAX)
			return scan_fail(scan, "too many bytes");
		memset(&bytes[size], byte, times);
		size += times;
	}
	store(scan, attribute, bytes, size);
	return true;
}

static bool read_text(struct scan *scan, struct attribute *attribute)
{
	static uint8_t bytes[BYTES_MAX];
	size_t size = 0;
	int byte;

	while (*scan->at && *scan->at != '\n' && *scan->at != '"') {
		if (size + 1 == BYTES_MAX)
			return scan_fail(scan, "too long a text");
		byte = (uint8_t)*scan->at++;
		if (byte == '\\') {
			byte = scan_take(scan, 'x') ? read_byte(scan) : -1;
			if (byte < 0)
				return scan_fail(scan, "\\xNN is expected");
		}
		bytes[size++] = byte;
	}
	if (!scan_take(scan, '"'))
		return scan_fail(scan, "a text has no end");
	bytes[size++] = '\0';
	store(scan, attribute, bytes, size);
	return true;
}

/* Digits, points and colons, as a text of its own. */
static bool read_address(struct scan *scan, int family, void *out)
{
	char text[INET6_ADDRSTRLEN];
	size_t length = strspn(scan->at, "0123456789abcdef.:");

	if (length >= sizeof(text))
		return false;
	memcpy(text, scan->at, length);
	text[length] = '\0';
	if (inet_pton(family, text, out) != 1)
		return false;
	scan->at += length;
	return true;
}

static bool read_entry(struct scan *scan, struct attribute *attribute)
{
	const struct grammar_attribute *definition = attribute->definition;
	size_t length = scan_name(scan);
	unsigned int i;

	for (i = 0; i < definition->entry_count; i++) {
		const struct grammar_entry *entry = &definition->entries[i];

		if (strlen(entry->name) != length ||
		    memcmp(entry->name, scan->at, length))
			continue;
		attribute->number = entry->value;
		scan->at += length;
		return true;
	}
	return false;
}

static bool read_now(struct scan *scan, struct attribute *attribute)
{
	long long offset = 0;

	scan->at += strlen("now");
	if ((*scan->at == '+' || *scan->at == '-') &&
	    !scan_integer(scan, &offset))
		return false;
	attribute->form = FORM_NOW;
	attribute->number = offset;
	return true;
}

static bool read_number(struct scan *scan, struct attribute *attribute)
{
	struct in_addr in;
	char *end;

	attribute->form = FORM_NUMBER;
	if (read_entry(scan, attribute))
		return true;
	if (!strncmp(scan->at, "now", 3))
		return read_now(scan, attribute);
	if (attribute->definition->address == ADDRESS_IPV4 &&
	    read_address(scan, AF_INET, &in)) {
		attribute->number = ntohl(in.s_addr);
		return true;
	}
	if (!isdigit((unsigned char)*scan->at))
		return scan_fail(scan, "a value is expected");
	attribute->number = strtoull(scan->at, &end, 10);
	scan->at = end;
	return true;
}

bool text_read_value(struct scan *scan, struct attribute *attribute)
{
	const struct grammar_attribute *definition = attribute->definition;
	struct in6_addr in6;

	if (scan_take(scan, '"'))
		return read_text(scan, attribute);
	if (scan_take(scan, 'x'))
		return read_bytes(scan, attribute);
	if (definition && definition->address == ADDRESS_IPV6 &&
	    read_address(scan, AF_INET6, &in6)) {
		store(scan, attribute, in6.s6_addr, sizeof(in6.s6_addr));
		return true;
	}
	if (definition && grammar_width(definition->type))
		return read_number(scan, attribute);
	return scan_fail(scan, "a value is expected");
}
