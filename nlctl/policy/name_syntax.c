// SPDX-License-Identifier: GPL-2.0-only
#include "policy/name_syntax.h"

#include <stdbool.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const char subdomain_form[] =
	"must be a-z, 0-9, \"-\" and \".\", with a letter or digit at both ends of each part";
static const char label_form[] =
	"must be letters, digits, \"-\", \"_\" and \".\", with a letter or digit at both ends";

/* Whether the first length bytes are of the inner characters, with outer ones
 * at both ends.
 */
static bool is_word(const char *text, size_t length, const char *outer,
		    const char *inner)
{
	return length && strspn(text, inner) >= length &&
	       strchr(outer, text[0]) && strchr(outer, text[length - 1]);
}

static bool is_dns_word(const char *text, size_t length)
{
	return is_word(text, length, LOWER DIGITS, LOWER DIGITS "-");
}

const char *dns_label_wrong(const char *text)
{
	if (strlen(text) > 63)
		return "is longer than 63 characters";
	if (!is_dns_word(text, strlen(text)))
		return "must be a-z, 0-9 and \"-\", with a letter or digit at both ends";
	return NULL;
}

static bool is_subdomain(const char *text, size_t length)
{
	const char *end = text + length;

	for (;;) {
		size_t word = strcspn(text, ".");

		if (word > (size_t)(end - text))
			word = end - text;
		if (!is_dns_word(text, word))
			return false;
		text += word;
		if (text == end)
			return true;
		text++;
	}
}

const char *dns_subdomain_wrong(const char *text)
{
	if (strlen(text) > 253)
		return "is longer than 253 characters";
	if (!is_subdomain(text, strlen(text)))
		return subdomain_form;
	return NULL;
}

static bool is_label_word(const char *text)
{
	return is_word(text, strlen(text), LOWER UPPER DIGITS,
		       LOWER UPPER DIGITS "-_.");
}

const char *label_key_wrong(const char *text)
{
	const char *slash = strchr(text, '/');
	const char *name = slash ? slash + 1 : text;

	if (slash && (slash - text > 253 || !is_subdomain(text, slash - text)))
		return "must have a DNS name in front of its \"/\"";
	if (strlen(name) > 63)
		return "is longer than 63 characters";
	if (!is_label_word(name))
		return label_form;
	return NULL;
}

const char *label_value_wrong(const char *text)
{
	if (strlen(text) > 63)
		return "is longer than 63 characters";
	if (*text && !is_label_word(text))
		return label_form;
	return NULL;
}

const char *port_name_wrong(const char *text)
{
	if (strlen(text) > 15)
		return "is longer than 15 characters, which no port name may be";
	if (!is_dns_word(text, strlen(text)) || strstr(text, "--"))
		return "is no port name: those consist of a-z, 0-9 and single \"-\" between them";
	if (!strpbrk(text, LOWER))
		return "is no port name: those hold a letter; write a number without quotes";
	return NULL;
}
