// SPDX-License-Identifier: GPL-2.0-only
#include "agent_option.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "policy/memory.h"

#define PROGRAM "nlctl-agent"

/* The agent is a program of its own, in the directory of this one: it links
 * libraries that no other verb needs.
 */
static char *find_program(void)
{
	char *self = realpath("/proc/self/exe", NULL);
	char *slash = self ? strrchr(self, '/') : NULL;
	char *path;

	if (slash)
		path = xasprintf("%.*s/" PROGRAM, (int)(slash - self), self);
	else
		path = xstrdup(PROGRAM);
	free(self);
	return path;
}

/* The option as a word for the agent's own command line. */
static char *option_word(const struct option_value *value)
{
	const struct option *option = agent_options;

	while (option->id != value->id)
		option++;
	return value->value ? xasprintf("--%s=%s", option->name, value->value) :
			      xasprintf("--%s", option->name);
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct agent_options options;
	char **words, *program;
	bool fine;
	size_t i;

	/* What is wrong is told by the program that was called. */
	fine = agent_options_read(nlctl, arguments, &options);
	agent_options_clear(&options);
	if (!fine)
		return EXIT_USAGE;
	program = find_program();
	words = xcalloc(arguments->option_count + 2, sizeof(*words));
	words[0] = PROGRAM;
	for (i = 0; i < arguments->option_count; i++)
		words[i + 1] = option_word(&arguments->options[i]);
	fflush(stdout);
	execvp(program, words);
	nlctl_error(nlctl,
		    "cannot execute %s: %s; the package podwall-agent has it",
		    program, strerror(errno));
	for (i = 0; i < arguments->option_count; i++)
		free(words[i + 1]);
	free(words);
	free(program);
	return EXIT_FAILURE;
}

const struct command agent_command = {
	AGENT_COMMAND,
	.run = run,
};
