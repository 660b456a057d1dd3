// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "text.h"

/* A byte that comes so often is told once. */
#define RUN_LEAST 6

const char *const text_headers[HEADER_COUNT] = {
	"flags", "type", "command", "version", "reserved", "stretch", "cut",
};

static size_t run(const uint8_t *bytes, size_t size)
{
	size_t length = 1;

	while (length < size && bytes[length] == bytes[0])
		length++;
	return length;
}

static void write_bytes(FILE *stream, const struct attribute *attribute)
{
	size_t at, length;

	fputc('x', stream);
	for (at = 0; at < attribute->size; at += length) {
		length = run(&attribute->bytes[at], attribute->size - at);
		if (length < RUN_LEAST)
			length = 1;
		fprintf(stream, "%02x", attribute->bytes[at]);
		/* The comma ends the number. */
		if (length > 1)
			fprintf(stream, "*%zu,", length);
	}
}

/* Whether bytes are a text, ended by its only NUL, and short. */
static bool is_text(const struct attribute *attribute)
{
	size_t i;

	if (!attribute->definition ||
	    attribute->definition->type != TYPE_STRING || !attribute->size ||
	    memchr(attribute->bytes, 0, attribute->size) !=
		    &attribute->bytes[attribute->size - 1])
		return false;
	for (i = 0; i < attribute->size; i++)
		if (run(&attribute->bytes[i], attribute->size - i) > 20)
			return false;
	return true;
}

static void write_text(FILE *stream, const struct attribute *attribute)
{
	size_t i;

	fputc('"', stream);
	for (i = 0; i + 1 < attribute->size; i++) {
		uint8_t c = attribute->bytes[i];

		if (c == '"' || c == '\\' || c < ' ' || c > '~')
			fprintf(stream, "\\x%02x", c);
		else
			fputc(c, stream);
	}
	fputc('"', stream);
}

static bool write_address(FILE *stream, const struct attribute *attribute)
{
	enum grammar_address address = attribute->definition->address;
	char text[INET6_ADDRSTRLEN];

	if (address != ADDRESS_IPV6 || attribute->size != ADDRESS_IPV6)
		return false;
	inet_ntop(AF_INET6, attribute->bytes, text, sizeof(text));
	fputs(text, stream);
	return true;
}

static void write_number(FILE *stream, const struct attribute *attribute)
{
	const struct grammar_attribute *definition = attribute->definition;
	uint64_t number = attribute->number;
	unsigned int i;

	for (i = 0; i < definition->entry_count; i++) {
		if (definition->entries[i].value != number)
			continue;
		fputs(definition->entries[i].name, stream);
		return;
	}
	if (definition->address == ADDRESS_IPV4 && number <= UINT32_MAX) {
		struct in_addr in = { htonl(number) };
		char text[INET_ADDRSTRLEN];

		inet_ntop(AF_INET, &in, text, sizeof(text));
		fputs(text, stream);
		return;
	}
	fprintf(stream, "%" PRIu64, number);
}

static void write_list(FILE *stream, const struct list *list,
		       const struct grammar_set *set);

static void write_value(FILE *stream, const struct attribute *attribute)
{
	switch (attribute->form) {
	case FORM_NUMBER:
		write_number(stream, attribute);
		break;
	case FORM_NOW:
		fputs("now", stream);
		if (attribute->number)
			fprintf(stream, "%+" PRId64,
				(int64_t)attribute->number);
		break;
	case FORM_BYTES:
		if (is_text(attribute))
			write_text(stream, attribute);
		else if (!attribute->definition ||
			 !write_address(stream, attribute))
			write_bytes(stream, attribute);
		break;
	case FORM_NEST:
		fputs("{", stream);
		write_list(stream, &attribute->children,
			   attribute_inner(attribute));
		fputs(" }", stream);
		break;
	}
}

static void write_name(FILE *stream, const struct attribute *attribute,
		       const struct grammar_set *set)
{
	const struct grammar_set *own;

	if (!attribute->definition) {
		fprintf(stream, "#%u", attribute->type);
		return;
	}
	own = grammar_set_of(attribute->definition);
	if (own != set)
		fprintf(stream, "%s/", own->name);
	fputs(attribute->definition->name, stream);
}

static void write_list(FILE *stream, const struct list *list,
		       const struct grammar_set *set)
{
	unsigned int i, times;

	for (i = 0; i < list->count; i += times) {
		const struct attribute *attribute = list->items[i];

		fputc(' ', stream);
		write_name(stream, attribute, set);
		if (attribute->flip)
			fputc('!', stream);
		if (attribute->stretch)
			fprintf(stream, "~%+d", attribute->stretch);
		if (attribute->form != FORM_BYTES || attribute->size) {
			fputc('=', stream);
			write_value(stream, attribute);
		}
		for (times = 1; i + times < list->count; times++)
			if (list->items[i + times] != attribute)
				break;
		if (times > 1)
			fprintf(stream, " *%u", times);
	}
}

void text_write(FILE *stream, const struct program *program)
{
	unsigned int i;
	int header;

	for (i = 0; i < program->count; i++) {
		const struct message *message = program->messages[i];

		if (message->closes) {
			fprintf(stream, "%u close\n", message->socket);
			continue;
		}
		fprintf(stream, "%u %s", message->socket,
			message->operation->name);
		for (header = 0; header < HEADER_COUNT; header++)
			if (message->header[header] != HEADER_RIGHT)
				fprintf(stream, " @%s=%" PRId32,
					text_headers[header],
					message->header[header]);
		if (message->sends)
			fputs(" @send", stream);
		if (message->leaves)
			fputs(" @leave", stream);
		write_list(stream, &message->attributes,
			   message->operation->set);
		fputc('\n', stream);
	}
}
