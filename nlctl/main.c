// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"

const struct command *const commands[] = {
	&agent_command,	   &apply_command,   &check_command,
	&complete_command, &diff_command,    &explain_command,
	&flush_command,	   &get_command,     &graph_command,
	&matrix_command,   &metrics_command, &monitor_command,
	&restore_command,  &save_command,    &set_command,
	&stats_command,	   &status_command,  NULL,
};

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static void print_help(void)
{
	size_t i;

	puts("Usage: nlctl [OPTIONS] VERB [ARGUMENTS]\n"
	     "\n"
	     "Control podwall, which enforces network policy for the pods of this node.\n"
	     "\n"
	     "Verbs:");
	for (i = 0; commands[i]; i++)
		if (!commands[i]->hidden)
			printf("  %-9s %s\n", commands[i]->name,
			       commands[i]->summary);
	puts("\n"
	     "Options, in front of the verb or behind it:\n"
	     "  -o, --output table|json     Print tables (default) or JSON; graph and\n"
	     "                              metrics have others.\n"
	     "  -n, --netns NAME            Act in the network namespace NAME.\n"
	     "  -h, --help                  Print this help, or that of the verb.\n"
	     "      --version               Print the version of nlctl.\n"
	     "\n"
	     "Exit codes: 0 done, 1 refused or failed, 2 usage.");
}

static void suggest_help(const struct command *command)
{
	fprintf(stderr, "Try nlctl %s%s--help.\n", command ? command->name : "",
		command ? " " : "");
}

/* The answer to a command line that asks for no work; -1 when it asks for some.
 */
static int answer(enum arguments_result result, const struct command *command)
{
	switch (result) {
	case ARGUMENTS_BAD:
		suggest_help(command);
		return EXIT_USAGE;
	case ARGUMENTS_VERSION:
		printf("nlctl %s\n", nlctl_version());
		return EXIT_SUCCESS;
	case ARGUMENTS_HELP:
		if (command)
			command_help(command);
		else
			print_help();
		return EXIT_SUCCESS;
	case ARGUMENTS_OK:
		break;
	}
	return -1;
}

static int run_command(struct nlctl *nlctl, const struct command *command,
		       char **argv)
{
	enum arguments_result result;
	struct arguments arguments;
	int status;

	nlctl->verb = command->name;
	result = arguments_parse(nlctl, command->options, false, argv,
				 &arguments);
	if (result == ARGUMENTS_OK && !format_check(nlctl, command)) {
		result = ARGUMENTS_BAD;
	} else if (result == ARGUMENTS_OK &&
		   arguments.word_count < command->word_min) {
		nlctl_error(nlctl, "arguments are missing: %s",
			    command->synopsis);
		result = ARGUMENTS_BAD;
	} else if (result == ARGUMENTS_OK &&
		   arguments.word_count > command->word_max) {
		nlctl_error(nlctl, "\"%s\" is one argument too many",
			    arguments.words[command->word_max]);
		result = ARGUMENTS_BAD;
	}
	status = answer(result, command);
	if (status < 0) {
		status = nlctl_enter_namespace(nlctl) ?
				 command->run(nlctl, &arguments) :
				 EXIT_FAILURE;
		if (status == EXIT_USAGE)
			suggest_help(command);
	}
	arguments_clear(&arguments);
	return status;
}

/* Parse what stands in front of the verb, and run that. */
static int dispatch(struct nlctl *nlctl, char **argv)
{
	const struct command *command;
	enum arguments_result result;
	struct arguments arguments;
	int status;
	size_t skip;

	result = arguments_parse(nlctl, NULL, true, argv, &arguments);
	if (result == ARGUMENTS_OK && !arguments.word_count) {
		nlctl_error(nlctl, "which verb?");
		result = ARGUMENTS_BAD;
	}
	status = answer(result, NULL);
	if (status >= 0)
		goto out;

	command = find_command(arguments.words[0]);
	if (!command) {
		nlctl_error(nlctl, "there is no verb \"%s\"",
			    arguments.words[0]);
		status = answer(ARGUMENTS_BAD, NULL);
		goto out;
	}
	for (skip = 0; argv[skip] != arguments.words[0]; skip++)
		;
	status = run_command(nlctl, command, argv + skip + 1);
out:
	arguments_clear(&arguments);
	return status;
}

/* A file or socket that is opened later must not become standard output. What
 * stands in refuses to be read or written, as a closed one would.
 */
static void open_standard(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd ? O_RDONLY : O_WRONLY);
}

int main(int argc, char **argv)
{
	struct nlctl nlctl = {};
	int status;

	open_standard();
	setlocale(LC_CTYPE, "");
	status = dispatch(&nlctl, argv + (argc > 0));

	/* A disk may turn out to be full as late as this. */
	errno = 0;
	if (ferror(stdout) || fclose(stdout)) {
		fprintf(stderr, "nlctl: cannot write the output%s%s\n",
			errno ? ": " : "", errno ? strerror(errno) : "");
		return EXIT_FAILURE;
	}
	return status;
}
