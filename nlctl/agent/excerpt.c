// SPDX-License-Identifier: GPL-2.0-only
#include "agent/excerpt.h"

#include <stdbool.h>
#include <string.h>

#include "policy/memory.h"

/*
 * DOC: excerpts
 *
 * To read the JSON of a hundred thousand pods takes ten times as long as all else
 * that is done about them, and most of it is about what nobody asks for. So such
 * members are cut out in front of the parser, by one pass over the text that looks
 * for the ends of strings and of nothing else. In place of a member stands a null:
 *
 *	{"name":"a","managedFields":[{...}],"uid":"b"}
 *	{"name":"a","managedFields":null,"uid":"b"}
 */

static const char *const useless[] = {
	"affinity",	   "containerStatuses", "env",
	"images",	   "livenessProbe",	"managedFields",
	"ownerReferences", "readinessProbe",	"resources",
	"securityContext", "startupProbe",	"tolerations",
	"volumeMounts",	   "volumes",
};

/* What stands for what was cut out; so an excerpt is never the longer one. */
static const char nothing[] = "null";
#define NOTHING_LENGTH (sizeof(nothing) - 1)

/* Behind the string that begins at @at; @end when it does not end. */
static const char *skip_string(const char *at, const char *end)
{
	at++;
	while (at < end && *at != '"') {
		if (*at == '\\')
			at++;
		at++;
	}
	return at < end ? at + 1 : end;
}

/* Behind the object or list that begins at @at; NULL when it does not end. */
static const char *skip_value(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		switch (*at) {
		case '"':
			at = skip_string(at, end);
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (!--depth)
				return at + 1;
			break;
		}
		at++;
	}
	return NULL;
}

static bool is_useless(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof(useless) / sizeof(*useless); i++)
		if (!strncmp(useless[i], name, length) && !useless[i][length])
			return true;
	return false;
}

static const char *skip_space(const char *at, const char *end)
{
	while (at < end &&
	       (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return at;
}

/* The object or list that is the value of the member whose name was passed over;
 * NULL when it was none, or has another value.
 */
static const char *find_value(const char *at, const char *end)
{
	at = skip_space(at, end);
	if (at == end || *at != ':')
		return NULL;
	at = skip_space(at + 1, end);
	return at < end && (*at == '{' || *at == '[') ? at : NULL;
}

char *excerpt_make(const char *text, size_t length, size_t *excerpt_length)
{
	const char *end = text + length, *from = text, *at = text;
	char *excerpt = xreallocarray(NULL, length + 1, 1), *to = excerpt;
	const char *name, *value, *behind;

	while ((name = memchr(at, '"', end - at))) {
		at = skip_string(name, end);
		value = find_value(at, end);
		if (!value || !is_useless(name + 1, at - name - 2))
			continue;
		behind = skip_value(value, end);
		if (!behind)
			break;
		at = behind;
		if ((size_t)(behind - value) < NOTHING_LENGTH)
			continue;
		to = mempcpy(to, from, value - from);
		to = mempcpy(to, nothing, NOTHING_LENGTH);
		from = behind;
	}
	to = mempcpy(to, from, end - from);
	*to = 0;
	*excerpt_length = to - excerpt;
	return excerpt;
}
