/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of a verb, and the tables that describe one.
 */
#ifndef NLCTL_ARGUMENTS_H
#define NLCTL_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nlctl.h"

/**
 * struct option - an option of a verb; a table ends with one without a name
 * @id: its letter, or a number above 255 when it has none
 * @name: its long name
 * @argument: what its argument is called in help; NULL when it takes none. In
 *	brackets it may be left out, and the word behind the option is taken for
 *	it if it begins with a digit
 * @text: what it does
 */
struct option {
	int id;
	const char *name;
	const char *argument;
	const char *text;
};

struct arguments;

/**
 * struct command - a verb
 * @name: the verb
 * @synopsis: its arguments, for the usage line
 * @summary: one line for the list of verbs
 * @description: further sentences; NULL when the summary says it all
 * @formats: what it can print, as "table|json", which NULL stands for; one
 *	format stands alone
 * @formats_text: what that is, when @formats is given
 * @options: its own options; NULL when it has none
 * @example: an example of its use
 * @exit_codes: what its exit codes mean beyond the usual; may be NULL
 * @hidden: not in the list of verbs
 * @word_min: words that it needs besides options
 * @word_max: words that it takes at most
 * @run: does it, and returns the exit code
 */
struct command {
	const char *name;
	const char *synopsis;
	const char *summary;
	const char *description;
	const char *formats;
	const char *formats_text;
	const struct option *options;
	const char *example;
	const char *exit_codes;
	bool hidden;
	size_t word_min;
	size_t word_max;
	int (*run)(struct nlctl *nlctl, const struct arguments *arguments);
};

/**
 * struct option_value - an option that was given
 * @id: as in struct option
 * @value: its argument; NULL when it takes none
 */
struct option_value {
	int id;
	const char *value;
};

/**
 * struct arguments - a command line that was read; borrows from argv
 * @options: the verb's own options in the order given
 * @option_count: length of @options
 * @words: everything else in the order given
 * @word_count: length of @words
 */
struct arguments {
	struct option_value *options;
	size_t option_count;
	const char **words;
	size_t word_count;
};

enum arguments_result {
	ARGUMENTS_OK,
	ARGUMENTS_HELP, /* help was asked for */
	ARGUMENTS_VERSION, /* the version was asked for */
	ARGUMENTS_BAD, /* a message was printed */
};

/**
 * arguments_parse() - read a command line
 * @nlctl: the context; receives the options that every verb has
 * @own: the verb's options, or NULL
 * @stop: stop at the first word, as in front of the verb
 * @argv: the words; ends with NULL
 * @arguments: receives the result; freed with arguments_clear() in any case
 *
 * Option names are exact: an abbreviation that works today would forbid a
 * longer name tomorrow.
 */
enum arguments_result arguments_parse(struct nlctl *nlctl,
				      const struct option *own, bool stop,
				      char **argv, struct arguments *arguments);

/**
 * arguments_common() - the options that every verb has
 *
 * Return: a table.
 */
const struct option *arguments_common(void);

/**
 * arguments_find() - the option that a word names
 * @own: the verb's options, or NULL
 * @word: a dash and something behind it
 * @value: receives the argument that is glued to it, or NULL
 *
 * Return: one of @own, or one that every verb has, or NULL.
 */
const struct option *arguments_find(const struct option *own, const char *word,
				    const char **value);

/**
 * arguments_takes() - whether an option takes the word behind it
 * @option: the option, without an argument glued to it
 * @next: the word; NULL when there is none yet
 */
bool arguments_takes(const struct option *option, const char *next);

/**
 * arguments_has() - whether an option was given
 * @arguments: the command line
 * @id: of the option
 */
bool arguments_has(const struct arguments *arguments, int id);

/**
 * arguments_value() - the argument of an option that counts once
 * @arguments: the command line
 * @id: of the option
 *
 * Return: the argument given last, or NULL.
 */
const char *arguments_value(const struct arguments *arguments, int id);

/**
 * arguments_values() - the arguments of an option that may repeat
 * @arguments: the command line
 * @id: of the option
 * @count: receives their number
 *
 * Return: an array that the caller frees; the texts are borrowed.
 */
const char **arguments_values(const struct arguments *arguments, int id,
			      size_t *count);

/**
 * arguments_clear() - free what the structure owns and zero it
 * @arguments: the command line
 */
void arguments_clear(struct arguments *arguments);

/**
 * number_parse() - read a decimal number
 * @text: nothing but digits
 * @max: the largest value allowed
 * @number: receives the value
 *
 * Return: false when @text is something else.
 */
bool number_parse(const char *text, uint64_t max, uint64_t *number);

/**
 * format_check() - whether a verb prints what was asked for
 * @nlctl: the context
 * @command: the verb
 *
 * Return: false when it does not; a message was printed.
 */
bool format_check(const struct nlctl *nlctl, const struct command *command);

/**
 * command_help() - print the help of a verb
 * @command: the verb
 */
void command_help(const struct command *command);

#endif
