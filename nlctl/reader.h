/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Typed access to the fields of a JSON file, and what is wrong with them.
 */
#ifndef NLCTL_READER_H
#define NLCTL_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "names.h"
#include "policy/objects.h"

#define READER_PATH_MAX 128

/**
 * struct reader - a file that is being read; starts with zeroes
 * @problem: the first thing that is wrong, and where; owned
 * @path: where the reader stands, for messages: "rule_sets[3].rules[0]"
 *
 * Once there is a problem, every function below returns a harmless value that
 * fits its limits, so that callers need to look only at the end.
 */
struct reader {
	char *problem;
	char path[READER_PATH_MAX];
};

/**
 * reader_refuse() - note what is wrong, unless something was wrong before
 * @reader: the reader
 * @key: the field of the object at hand, or NULL for the object itself
 * @format: what is wrong, to be read after the place, as for printf()
 */
void reader_refuse(struct reader *reader, const char *key, const char *format,
		   ...) __attribute__((format(printf, 3, 4)));

/**
 * reader_enter() - step into an element of a list
 * @reader: the reader
 * @key: the field that has the list
 * @i: index of the element
 *
 * Return: what reader_leave() takes to step out again.
 */
size_t reader_enter(struct reader *reader, const char *key, size_t i);
void reader_leave(struct reader *reader, size_t mark);

/**
 * reader_check_keys() - refuse what is no object, or has an unknown field
 * @reader: the reader
 * @object: the object
 * @known: names of its fields; ends with NULL
 *
 * A field that the format does not have is a damaged or a newer file.
 */
void reader_check_keys(struct reader *reader, const json_t *object,
		       const char *const *known);

#define READER_CHECK_KEYS(reader, object, ...) \
	reader_check_keys(reader, object,      \
			  (const char *const[]){ __VA_ARGS__, NULL })

/* The fields of an object, which all are required. A number, and the length of
 * a text, is from min to max; 0 stands for an id that is null; a list may be
 * walked with json_array_foreach() in any case. Arrays belong to the caller.
 */
const json_t *reader_value(struct reader *reader, const json_t *object,
			   const char *key);
uint64_t reader_number(struct reader *reader, const json_t *object,
		       const char *key, uint64_t min, uint64_t max);
uint32_t reader_id_or_null(struct reader *reader, const json_t *object,
			   const char *key);
bool reader_flag(struct reader *reader, const json_t *object, const char *key);
const char *reader_text(struct reader *reader, const json_t *object,
			const char *key, size_t min, size_t max);
unsigned int reader_name(struct reader *reader, const json_t *object,
			 const char *key, enum enumeration enumeration);
const json_t *reader_list(struct reader *reader, const json_t *object,
			  const char *key);
uint32_t *reader_ids(struct reader *reader, const json_t *object,
		     const char *key, size_t *count);
struct network *reader_networks(struct reader *reader, const json_t *object,
				const char *key, size_t *count);

/* A value that is an address, or a block of addresses; @key is for messages. */
struct ip reader_ip(struct reader *reader, const json_t *value,
		    const char *key);
struct network reader_network(struct reader *reader, const json_t *value,
			      const char *key);

#endif
