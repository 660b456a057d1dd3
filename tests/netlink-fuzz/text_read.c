// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define TIMES_MAX 4096
#define BYTES_MAX 65536
#define DEPTH_MAX 2000

/**
 * struct reader - where in the text it is
 * @at: what comes next
 * @arena: of the program
 * @wrong: what is wrong, once something is
 * @depth: nests around it
 */
struct reader {
	const char *at;
	struct arena *arena;
	const char *wrong;
	unsigned int depth;
};

static bool fail(struct reader *reader, const char *wrong)
{
	if (!reader->wrong)
		reader->wrong = wrong;
	return false;
}

static void skip_blanks(struct reader *reader)
{
	while (*reader->at == ' ' || *reader->at == '\t')
		reader->at++;
}

static bool take(struct reader *reader, char c)
{
	if (*reader->at != c)
		return false;
	reader->at++;
	return true;
}

static size_t name_length(const char *at)
{
	size_t length = 0;

	while (isalnum((unsigned char)at[length]) || at[length] == '-')
		length++;
	return length;
}

static bool read_integer(struct reader *reader, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(reader->at, &end, 10);
	if (end == reader->at || errno)
		return fail(reader, "a number is expected");
	reader->at = end;
	return true;
}

static bool read_bounded(struct reader *reader, long long least, long long most,
			 long long *number)
{
	if (!read_integer(reader, number))
		return false;
	if (*number < least || *number > most)
		return fail(reader, "a number is out of range");
	return true;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? found - digits : -1;
}

/* Two digits, or -1. */
static int read_byte(struct reader *reader)
{
	int high = digit(reader->at[0]);
	int low = high < 0 ? -1 : digit(reader->at[1]);

	if (low < 0)
		return -1;
	reader->at += 2;
	return high << 4 | low;
}

static void store(struct reader *reader, struct attribute *attribute,
		  const uint8_t *bytes, size_t size)
{
	attribute->form = FORM_BYTES;
	attribute->bytes = arena_copy(reader->arena, bytes, size);
	attribute->size = size;
}

static bool read_bytes(struct reader *reader, struct attribute *attribute)
{
	static uint8_t bytes[BYTES_MAX];
	long long times;
	size_t size = 0;
	int byte;

	while ((byte = read_byte(reader)) >= 0) {
		times = 1;
		if (take(reader, '*') &&
		    (!read_bounded(reader, 1, BYTES_MAX, &times) ||
		     !take(reader, ',')))
			return fail(reader, "bytes are not understood");
		if (size + times > BYTES_MAX)
			return fail(reader, "too many bytes");
		memset(&bytes[size], byte, times);
		size += times;
	}
	store(reader, attribute, bytes, size);
	return true;
}

static bool read_text(struct reader *reader, struct attribute *attribute)
{
	static uint8_t bytes[BYTES_MAX];
	size_t size = 0;
	int byte;

	while (*reader->at && *reader->at != '\n' && *reader->at != '"') {
		if (size + 1 == BYTES_MAX)
			return fail(reader, "too long a text");
		byte = (uint8_t)*reader->at++;
		if (byte == '\\') {
			byte = take(reader, 'x') ? read_byte(reader) : -1;
			if (byte < 0)
				return fail(reader, "\\xNN is expected");
		}
		bytes[size++] = byte;
	}
	if (!take(reader, '"'))
		return fail(reader, "a text has no end");
	bytes[size++] = '\0';
	store(reader, attribute, bytes, size);
	return true;
}

/* Digits, points and colons, as a text of its own. */
static bool read_address(struct reader *reader, int family, void *out)
{
	char text[INET6_ADDRSTRLEN];
	size_t length = strspn(reader->at, "0123456789abcdef.:");

	if (length >= sizeof(text))
		return false;
	memcpy(text, reader->at, length);
	text[length] = '\0';
	if (inet_pton(family, text, out) != 1)
		return false;
	reader->at += length;
	return true;
}

static bool read_entry(struct reader *reader, struct attribute *attribute)
{
	const struct grammar_attribute *definition = attribute->definition;
	size_t length = name_length(reader->at);
	unsigned int i;

	for (i = 0; i < definition->entry_count; i++) {
		const struct grammar_entry *entry = &definition->entries[i];

		if (strlen(entry->name) != length ||
		    memcmp(entry->name, reader->at, length))
			continue;
		attribute->number = entry->value;
		reader->at += length;
		return true;
	}
	return false;
}

static bool read_now(struct reader *reader, struct attribute *attribute)
{
	long long offset = 0;

	reader->at += strlen("now");
	if ((*reader->at == '+' || *reader->at == '-') &&
	    !read_integer(reader, &offset))
		return false;
	attribute->form = FORM_NOW;
	attribute->number = offset;
	return true;
}

static bool read_number(struct reader *reader, struct attribute *attribute)
{
	struct in_addr in;
	char *end;

	attribute->form = FORM_NUMBER;
	if (read_entry(reader, attribute))
		return true;
	if (!strncmp(reader->at, "now", 3))
		return read_now(reader, attribute);
	if (attribute->definition->address == ADDRESS_IPV4 &&
	    read_address(reader, AF_INET, &in)) {
		attribute->number = ntohl(in.s_addr);
		return true;
	}
	if (!isdigit((unsigned char)*reader->at))
		return fail(reader, "a value is expected");
	attribute->number = strtoull(reader->at, &end, 10);
	reader->at = end;
	return true;
}

