// SPDX-License-Identifier: GPL-2.0-only
#include "policy/yaml_reader.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>
#include <yaml.h>
#include "policy/memory.h"
#include "policy/yaml_scalar.h"

/* A value that an anchor names; its size bounds what aliases may stand for. */
struct anchor {
	char *name;
	json_t *node; /* NULL until the value is complete */
	size_t values;
	unsigned int depth;
	UT_hash_handle hh;
};

/* An object or array whose end has not been reached. */
struct frame {
	json_t *node;
	uint32_t line;
	char *anchor;
	char *key; /* waits for its value */
	uint32_t key_line;
	bool merging; /* the key is "<<" */
	json_t *merged; /* array of objects, or NULL */
	uint32_t merged_line;
	uint32_t *children; /* lines */
	size_t child_count;
	size_t values;
	unsigned int depth; /* of the deepest child, with this one */
};

struct reader {
	const char *text;
	size_t length; /* in bytes */
	size_t characters;
	bool ends_in_line; /* which has no end of its own */
	yaml_parser_t parser;
	struct place place;
	struct lines *lines;
	struct problems *problems;
	struct anchor *anchors;
	struct frame frames[TREE_DEPTH_MAX];
	unsigned int frame_count;
	size_t alias_values;
	json_t *root;
	uint32_t root_line;
};

__attribute__((format(printf, 3, 4))) static bool
refuse(struct reader *reader, uint32_t line, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	reader->place.line = line;
	problem_add(reader->problems, SEVERITY_ERROR, &reader->place, NULL,
		    NULL, "%s", text);
	free(text);
	return false;
}

static void drop_anchors(struct reader *reader)
{
	struct anchor *anchor, *next;

	HASH_ITER(hh, reader->anchors, anchor, next) {
		HASH_DEL(reader->anchors, anchor);
		json_decref(anchor->node);
		free(anchor->name);
		free(anchor);
	}
}

/* An anchor is known from the start of its value, so that a value which holds
 * itself is told from an alias without anchor.
 */
static void set_anchor(struct reader *reader, const char *name, json_t *node,
		       size_t values, unsigned int depth)
{
	struct anchor *anchor;

	if (!name)
		return;
	HASH_FIND_STR(reader->anchors, name, anchor);
	if (!anchor) {
		anchor = xcalloc(1, sizeof(*anchor));
		anchor->name = xstrdup(name);
		HASH_ADD_KEYPTR(hh, reader->anchors, anchor->name,
				strlen(anchor->name), anchor);
	}
	json_decref(anchor->node);
	anchor->node = json_incref(node);
	anchor->values = values;
	anchor->depth = depth;
}

static struct frame *top_frame(struct reader *reader)
{
	return reader->frame_count ? &reader->frames[reader->frame_count - 1] :
				     NULL;
}

static void frame_clear(struct frame *frame)
{
	json_decref(frame->node);
	json_decref(frame->merged);
	free(frame->anchor);
	free(frame->key);
	free(frame->children);
	*frame = (struct frame){};
}

/* The text of a key; NULL after a refusal. */
static char *key_text(struct reader *reader, const json_t *node,
		      const char *written, uint32_t line)
{
	if (json_is_string(node)) {
		if (strlen(json_string_value(node)) == json_string_length(node))
			return xstrdup(json_string_value(node));
		refuse(reader, line, "a key holds a NUL character; remove it");
		return NULL;
	}
	if (json_is_boolean(node))
		return xstrdup(json_is_true(node) ? "true" : "false");
	if (json_is_integer(node))
		return xasprintf("%" JSON_INTEGER_FORMAT,
				 json_integer_value(node));
	if (json_is_real(node))
		return xstrdup(written);
	refuse(reader, line,
	       "a key must be text, not null, an object or a list");
	return NULL;
}

