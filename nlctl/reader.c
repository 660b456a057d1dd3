// SPDX-License-Identifier: GPL-2.0-only
#include "reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

void reader_refuse(struct reader *reader, const char *key, const char *format,
		   ...)
{
	va_list arguments;
	char *text;

	if (reader->problem)
		return;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = xstrdup("is wrong");
	va_end(arguments);
	reader->problem = xasprintf("%s%s%s %s", reader->path,
				    *reader->path && key ? "." : "",
				    key ? key : "", text);
	free(text);
}

/* Step into an element of a list; the result goes back to reader_leave(). */
size_t reader_enter(struct reader *reader, const char *key, size_t i)
{
	size_t length = strlen(reader->path);

	snprintf(reader->path + length, sizeof(reader->path) - length,
		 "%s%s[%zu]", length ? "." : "", key, i);
	return length;
}

void reader_leave(struct reader *reader, size_t length)
{
	reader->path[length] = '\0';
}

/* A field that the format does not have is a damaged or a newer file. */
void reader_check_keys(struct reader *reader, const json_t *object,
		       const char *const *known)
{
	const char *key;
	json_t *value;
	size_t i;

	if (!json_is_object(object)) {
		reader_refuse(reader, NULL, "is not an object");
		return;
	}
	json_object_foreach((json_t *)object, key, value) {
		for (i = 0; known[i] && strcmp(known[i], key); i++)
			;
		if (!known[i])
			reader_refuse(reader, key,
				      "is not a field of this format");
	}
}

const json_t *reader_value(struct reader *reader, const json_t *object,
			   const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!value)
		reader_refuse(reader, key, "is missing");
	return value;
}

uint64_t reader_number(struct reader *reader, const json_t *object,
		       const char *key, uint64_t min, uint64_t max)
{
	const json_t *value = reader_value(reader, object, key);
	json_int_t number = json_integer_value(value);

	if (reader->problem)
		return min;
	if (!json_is_integer(value) || number < 0 || (uint64_t)number < min ||
	    (uint64_t)number > max) {
		reader_refuse(reader, key, "is not a number from %llu to %llu",
			      (unsigned long long)min, (unsigned long long)max);
		return min;
	}
	return number;
}

/* As the id of a rule set of a pod, 0 stands for null. */
uint32_t reader_id_or_null(struct reader *reader, const json_t *object,
			   const char *key)
{
	if (json_is_null(reader_value(reader, object, key)))
		return 0;
	return reader_number(reader, object, key, 1, UINT32_MAX);
}

bool reader_flag(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = reader_value(reader, object, key);

	if (value && !json_is_boolean(value))
		reader_refuse(reader, key, "is neither true nor false");
	return json_is_true(value);
}

/* The module refuses them as well, but cannot say where they are. */
static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

const char *reader_text(struct reader *reader, const json_t *object,
			const char *key, size_t min, size_t max)
{
	const json_t *value = reader_value(reader, object, key);

	if (reader->problem)
		return "";
	if (!json_is_string(value) || json_string_length(value) < min ||
	    json_string_length(value) > max) {
		reader_refuse(reader, key,
			      "is not a string of %zu to %zu bytes", min, max);
		return "";
	}
	if (has_control(json_string_value(value))) {
		reader_refuse(reader, key, "holds a control character");
		return "";
	}
	return json_string_value(value);
}

unsigned int reader_name(struct reader *reader, const json_t *object,
			 const char *key, enum enumeration enumeration)
{
	const json_t *value = reader_value(reader, object, key);
	unsigned int number = 0;
	char *choices;

	if (json_is_string(value))
		number = name_value(enumeration, json_string_value(value));
	if (number || reader->problem)
		return number;
	choices = name_choices(enumeration);
	reader_refuse(reader, key, "is not %s", choices);
	free(choices);
	return 0;
}

/* The list may be walked with json_array_foreach() in any case. */
const json_t *reader_list(struct reader *reader, const json_t *object,
			  const char *key)
{
	const json_t *value = reader_value(reader, object, key);

	if (value && !json_is_array(value))
		reader_refuse(reader, key, "is not a list");
	return reader->problem ? NULL : value;
}

uint32_t *reader_ids(struct reader *reader, const json_t *object,
		     const char *key, size_t *count)
{
	const json_t *list = reader_list(reader, object, key);
	uint32_t *ids = xcalloc(json_array_size(list), sizeof(*ids));
	json_t *value;
	size_t i;

	*count = json_array_size(list);
	json_array_foreach(list, i, value) {
		json_int_t number = json_integer_value(value);

		if (number < 1 || number > UINT32_MAX)
			reader_refuse(reader, key,
				      "[%zu] is not a number from 1 to %u", i,
				      UINT32_MAX);
		ids[i] = number;
	}
	return ids;
}

struct ip reader_ip(struct reader *reader, const json_t *value, const char *key)
{
	struct ip ip = { .family = AF_INET };

	if (!json_is_string(value) || !ip_parse(json_string_value(value), &ip))
		reader_refuse(reader, key, "is not an address");
	return ip;
}

struct network reader_network(struct reader *reader, const json_t *value,
			      const char *key)
{
	struct network network = { .base.family = AF_INET };

	if (!json_is_string(value) ||
	    !network_parse(json_string_value(value), &network) ||
	    network_mask(&network))
		reader_refuse(reader, key, "is not a block of addresses");
	return network;
}

struct network *reader_networks(struct reader *reader, const json_t *object,
				const char *key, size_t *count)
{
	const json_t *list = reader_list(reader, object, key);
	struct network *networks =
		xcalloc(json_array_size(list), sizeof(*networks));
	json_t *value;
	size_t i;

	*count = json_array_size(list);
	json_array_foreach(list, i, value) {
		size_t length = reader_enter(reader, key, i);

		networks[i] = reader_network(reader, value, NULL);
		reader_leave(reader, length);
	}
	return networks;
}
