// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "text.h"
#include "text_scan.h"
#include "text_value.h"

#define TIMES_MAX 4096
#define DEPTH_MAX 2000

static bool read_list(struct scan *scan, struct list *list,
		      const struct grammar_set *set, char last);

static bool read_nest(struct scan *scan, struct attribute *attribute)
{
	attribute->form = FORM_NEST;
	if (++scan->depth > DEPTH_MAX)
		return scan_fail(scan, "too deep");
	if (!read_list(scan, &attribute->children, attribute_inner(attribute),
		       '}'))
		return false;
	scan->depth--;
	scan->at++;
	return true;
}

static bool read_value(struct scan *scan, struct attribute *attribute)
{
	return scan_take(scan, '{') ? read_nest(scan, attribute) :
				      text_read_value(scan, attribute);
}

/* NAME, SET/NAME or #NUMBER. */
static struct attribute *read_name(struct scan *scan,
				   const struct grammar_set *set)
{
	const struct grammar_attribute *definition = NULL;
	struct attribute *attribute;
	long long type = 0;
	size_t length;

	if (scan_take(scan, '#')) {
		if (!scan_bounded(scan, 0, UINT16_MAX, &type))
			return NULL;
	} else {
		length = scan_name(scan);
		if (scan->at[length] == '/') {
			set = grammar_find_set(scan->at, length);
			scan->at += length + 1;
			length = scan_name(scan);
		}
		definition = grammar_find_attribute(set, scan->at, length);
		if (!definition) {
			scan_fail(scan, "no such attribute");
			return NULL;
		}
		scan->at += length;
	}
	attribute = attribute_new(scan->arena, definition);
	attribute->type = type;
	return attribute;
}

static bool read_attribute(struct scan *scan, struct list *list,
			   const struct grammar_set *set)
{
	struct attribute *attribute = read_name(scan, set);
	long long stretch = 0;

	if (!attribute)
		return false;
	attribute->flip = scan_take(scan, '!');
	if (scan_take(scan, '~') &&
	    !scan_bounded(scan, -UINT16_MAX, UINT16_MAX, &stretch))
		return false;
	attribute->stretch = stretch;
	if (scan_take(scan, '=') && !read_value(scan, attribute))
		return false;
	list_append(scan->arena, list, attribute);
	return true;
}

/* Up to the line's end or a brace, which stays. */
static bool read_list(struct scan *scan, struct list *list,
		      const struct grammar_set *set, char last)
{
	long long times;

	for (;;) {
		scan_blanks(scan);
		if (*scan->at == last)
			return true;
		if (!*scan->at || *scan->at == '\n')
			return scan_fail(scan, "the line breaks off");
		if (list->count && scan_take(scan, '*')) {
			if (!scan_bounded(scan, 1, TIMES_MAX, &times))
				return false;
			while (--times)
				list_append(scan->arena, list,
					    list->items[list->count - 1]);
		} else if (!read_attribute(scan, list, set)) {
			return false;
		}
	}
}

static bool read_modifier(struct scan *scan, struct message *message)
{
	size_t length = scan_name(scan);
	const char *name = scan->at;
	long long number;
	int header;

	scan->at += length;
	if (length == strlen("send") && !strncmp(name, "send", length))
		return message->sends = true;
	if (length == strlen("leave") && !strncmp(name, "leave", length))
		return message->leaves = true;
	for (header = 0; header < HEADER_COUNT; header++) {
		if (strlen(text_headers[header]) != length ||
		    strncmp(name, text_headers[header], length))
			continue;
		if (!scan_take(scan, '=') ||
		    !scan_bounded(scan, -INT32_MAX, INT32_MAX, &number))
			return scan_fail(scan, "a number is expected");
		message->header[header] = number;
		return true;
	}
	return scan_fail(scan, "no such modifier");
}

static bool read_message(struct scan *scan, struct program *program)
{
	const struct grammar_operation *operation;
	struct message *message;
	long long socket;
	size_t length;

	if (!scan_bounded(scan, 0, SOCKETS - 1, &socket))
		return false;
	scan_blanks(scan);
	length = scan_name(scan);
	operation = grammar_find_operation(scan->at, length);
	message = message_new(scan->arena, socket, operation);
	message->closes = length == strlen("close") &&
			  !strncmp(scan->at, "close", length);
	if (!operation && !message->closes)
		return scan_fail(scan, "no such operation");
	scan->at += length;
	scan_blanks(scan);
	while (scan_take(scan, '@')) {
		if (!read_modifier(scan, message))
			return false;
		scan_blanks(scan);
	}
	if (!read_list(scan, &message->attributes,
		       operation ? operation->set : NULL, '\n'))
		return false;
	if (!program_insert(program, program->count, message))
		return scan_fail(scan, "too many messages");
	return true;
}

bool text_read(const char *text, struct program *program, const char **wrong)
{
	struct scan scan = { .at = text };

	*program = (struct program){};
	scan.arena = &program->arena;
	while (!scan.wrong && *scan.at) {
		scan_blanks(&scan);
		if (*scan.at == '#')
			scan.at += strcspn(scan.at, "\n");
		else if (*scan.at != '\n')
			read_message(&scan, program);
		if (*scan.at == '\n')
			scan.at++;
	}
	*wrong = scan.wrong;
	if (scan.wrong)
		program_free(program);
	return !scan.wrong;
}
