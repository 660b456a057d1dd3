// SPDX-License-Identifier: GPL-2.0-only
#include "cni/member.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

static bool is_one_of(char character, const char *set)
{
	return character && strchr(set, character);
}

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && is_one_of(*at, " \t\r\n"))
		at++;
	return at;
}

static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at + 1 : end;
}

/* A value is valid, so brackets and braces need no telling apart. */
static const char *skip_value(const char *at, const char *end)
{
	size_t depth = 0;

	do {
		if (*at == '"') {
			at = skip_string(at, end);
			continue;
		}
		if (is_one_of(*at, "[{"))
			depth++;
		else if (is_one_of(*at, "]}"))
			depth--;
		else if (!depth)
			while (at + 1 < end && !is_one_of(at[1], " \t\r\n,]}"))
				at++;
		at++;
	} while (depth && at < end);
	return at;
}

/* A key may be written with escapes. */
static bool is_key(const char *at, const char *end, const char *key)
{
	json_t *value = json_loadb(at, end - at, JSON_DECODE_ANY, NULL);
	bool same = json_is_string(value) &&
		    !strcmp(json_string_value(value), key);

	json_decref(value);
	return same;
}

const char *member_find(const char *text, size_t length, const char *key,
			size_t *size)
{
	const char *end = text + length, *at = skip_space(text, end);
	const char *name, *behind;

	if (at == end || *at != '{')
		return NULL;
	at = skip_space(at + 1, end);
	while (at < end && *at == '"') {
		name = at;
		behind = skip_string(at, end);
		/* The colon. */
		at = skip_space(behind, end);
		at = at < end ? skip_space(at + 1, end) : end;
		if (at == end)
			return NULL;
		if (is_key(name, behind, key)) {
			*size = skip_value(at, end) - at;
			return at;
		}
		at = skip_space(skip_value(at, end), end);
		/* The comma, or the end. */
		at = at < end ? skip_space(at + 1, end) : end;
	}
	return NULL;
}
