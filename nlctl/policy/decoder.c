// SPDX-License-Identifier: GPL-2.0-only
#include "policy/decoder.h"

#include <stdlib.h>
#include <string.h>
#include "policy/memory.h"

unsigned int value_line(const struct decoder *decoder,
			const struct value *value)
{
	const struct value *parent = value->parent;

	if (!parent)
		return lines_of(decoder->lines, value->json);
	if (!parent->json)
		return value_line(decoder, parent);
	if (value->key && json_is_object(parent->json)) {
		if (!json_object_get(parent->json, value->key) &&
		    parent->parent)
			return value_line(decoder, parent);
		return lines_of_key(decoder->lines, parent->json, value->key);
	}
	return lines_of_index(decoder->lines, parent->json, value->index);
}

static void write_path(FILE *stream, const struct value *value)
{
	if (!value->parent)
		return;
	write_path(stream, value->parent);
	if (!value->key)
		fprintf(stream, "[%zu]", value->index);
	else if (value->key[strcspn(value->key, "./")])
		fprintf(stream, "[%s]", value->key);
	else
		fprintf(stream, "%s%s", value->parent->parent ? "." : "",
			value->key);
}

static void note(struct decoder *decoder, enum severity severity,
		 const struct value *value, const char *format,
		 va_list arguments)
{
	struct place place = decoder->place;
	char *field, *text;
	FILE *stream;
	size_t length;

	/* The way to a value is long where problems are many. */
	if (problems_full(decoder->problems, severity)) {
		problem_count(decoder->problems, severity);
		return;
	}
	stream = xopen_memstream(&field, &length);
	write_path(stream, value);
	fclose(stream);
	text = xvasprintf(format, arguments);
	place.line = value_line(decoder, value);
	problem_add(decoder->problems, severity, &place, decoder->object, field,
		    "%s", text);
	free(text);
	free(field);
}

void decode_error(struct decoder *decoder, const struct value *value,
		  const char *format, ...)
{
	va_list arguments;

	decoder->failed = true;
	va_start(arguments, format);
	note(decoder, SEVERITY_ERROR, value, format, arguments);
	va_end(arguments);
}

void decode_warning(struct decoder *decoder, const struct value *value,
		    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(decoder, SEVERITY_WARNING, value, format, arguments);
	va_end(arguments);
}

static const char *type_name(const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a truth value";
	case JSON_NULL:
		return "null";
	}
	return "unknown";
}

bool decode_object(struct decoder *decoder, const struct value *value)
{
	if (value->json && !json_is_object(value->json))
		decode_error(decoder, value, "must be an object, not %s",
			     type_name(value->json));
	return json_is_object(value->json);
}

struct value value_member(const struct value *object, const char *key)
{
	struct value member = {
		.parent = object,
		.key = key,
		.json = json_object_get(object->json, key),
	};

	if (json_is_null(member.json))
		member.json = NULL;
	return member;
}

size_t decode_length(struct decoder *decoder, const struct value *array)
{
	if (array->json && !json_is_array(array->json))
		decode_error(decoder, array, "must be a list, not %s",
			     type_name(array->json));
	return json_array_size(array->json);
}

struct value value_element(const struct value *array, size_t index)
{
	struct value element = {
		.parent = array,
		.index = index,
		.json = json_array_get(array->json, index),
	};

	if (json_is_null(element.json))
		element.json = NULL;
	return element;
}

static bool is_known(const char *key, const char *const *known)
{
	for (; *known; known++)
		if (!strcmp(key, *known))
			return true;
	return false;
}

static char *list_names(const char *const *names)
{
	size_t length;
	FILE *stream;
	char *text;
	bool first;

	stream = xopen_memstream(&text, &length);
	for (first = true; *names; names++, first = false)
		fprintf(stream, "%s%s", first ? "" : ", ", *names);
	fclose(stream);
	return text;
}

bool decode_known(struct decoder *decoder, const struct value *object,
		  const char *const *known)
{
	const char *key;
	json_t *json;

	if (!decode_object(decoder, object))
		return false;
	json_object_foreach(object->json, key, json) {
		struct value member = { object, key, 0, json };
		char *names;

		if (is_known(key, known))
			continue;
		names = list_names(known);
		decode_error(decoder, &member, "unknown field; known here: %s",
			     names);
		free(names);
	}
	return true;
}

const char *decode_string(struct decoder *decoder, const struct value *value)
{
	const char *text = json_string_value(value->json);

	if (value->json && !json_is_string(value->json))
		decode_error(decoder, value, "must be a text, not %s%s",
			     type_name(value->json),
			     json_is_object(value->json) ||
					     json_is_array(value->json) ?
				     "" :
				     "; put it in quotes");
	if (text && strlen(text) != json_string_length(value->json)) {
		decode_error(decoder, value,
			     "holds a NUL character; remove it");
		return NULL;
	}
	return text;
}

bool decode_boolean(struct decoder *decoder, const struct value *value)
{
	if (value->json && !json_is_boolean(value->json))
		decode_error(decoder, value, "must be true or false, not %s",
			     type_name(value->json));
	return json_is_true(value->json);
}

unsigned int decode_port(struct decoder *decoder, const struct value *value)
{
	json_int_t port = json_integer_value(value->json);

	if (json_is_integer(value->json) && port >= 1 && port <= 65535)
		return port;
	if (!value->json)
		decode_error(decoder, value, "is missing");
	else if (!json_is_integer(value->json))
		decode_error(decoder, value, "must be a number, not %s",
			     json_is_real(value->json) ?
				     "a fraction" :
				     type_name(value->json));
	else
		decode_error(decoder, value,
			     "%" JSON_INTEGER_FORMAT
			     " is not a port; those are 1 to 65535",
			     port);
	return 0;
}
