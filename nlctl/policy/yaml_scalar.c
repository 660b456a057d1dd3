// SPDX-License-Identifier: GPL-2.0-only
#include "policy/yaml_scalar.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Whether text is the word in lower case, in capitals or with one capital. */
static bool is_word(const char *text, const char *word)
{
	bool lower = true, upper = true;
	size_t i;

	if (strcasecmp(text, word))
		return false;
	for (i = 1; text[i]; i++) {
		lower = lower && islower((unsigned char)text[i]);
		upper = upper && isupper((unsigned char)text[i]);
	}
	return lower || (upper && isupper((unsigned char)text[0]));
}

static bool is_any_word(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (is_word(text, *words))
			return true;
	return false;
}

static bool parse_integer(const char *text, json_int_t *value)
{
	bool negative = *text == '-';
	const char *digits = text + (*text == '-' || *text == '+');
	const char *allowed = "0123456789";
	unsigned long long magnitude;
	int base = 10;

	if (digits[0] == '0' && digits[1]) {
		base = 8;
		allowed = "01234567";
		digits++;
		if (*digits == 'x' || *digits == 'X') {
			base = 16;
			allowed = "0123456789abcdefABCDEF";
			digits++;
		} else if (*digits == 'b' || *digits == 'B') {
			base = 2;
			allowed = "01";
			digits++;
		} else if (*digits == 'o' || *digits == 'O') {
			digits++;
		}
	}
	if (!*digits || digits[strspn(digits, allowed)])
		return false;
	errno = 0;
	magnitude = strtoull(digits, NULL, base);
	if (errno || magnitude > (unsigned long long)INT64_MAX)
		return false;
	*value = negative ? -(json_int_t)magnitude : (json_int_t)magnitude;
	return true;
}

/* Digits with a point or an exponent, or both; no names and no hexadecimal. */
static bool parse_float(const char *text, double *value)
{
	const char *at = text + (*text == '-' || *text == '+');
	size_t digits = strspn(at, "0123456789");

	at += digits;
	if (*at == '.') {
		size_t fraction = strspn(++at, "0123456789");

		digits += fraction;
		at += fraction;
	}
	if (!digits)
		return false;
	if (*at == 'e' || *at == 'E') {
		at++;
		at += *at == '-' || *at == '+';
		if (!*at)
			return false;
		at += strspn(at, "0123456789");
	}
	if (*at)
		return false;
	*value = strtod(text, NULL);
	return isfinite(*value);
}

json_t *yaml_scalar(const char *text, size_t length)
{
	static const char *const true_words[] = { "true", "yes", "on", "y",
						  NULL };
	static const char *const false_words[] = { "false", "no", "off", "n",
						   NULL };
	json_int_t integer;
	double real;

	if (!*text || !strcmp(text, "~") || is_word(text, "null"))
		return json_null();
	if (is_any_word(text, true_words))
		return json_true();
	if (is_any_word(text, false_words))
		return json_false();
	if (parse_integer(text, &integer))
		return json_integer(integer);
	if (parse_float(text, &real))
		return json_real(real);
	return json_stringn(text, length);
}