static bool read_list(struct reader *reader, struct list *list,
		      const struct grammar_set *set, char last);

static bool read_value(struct reader *reader, struct attribute *attribute)
{
	const struct grammar_attribute *definition = attribute->definition;
	struct in6_addr in6;

	if (take(reader, '{')) {
		attribute->form = FORM_NEST;
		if (++reader->depth > DEPTH_MAX)
			return fail(reader, "too deep");
		if (!read_list(reader, &attribute->children,
			       attribute_inner(attribute), '}'))
			return false;
		reader->depth--;
		reader->at++;
		return true;
	}
	if (take(reader, '"'))
		return read_text(reader, attribute);
	if (take(reader, 'x'))
		return read_bytes(reader, attribute);
	if (definition && definition->address == ADDRESS_IPV6 &&
	    read_address(reader, AF_INET6, &in6)) {
		store(reader, attribute, in6.s6_addr, sizeof(in6.s6_addr));
		return true;
	}
	if (definition && grammar_width(definition->type))
		return read_number(reader, attribute);
	return fail(reader, "a value is expected");
}

/* NAME, SET/NAME or #NUMBER. */
static struct attribute *read_name(struct reader *reader,
				   const struct grammar_set *set)
{
	const struct grammar_attribute *definition = NULL;
	struct attribute *attribute;
	long long type = 0;
	size_t length;

	if (take(reader, '#')) {
		if (!read_bounded(reader, 0, UINT16_MAX, &type))
			return NULL;
	} else {
		length = name_length(reader->at);
		if (reader->at[length] == '/') {
			set = grammar_find_set(reader->at, length);
			reader->at += length + 1;
			length = name_length(reader->at);
		}
		definition = grammar_find_attribute(set, reader->at, length);
		if (!definition) {
			fail(reader, "no such attribute");
			return NULL;
		}
		reader->at += length;
	}
	attribute = attribute_new(reader->arena, definition);
	attribute->type = type;
	return attribute;
}

static bool read_attribute(struct reader *reader, struct list *list,
			   const struct grammar_set *set)
{
	struct attribute *attribute = read_name(reader, set);
	long long stretch = 0;

	if (!attribute)
		return false;
	attribute->flip = take(reader, '!');
	if (take(reader, '~') &&
	    !read_bounded(reader, -UINT16_MAX, UINT16_MAX, &stretch))
		return false;
	attribute->stretch = stretch;
	if (take(reader, '=') && !read_value(reader, attribute))
		return false;
	list_append(reader->arena, list, attribute);
	return true;
}

/* Up to the line's end or a brace, which stays. */
static bool read_list(struct reader *reader, struct list *list,
		      const struct grammar_set *set, char last)
{
	long long times;

	for (;;) {
		skip_blanks(reader);
		if (*reader->at == last)
			return true;
		if (!*reader->at || *reader->at == '\n')
			return fail(reader, "the line breaks off");
		if (list->count && take(reader, '*')) {
			if (!read_bounded(reader, 1, TIMES_MAX, &times))
				return false;
			while (--times)
				list_append(reader->arena, list,
					    list->items[list->count - 1]);
		} else if (!read_attribute(reader, list, set)) {
			return false;
		}
	}
}

static bool read_modifier(struct reader *reader, struct message *message)
{
	size_t length = name_length(reader->at);
	const char *name = reader->at;
	long long number;
	int header;

	reader->at += length;
	if (length == strlen("send") && !strncmp(name, "send", length))
		return message->sends = true;
	if (length == strlen("leave") && !strncmp(name, "leave", length))
		return message->leaves = true;
	for (header = 0; header < HEADER_COUNT; header++) {
		if (strlen(text_headers[header]) != length ||
		    strncmp(name, text_headers[header], length))
			continue;
		if (!take(reader, '=') ||
		    !read_bounded(reader, -INT32_MAX, INT32_MAX, &number))
			return fail(reader, "a number is expected");
		message->header[header] = number;
		return true;
	}
	return fail(reader, "no such modifier");
}

static bool read_message(struct reader *reader, struct program *program)
{
	const struct grammar_operation *operation;
	struct message *message;
	long long socket;
	size_t length;

	if (!read_bounded(reader, 0, SOCKETS - 1, &socket))
		return false;
	skip_blanks(reader);
	length = name_length(reader->at);
	operation = grammar_find_operation(reader->at, length);
	message = message_new(reader->arena, socket, operation);
	message->closes = length == strlen("close") &&
			  !strncmp(reader->at, "close", length);
	if (!operation && !message->closes)
		return fail(reader, "no such operation");
	reader->at += length;
	skip_blanks(reader);
	while (take(reader, '@')) {
		if (!read_modifier(reader, message))
			return false;
		skip_blanks(reader);
	}
	if (!read_list(reader, &message->attributes,
		       operation ? operation->set : NULL, '\n'))
		return false;
	if (!program_insert(program, program->count, message))
		return fail(reader, "too many messages");
	return true;
}

bool text_read(const char *text, struct program *program, const char **wrong)
{
	struct reader reader = { .at = text };

	*program = (struct program){};
	reader.arena = &program->arena;
	while (!reader.wrong && *reader.at) {
		skip_blanks(&reader);
		if (*reader.at == '#')
			reader.at += strcspn(reader.at, "\n");
		else if (*reader.at != '\n')
			read_message(&reader, program);
		if (*reader.at == '\n')
			reader.at++;
	}
	*wrong = reader.wrong;
	if (reader.wrong)
		program_free(program);
	return !reader.wrong;
}
