/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Typed access to the values of a document, with messages that name the field
 * and its line.
 */
#ifndef NLCTL_POLICY_DECODER_H
#define NLCTL_POLICY_DECODER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "policy/problem.h"
#include "policy/tree.h"

/**
 * struct decoder - what all values of one object have in common
 * @lines: of the values
 * @problems: receives what is wrong
 * @place: file and document of the object
 * @object: what messages call it; owned by the caller
 * @failed: an error was noted
 */
struct decoder {
	struct lines *lines;
	struct problems *problems;
	struct place place;
	const char *object;
	bool failed;
};

/**
 * struct value - one value of a document and the way to it
 * @parent: the object or array that holds it; NULL for the root
 * @key: its key in @parent; NULL for the root and in an array
 * @index: its index in @parent when that is an array
 * @json: the value, borrowed; NULL when it is missing or null
 */
struct value {
	const struct value *parent;
	const char *key;
	size_t index;
	json_t *json;
};

/* Note what is wrong with a value, or with its absence. */
void decode_error(struct decoder *decoder, const struct value *value,
		  const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void decode_warning(struct decoder *decoder, const struct value *value,
		    const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * value_line() - the line of a value
 * @decoder: the decoder
 * @value: the value; when it is missing, the line of what should hold it
 *
 * Return: the line from 1, or 0 when unknown.
 */
unsigned int value_line(const struct decoder *decoder,
			const struct value *value);

/**
 * value_member() - a member of an object
 * @object: an object, which must outlive the result; anything else has no
 *	members
 * @key: the member's key, which must outlive the result
 *
 * Return: the member, perhaps missing.
 */
struct value value_member(const struct value *object, const char *key);

/**
 * decode_object() - whether a value is an object
 * @decoder: the decoder
 * @value: an object; an error is noted when it is something else; missing is
 *	allowed
 */
bool decode_object(struct decoder *decoder, const struct value *value);

/**
 * decode_length() - the number of elements of an array
 * @decoder: the decoder
 * @array: an array; an error is noted when it is something else; a missing one
 *	has no elements
 */
size_t decode_length(struct decoder *decoder, const struct value *array);

/* One of the elements; array must outlive the result. */
struct value value_element(const struct value *array, size_t index);

/**
 * decode_known() - refuse members that an object should not have
 * @decoder: the decoder
 * @object: an object; an error is noted when it is something else
 * @known: the names it may have; NULL ends the list
 *
 * Return: whether it is an object.
 */
bool decode_known(struct decoder *decoder, const struct value *object,
		  const char *const *known);

/**
 * decode_string() - a text
 * @decoder: the decoder
 * @value: a string; an error is noted when it is something else, or holds a
 *	NUL character
 *
 * Return: the text, borrowed from the document; NULL when it is missing or
 * after an error.
 */
const char *decode_string(struct decoder *decoder, const struct value *value);

/**
 * decode_boolean() - a truth value
 * @decoder: the decoder
 * @value: a boolean; an error is noted when it is something else
 *
 * Return: the value; false when it is missing or not a boolean.
 */
bool decode_boolean(struct decoder *decoder, const struct value *value);

/**
 * decode_port() - a port number
 * @decoder: the decoder
 * @value: an integer from 1 to 65535; an error is noted when it is something
 *	else or missing
 *
 * Return: the port in host byte order, or 0 after an error.
 */
unsigned int decode_port(struct decoder *decoder, const struct value *value);

#endif
