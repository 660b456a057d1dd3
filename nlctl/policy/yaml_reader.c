// SPDX-License-Identifier: GPL-2.0-only
#include "policy/yaml_reader.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>
#include "policy/memory.h"
#include "policy/yaml_nodes.h"
#include "policy/yaml_scalar.h"

struct reader {
	const char *text;
	size_t length; /* in bytes */
	size_t characters;
	bool ends_in_line; /* which has no end of its own */
	yaml_parser_t parser;
	struct yaml_nodes *nodes;
};

/* Whether a tag is that of one of YAML's own types. */
static bool is_type(const yaml_char_t *tag, const char *type)
{
	static const char prefix[] = "tag:yaml.org,2002:";
	const char *text = (const char *)tag;

	return tag && !strncmp(text, prefix, sizeof(prefix) - 1) &&
	       !strcmp(text + sizeof(prefix) - 1, type);
}

static json_t *scalar_node(const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	const yaml_char_t *tag = event->data.scalar.tag;
	size_t length = event->data.scalar.length;
	json_t *node;

	/* Such a text is of no other type; who uses it refuses it. */
	if (strlen(text) != length)
		return tag && !is_type(tag, "str") ? NULL :
						     json_stringn(text, length);
	if (is_type(tag, "str") || (tag && !strcmp((const char *)tag, "!")) ||
	    (!tag && !event->data.scalar.plain_implicit))
		return json_stringn(text, length);
	node = yaml_scalar(text, length);
	if (!tag || (is_type(tag, "bool") && json_is_boolean(node)) ||
	    (is_type(tag, "int") && json_is_integer(node)) ||
	    (is_type(tag, "float") && json_is_number(node)) ||
	    (is_type(tag, "null") && json_is_null(node)))
		return node;
	json_decref(node);
	return NULL;
}

static bool refuse_tag(struct reader *reader, const yaml_char_t *tag,
		       uint32_t line)
{
	return yaml_nodes_refuse(reader->nodes, line,
				 "the tag %s does not fit; remove it",
				 (const char *)tag);
}

static bool on_scalar(struct reader *reader, const yaml_event_t *event,
		      uint32_t line)
{
	json_t *node = scalar_node(event);

	if (!node)
		return refuse_tag(reader, event->data.scalar.tag, line);
	return yaml_nodes_scalar(reader->nodes, node,
				 (const char *)event->data.scalar.anchor,
				 (const char *)event->data.scalar.value,
				 event->data.scalar.style ==
					 YAML_PLAIN_SCALAR_STYLE,
				 line);
}

static bool on_start(struct reader *reader, json_t *node, const char *type,
		     const yaml_char_t *anchor, const yaml_char_t *tag,
		     uint32_t line)
{
	if (!yaml_nodes_open(reader->nodes, node, (const char *)anchor, line))
		return false;
	return !tag || is_type(tag, type) || refuse_tag(reader, tag, line);
}

/* libyaml tells where a bad byte is, but not on which line. */
static uint32_t line_at(const struct reader *reader, size_t offset)
{
	uint32_t line = 1;
	size_t i;

	for (i = 0; i < offset && i < reader->length; i++)
		line += reader->text[i] == '\n';
	return line;
}

static bool is_tab_indented(const struct reader *reader, uint32_t line)
{
	const char *at = reader->text, *end = at + reader->length;

	while (--line && at) {
		at = memchr(at, '\n', end - at);
		at += !!at;
	}
	while (at && at < end && *at == ' ')
		at++;
	return at && at < end && *at == '\t';
}

/* Behind a last line without an end libyaml sees one more. */
static uint32_t line_of(const struct reader *reader, const yaml_mark_t *mark)
{
	if (reader->ends_in_line && mark->index >= reader->characters &&
	    !mark->column && mark->line)
		return mark->line;
	return mark->line + 1;
}

static bool refuse_syntax(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	uint32_t line = line_of(reader, &parser->problem_mark);

	if (parser->error == YAML_READER_ERROR)
		return yaml_nodes_refuse(reader->nodes,
					 line_at(reader,
						 parser->problem_offset),
					 "not UTF-8 text: %s", parser->problem);
	if (is_tab_indented(reader, line))
		return yaml_nodes_refuse(
			reader->nodes, line,
			"not valid YAML: a tab at the start of the line; indent with spaces");
	if (!parser->context)
		return yaml_nodes_refuse(reader->nodes, line,
					 "not valid YAML: %s", parser->problem);
	return yaml_nodes_refuse(reader->nodes, line, "not valid YAML: %s, %s",
				 parser->problem, parser->context);
}

static bool on_event(struct reader *reader, const yaml_event_t *event)
{
	uint32_t line = line_of(reader, &event->start_mark);

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		yaml_nodes_begin_document(reader->nodes);
		return true;
	case YAML_ALIAS_EVENT:
		return yaml_nodes_alias(reader->nodes,
					(const char *)event->data.alias.anchor,
					line);
	case YAML_SCALAR_EVENT:
		return on_scalar(reader, event, line);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(reader, json_array(), "seq",
				event->data.sequence_start.anchor,
				event->data.sequence_start.tag, line);
	case YAML_MAPPING_START_EVENT:
		return on_start(reader, json_object(), "map",
				event->data.mapping_start.anchor,
				event->data.mapping_start.tag, line);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return yaml_nodes_close(reader->nodes);
	default:
		return true;
	}
}

bool yaml_read(const char *name, const char *text, size_t length,
	       struct tree **trees, size_t *tree_count, struct lines *lines,
	       struct problems *problems)
{
	struct reader *reader = xcalloc(1, sizeof(*reader));
	bool fine = true, more = true;
	yaml_event_t event;
	size_t i;

	reader->text = text;
	reader->length = length;
	for (i = 0; i < length; i++)
		reader->characters += (text[i] & 0xc0) != 0x80;
	reader->ends_in_line = length && text[length - 1] != '\n';
	if (!yaml_parser_initialize(&reader->parser)) {
		free(reader);
		problem_add(problems, SEVERITY_ERROR, NULL, NULL, NULL,
			    "libyaml cannot start");
		return false;
	}
	reader->nodes = yaml_nodes_create(name, lines, problems);
	yaml_parser_set_input_string(&reader->parser,
				     (const unsigned char *)text, length);
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);

	while (fine && more) {
		if (!yaml_parser_parse(&reader->parser, &event)) {
			fine = refuse_syntax(reader);
			break;
		}
		fine = on_event(reader, &event);
		if (fine && event.type == YAML_DOCUMENT_END_EVENT)
			yaml_nodes_end_document(reader->nodes, trees,
						tree_count);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}

	yaml_nodes_free(reader->nodes);
	yaml_parser_delete(&reader->parser);
	free(reader);
	return fine;
}