static bool add_key(struct reader *reader, struct frame *frame,
		    const json_t *node, const char *written, bool plain,
		    uint32_t line)
{
	frame->key = key_text(reader, node, written, line);
	frame->key_line = line;
	if (!frame->key)
		return false;
	frame->merging = plain && !strcmp(frame->key, "<<");
	if (frame->merging ? !frame->merged :
			     !json_object_get(frame->node, frame->key))
		return true;
	return refuse(
		reader, line,
		"the key \"%s\" was given before in this object; remove one of the two",
		frame->key);
}

static bool add_merged(struct reader *reader, struct frame *frame, json_t *node,
		       uint32_t line)
{
	json_t *value;
	size_t i;

	frame->merged = json_array();
	frame->merged_line = line;
	if (json_is_array(node))
		json_array_extend(frame->merged, node);
	else
		json_array_append(frame->merged, node);
	json_array_foreach(frame->merged, i, value)
		if (!json_is_object(value))
			return refuse(reader, line,
				      "\"<<\" takes objects, by their aliases");
	return true;
}

/* Members of the object itself win over merged ones, earlier ones of those win
 * over later ones.
 */
static void merge(struct frame *frame)
{
	json_t *source, *value;
	const char *key;
	size_t i;

	json_array_foreach(frame->merged, i, source) {
		json_object_foreach(source, key, value) {
			if (json_object_get(frame->node, key))
				continue;
			json_object_set(frame->node, key, value);
			*array_add(frame->children, frame->child_count) =
				frame->merged_line;
		}
	}
}

/**
 * add_value() - put a complete value where it belongs
 * @reader: the reader
 * @node: the value; a reference is taken
 * @written: its text when it is a scalar, for keys
 * @plain: it was a scalar without quotes
 * @line: its line
 * @values: number of values in it, with itself
 * @depth: 1, or more for an object or array that holds values
 */
static bool add_value(struct reader *reader, json_t *node, const char *written,
		      bool plain, uint32_t line, size_t values,
		      unsigned int depth)
{
	struct frame *frame = top_frame(reader);
	bool fine = true;

	if (!frame) {
		reader->root = json_incref(node);
		reader->root_line = line;
		return true;
	}
	if (reader->frame_count + depth > TREE_DEPTH_MAX + 1)
		return refuse(reader, line,
			      "more than %u objects and lists inside one another",
			      TREE_DEPTH_MAX);
	frame->values += values;
	if (frame->depth < depth + 1)
		frame->depth = depth + 1;

	if (json_is_array(frame->node)) {
		json_array_append(frame->node, node);
		*array_add(frame->children, frame->child_count) = line;
		return true;
	}
	if (!frame->key)
		return add_key(reader, frame, node, written, plain, line);
	if (frame->merging) {
		fine = add_merged(reader, frame, node, line);
	} else {
		json_object_set(frame->node, frame->key, node);
		*array_add(frame->children, frame->child_count) =
			frame->key_line;
	}
	free(frame->key);
	frame->key = NULL;
	frame->merging = false;
	return fine;
}

static bool on_alias(struct reader *reader, const yaml_event_t *event,
		     uint32_t line)
{
	const char *name = (const char *)event->data.alias.anchor;
	struct anchor *anchor;

	HASH_FIND_STR(reader->anchors, name, anchor);
	if (!anchor)
		return refuse(reader, line,
			      "the alias *%s has no anchor &%s in front of it",
			      name, name);
	if (!anchor->node)
		return refuse(reader, line,
			      "the alias *%s stands inside the value that it names",
			      name);
	reader->alias_values += anchor->values;
	if (reader->alias_values > YAML_ALIAS_VALUES_MAX)
		return refuse(
			reader, line,
			"aliases stand for more than %u values; write the values out",
			YAML_ALIAS_VALUES_MAX);
	return add_value(reader, anchor->node, "", false, line, anchor->values,
			 anchor->depth);
}

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

static bool on_scalar(struct reader *reader, const yaml_event_t *event,
		      uint32_t line)
{
	const char *text = (const char *)event->data.scalar.value;
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	json_t *node;
	bool fine;

	node = scalar_node(event);
	if (!node)
		return refuse(reader, line,
			      "the tag %s does not fit; remove it",
			      (const char *)event->data.scalar.tag);
	set_anchor(reader, (const char *)event->data.scalar.anchor, node, 1, 1);
	fine = add_value(reader, node, text, plain, line, 1, 1);
	json_decref(node);
	return fine;
}

