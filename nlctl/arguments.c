// SPDX-License-Identifier: GPL-2.0-only
#include "arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"

enum {
	OPTION_VERSION = 256,
};

#define FORMATS "table|json"

static const struct option common_options[] = {
	{ 'o', "output", FORMATS, "Print tables (default) or JSON." },
	{ 'n', "netns", "NAME", "Act in the network namespace NAME." },
	{ 'h', "help", NULL, "Print this help." },
	{ OPTION_VERSION, "version", NULL, "Print the version of nlctl." },
	{},
};

static const struct option *find_name(const struct option *options,
				      const char *name, size_t length)
{
	for (; options && options->name; options++)
		if (strlen(options->name) == length &&
		    !memcmp(options->name, name, length))
			return options;
	return NULL;
}

static const struct option *find_letter(const struct option *options,
					char letter)
{
	for (; options && options->name; options++)
		if (options->id == letter)
			return options;
	return NULL;
}

const struct option *arguments_find(const struct option *own, const char *word,
				    const char **value)
{
	const struct option *option;
	size_t length;

	if (word[1] != '-') {
		*value = word[2] ? word + 2 : NULL;
		option = find_letter(own, word[1]);
		return option ? option : find_letter(common_options, word[1]);
	}

	word += 2;
	length = strcspn(word, "=");
	*value = word[length] ? word + length + 1 : NULL;
	option = find_name(own, word, length);
	return option ? option : find_name(common_options, word, length);
}

/* Take an option that every verb has. What can be printed is up to the verb. */
static void take_common(struct nlctl *nlctl, int id, const char *value,
			enum arguments_result *result)
{
	switch (id) {
	case 'o':
		nlctl->json = !strcmp(value, "json");
		nlctl->format = value;
		break;
	case 'n':
		nlctl->netns = value;
		break;
	case 'h':
		*result = ARGUMENTS_HELP;
		break;
	default:
		if (*result == ARGUMENTS_OK)
			*result = ARGUMENTS_VERSION;
		break;
	}
}

static bool is_common(const struct option *option)
{
	return option >= common_options &&
	       option < common_options + sizeof(common_options) /
						 sizeof(*common_options);
}

static bool is_optional(const struct option *option)
{
	return option->argument[0] == '[';
}

bool arguments_takes(const struct option *option, const char *next)
{
	if (!option->argument)
		return false;
	return !is_optional(option) || (next && *next >= '0' && *next <= '9');
}

enum arguments_result arguments_parse(struct nlctl *nlctl,
				      const struct option *own, bool stop,
				      char **argv, struct arguments *arguments)
{
	enum arguments_result result = ARGUMENTS_OK;
	bool words_only = false;

	*arguments = (struct arguments){};
	for (; *argv; argv++) {
		const struct option *option;
		const char *word = *argv;
		const char *value;

		if (words_only || word[0] != '-' || !word[1]) {
			if (stop)
				words_only = true;
			*array_add(arguments->words, arguments->word_count) =
				word;
			continue;
		}
		if (!strcmp(word, "--")) {
			words_only = true;
			continue;
		}

		option = arguments_find(own, word, &value);
		if (!option) {
			nlctl_error(nlctl, "unknown option %s", word);
			return ARGUMENTS_BAD;
		}
		if (!option->argument && value) {
			nlctl_error(nlctl, "option --%s takes no argument",
				    option->name);
			return ARGUMENTS_BAD;
		}
		if (!value && arguments_takes(option, argv[1]))
			value = *++argv;
		if (option->argument && !value && !is_optional(option)) {
			nlctl_error(nlctl, "option --%s needs an argument: %s",
				    option->name, option->argument);
			return ARGUMENTS_BAD;
		}

		if (!is_common(option)) {
			*array_add(arguments->options,
				   arguments->option_count) =
				(struct option_value){ option->id, value };
		} else {
			take_common(nlctl, option->id, value, &result);
		}
	}
	return result;
}

const struct option *arguments_common(void)
{
	return common_options;
}

bool arguments_has(const struct arguments *arguments, int id)
{
	size_t i;

	for (i = 0; i < arguments->option_count; i++)
		if (arguments->options[i].id == id)
			return true;
	return false;
}

const char *arguments_value(const struct arguments *arguments, int id)
{
	const char *value = NULL;
	size_t i;

	for (i = 0; i < arguments->option_count; i++)
		if (arguments->options[i].id == id)
			value = arguments->options[i].value;
	return value;
}

const char **arguments_values(const struct arguments *arguments, int id,
			      size_t *count)
{
	const char **values = xcalloc(arguments->option_count, sizeof(*values));
	size_t i;

	*count = 0;
	for (i = 0; i < arguments->option_count; i++)
		if (arguments->options[i].id == id)
			values[(*count)++] = arguments->options[i].value;
	return values;
}

void arguments_clear(struct arguments *arguments)
{
	free(arguments->options);
	free(arguments->words);
	*arguments = (struct arguments){};
}

bool number_parse(const char *text, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		unsigned int digit = *text - '0';

		if (*text < '0' || *text > '9' || digit > max ||
		    value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return true;
}

bool format_check(const struct nlctl *nlctl, const struct command *command)
{
	const char *formats = command->formats ? command->formats : FORMATS;
	const char *format = nlctl->format;
	size_t length;

	if (!format)
		return true;
	while (*formats) {
		length = strcspn(formats, "|");
		if (strlen(format) == length &&
		    !memcmp(formats, format, length))
			return true;
		formats += length + (formats[length] == '|');
	}
	formats = command->formats ? command->formats : FORMATS;
	nlctl_error(nlctl, "option --output: \"%s\" is not %s%s", format,
		    strchr(formats, '|') ? "one of " : "", formats);
	return false;
}

static void print_options(const struct option *options)
{
	for (; options && options->name; options++) {
		const char *argument = options->argument;
		int width;

		if (options->id < 256)
			width = printf("  -%c, --%s", options->id,
				       options->name);
		else
			width = printf("      --%s", options->name);
		if (argument)
			width += printf(" %s", argument);
		if (width > 29)
			width = printf("\n") - 1;
		printf("%*s%s\n", 30 - width, "", options->text);
	}
}

void command_help(const struct command *command)
{
	printf("Usage: nlctl %s%s%s\n\n%s\n", command->name,
	       *command->synopsis ? " " : "", command->synopsis,
	       command->summary);
	if (command->description)
		printf("\n%s\n", command->description);
	printf("\nOptions:\n");
	print_options(command->options);
	if (command->formats) {
		const struct option output[] = {
			{ 'o', "output", command->formats,
			  command->formats_text },
			{},
		};

		print_options(output);
		print_options(common_options + 1);
	} else {
		print_options(common_options);
	}
	printf("\nExample:\n  %s\n", command->example);
	printf("\nExit codes: 0 done, 1 refused or failed, 2 usage.\n");
	if (command->exit_codes)
		printf("%s\n", command->exit_codes);
}
