// SPDX-License-Identifier: GPL-2.0-only
#include "completion.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "policy/memory.h"

void completion_add(struct completion *completion, const char *text,
		    const char *about)
{
	struct candidate *candidate =
		array_add(completion->list, completion->count);

	candidate->text = xasprintf("%s%s", completion->prefix, text);
	candidate->about = xstrdup(about);
}

static void add_each(struct completion *completion, const char *list,
		     size_t length)
{
	char *copy = xasprintf("%.*s", (int)length, list), *word, *rest;

	for (word = strtok_r(copy, "|", &rest); word;
	     word = strtok_r(NULL, "|", &rest))
		completion_add(completion, word, "");
	free(copy);
}

/* Words separated by bars, up to a character that no such list has; false when
 * it is no list.
 */
static bool add_list(struct completion *completion, const char *list)
{
	size_t length = strspn(list, "abcdefghijklmnopqrstuvwxyz|-");

	if (!memchr(list, '|', length) ||
	    (list[length] && !strchr(" ]", list[length])))
		return false;
	add_each(completion, list, length);
	return true;
}

static void add_names(struct completion *completion,
		      enum enumeration enumeration)
{
	unsigned int value;

	for (value = 1; strcmp(name_of(enumeration, value), "unknown"); value++)
		completion_add(completion, name_of(enumeration, value), "");
}

static void add_ports(struct completion *completion)
{
	static const char *const ports[] = { "80/tcp", "443/tcp", "53/udp",
					     "53/tcp", "icmp",	  "icmpv6" };
	size_t i;

	for (i = 0; i < sizeof(ports) / sizeof(*ports); i++)
		completion_add(completion, ports[i], "");
}

static void add_limits(struct completion *completion)
{
	unsigned int field;

	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++) {
		char *text = xasprintf("%s=", amount_name(field));

		completion_add(completion, text, "");
		free(text);
	}
}

/* What the argument of an option may be, by the option's name. */
static void add_argument(struct completion *completion,
			 const struct command *command,
			 const struct option *option)
{
	static const struct {
		const char *name;
		enum completion_kind kind;
	} kinds[] = {
		{ "file", COMPLETION_FILES },
		{ "output-file", COMPLETION_FILES },
		{ "netns", COMPLETION_NETNS },
		{ "pod", COMPLETION_PODS },
		{ "packet", COMPLETION_PODS },
		{ "namespace", COMPLETION_NAMESPACES },
		{ "policy", COMPLETION_POLICIES },
	};
	static const struct {
		const char *name;
		enum enumeration enumeration;
	} enumerations[] = {
		{ "direction", ENUMERATION_DIRECTION },
		{ "reason", ENUMERATION_REASON },
		{ "verdict", ENUMERATION_VERDICT },
	};
	size_t i;

	if (option->id == 'o' && command && command->formats) {
		add_each(completion, command->formats,
			 strlen(command->formats));
		return;
	}
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(option->name, kinds[i].name))
			completion->kind = kinds[i].kind;
	if (completion->kind || add_list(completion, option->argument))
		return;
	for (i = 0; i < sizeof(enumerations) / sizeof(*enumerations); i++)
		if (!strcmp(option->name, enumerations[i].name))
			add_names(completion, enumerations[i].enumeration);
	if (!strcmp(option->name, "port"))
		add_ports(completion);
	if (!strcmp(option->name, "limit"))
		add_limits(completion);
}

static void add_options(struct completion *completion,
			const struct command *command,
			const struct option *options)
{
	for (; options && options->name; options++) {
		bool formats = options->id == 'o' && command &&
			       command->formats;
		char *text = xasprintf("--%s", options->name);

		completion_add(completion, text,
			       formats ? command->formats_text : options->text);
		free(text);
	}
}

static void add_verbs(struct completion *completion,
		      const struct command *const *commands)
{
	for (; *commands; commands++)
		if (!(*commands)->hidden)
			completion_add(completion, (*commands)->name,
				       (*commands)->summary);
}