static bool on_start(struct reader *reader, json_t *node,
		     const yaml_char_t *anchor, const yaml_char_t *tag,
		     uint32_t line)
{
	const struct frame *parent = top_frame(reader);
	struct frame *frame;

	if (reader->frame_count == TREE_DEPTH_MAX) {
		json_decref(node);
		return refuse(reader, line,
			      "more than %u objects and lists inside one another",
			      TREE_DEPTH_MAX);
	}
	if (parent && json_is_object(parent->node) && !parent->key) {
		json_decref(node);
		return refuse(reader, line,
			      "a key must be text, not null, an object or a list");
	}
	frame = &reader->frames[reader->frame_count++];
	frame->node = node;
	frame->line = line;
	frame->anchor = anchor ? xstrdup((const char *)anchor) : NULL;
	frame->values = 1;
	frame->depth = 1;
	set_anchor(reader, frame->anchor, NULL, 0, 0);
	if (!tag || is_type(tag, json_is_object(node) ? "map" : "seq"))
		return true;
	return refuse(reader, line, "the tag %s does not fit; remove it",
		      (const char *)tag);
}

static bool on_end(struct reader *reader)
{
	struct frame frame = *top_frame(reader);
	bool fine;

	reader->frames[--reader->frame_count] = (struct frame){};
	if (frame.merged)
		merge(&frame);
	lines_add(reader->lines, frame.node, frame.line, frame.children,
		  frame.child_count);
	set_anchor(reader, frame.anchor, frame.node, frame.values, frame.depth);
	fine = add_value(reader, frame.node, "", false, frame.line,
			 frame.values, frame.depth);
	frame_clear(&frame);
	return fine;
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
		return refuse(reader, line_at(reader, parser->problem_offset),
			      "not UTF-8 text: %s", parser->problem);
	if (is_tab_indented(reader, line))
		return refuse(
			reader, line,
			"not valid YAML: a tab at the start of the line; indent with spaces");
	if (!parser->context)
		return refuse(reader, line, "not valid YAML: %s",
			      parser->problem);
	return refuse(reader, line, "not valid YAML: %s, %s", parser->problem,
		      parser->context);
}

static bool on_event(struct reader *reader, const yaml_event_t *event)
{
	uint32_t line = line_of(reader, &event->start_mark);

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		reader->place.document++;
		return true;
	case YAML_ALIAS_EVENT:
		return on_alias(reader, event, line);
	case YAML_SCALAR_EVENT:
		return on_scalar(reader, event, line);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(reader, json_array(),
				event->data.sequence_start.anchor,
				event->data.sequence_start.tag, line);
	case YAML_MAPPING_START_EVENT:
		return on_start(reader, json_object(),
				event->data.mapping_start.anchor,
				event->data.mapping_start.tag, line);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_end(reader);
	default:
		return true;
	}
}

static void end_document(struct reader *reader, struct tree **trees,
			 size_t *tree_count)
{
	struct tree *tree;

	drop_anchors(reader);
	if (!json_is_null(reader->root)) {
		tree = array_add(*trees, *tree_count);
		tree->root = reader->root;
		tree->line = reader->root_line;
		tree->number = reader->place.document;
	}
	reader->root = NULL;
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
	reader->place.file = name;
	reader->lines = lines;
	reader->problems = problems;
	if (!yaml_parser_initialize(&reader->parser)) {
		free(reader);
		problem_add(problems, SEVERITY_ERROR, NULL, NULL, NULL,
			    "libyaml cannot start");
		return false;
	}
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
			end_document(reader, trees, tree_count);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}

	while (reader->frame_count)
		frame_clear(&reader->frames[--reader->frame_count]);
	drop_anchors(reader);
	json_decref(reader->root);
	yaml_parser_delete(&reader->parser);
	free(reader);
	return fine;
}
