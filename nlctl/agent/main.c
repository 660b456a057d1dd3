// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "agent_option.h"

static const struct command command = { AGENT_COMMAND };

int main(int argc, char **argv)
{
	struct nlctl nlctl = { .verb = command.name };
	struct agent_options options = {};
	enum arguments_result result;
	struct arguments arguments;
	int status = EXIT_USAGE;

	result = arguments_parse(&nlctl, command.options, false,
				 argv + (argc > 0), &arguments);
	if (result == ARGUMENTS_HELP) {
		command_help(&command);
		status = EXIT_SUCCESS;
	} else if (result == ARGUMENTS_VERSION) {
		printf("nlctl-agent %s\n", nlctl_version());
		status = EXIT_SUCCESS;
	} else if (result == ARGUMENTS_OK && arguments.word_count) {
		nlctl_error(&nlctl, "\"%s\" is one argument too many",
			    arguments.words[0]);
	} else if (result == ARGUMENTS_OK &&
		   agent_options_read(&nlctl, &arguments, &options)) {
		status = nlctl_enter_namespace(&nlctl) ?
				 agent_run(&nlctl, &options) :
				 EXIT_FAILURE;
	}
	agent_options_clear(&options);
	arguments_clear(&arguments);
	return status;
}