/* What the next word of a verb may be, besides options; @number were before. */
static void add_words(struct completion *completion,
		      const struct command *command, size_t number)
{
	const char *synopsis = command->synopsis;

	if (number >= command->word_max)
		return;
	if (!strcmp(command->name, "explain")) {
		if (number < 2)
			completion->kind = COMPLETION_PODS;
		else
			add_ports(completion);
	} else if (!strcmp(command->name, "save") ||
		   !strcmp(command->name, "restore")) {
		completion->kind = COMPLETION_FILES;
	} else if (!number) {
		add_list(completion, synopsis + strspn(synopsis, "["));
	}
}

static const struct command *find_verb(const struct command *const *commands,
				       const char *name)
{
	for (; *commands; commands++)
		if (!strcmp((*commands)->name, name))
			return *commands;
	return NULL;
}

/**
 * struct line - the words in front of the one that is being written
 * @command: the verb; NULL in front of it, or when there is none such
 * @has_verb: there is a verb
 * @words: how many words the verb has
 * @words_only: the rest are words, after "--"
 * @open: the option whose argument comes next, or NULL
 */
struct line {
	const struct command *command;
	bool has_verb;
	size_t words;
	bool words_only;
	const struct option *open;
};

/* The option that a word names, and the argument that is glued to it, or NULL. */
static const struct option *find_option(const struct command *command,
					const char *word, const char **value)
{
	*value = NULL;
	if (word[0] != '-' || !word[1])
		return NULL;
	return arguments_find(command ? command->options : NULL, word, value);
}

static void read_line(const struct command *const *commands,
		      const char *const *words, size_t count, struct line *line,
		      const char **netns)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct option *option = NULL;
		const char *value = NULL;

		if (!line->words_only && !strcmp(words[i], "--")) {
			/* In front of the verb it ends nothing. */
			line->words_only = line->has_verb;
			continue;
		}
		if (line->words_only || words[i][0] != '-' || !words[i][1]) {
			if (line->has_verb)
				line->words++;
			else
				line->command = find_verb(commands, words[i]);
			line->has_verb = true;
			continue;
		}
		option = find_option(line->command, words[i], &value);
		if (!option)
			continue;
		if (!value && i + 1 == count) {
			if (arguments_takes(option, NULL))
				line->open = option;
		} else if (!value && arguments_takes(option, words[i + 1])) {
			value = words[++i];
		}
		if (value && option->id == 'n')
			*netns = value;
	}
}

void completion_find(const struct command *const *commands,
		     const char *const *words, size_t count,
		     struct completion *completion)
{
	const char *last = words[count - 1], *value;
	const struct option *option;
	struct line line = {};

	*completion = (struct completion){ .prefix = xstrdup("") };
	read_line(commands, words, count - 1, &line, &completion->netns);
	if (line.open) {
		add_argument(completion, line.command, line.open);
		return;
	}
	if (line.words_only) {
		if (line.command)
			add_words(completion, line.command, line.words);
		return;
	}
	option = find_option(line.command, last, &value);
	if (option && option->argument && value) {
		free(completion->prefix);
		completion->prefix =
			xasprintf("%.*s", (int)(value - last), last);
		add_argument(completion, line.command, option);
		return;
	}
	if (line.has_verb && !line.command)
		return;
	if (*last != '-' && !line.has_verb)
		add_verbs(completion, commands);
	else if (*last != '-')
		add_words(completion, line.command, line.words);
	/* Options where they are asked for, or nothing else can come. */
	if (*last == '-' || (!completion->count && !completion->kind)) {
		if (line.command)
			add_options(completion, line.command,
				    line.command->options);
		add_options(completion, line.command, arguments_common());
	}
}

void completion_clear(struct completion *completion)
{
	size_t i;

	for (i = 0; i < completion->count; i++) {
		free(completion->list[i].text);
		free(completion->list[i].about);
	}
	free(completion->list);
	free(completion->prefix);
	*completion = (struct completion){};
}
