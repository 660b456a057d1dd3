// SPDX-License-Identifier: GPL-2.0-only
/*
 * podwall-cni: a chained CNI plugin, which registers a pod before its first
 * container starts. Nothing but results goes to standard output.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cni/operations.h"
#include "cni/version.h"
#include "nlctl.h"
#include "policy/memory.h"

/* More than any configuration with any result takes. */
#define INPUT_MAX (4 << 20)

typedef struct failure *(*operation)(const struct configuration *configuration,
				     const struct invocation *invocation,
				     char **output);

static const struct {
	operation run;
	const char *since; /* version of the specification */
} operations[] = {
	[CNI_ADD] = { operation_add, "0.3.1" },
	[CNI_DEL] = { operation_delete, "0.3.1" },
	[CNI_CHECK] = { operation_check, "0.4.0" },
	[CNI_STATUS] = { operation_status, "1.1.0" },
	[CNI_GC] = { operation_collect, "1.1.0" },
	[CNI_VERSION] = {},
};

static struct failure *read_input(char **text, size_t *length)
{
	ssize_t part;

	*text = xcalloc(1, INPUT_MAX + 1);
	*length = 0;
	do {
		part = read(STDIN_FILENO, *text + *length,
			    INPUT_MAX + 1 - *length);
		if (part < 0 && errno != EINTR)
			return failure_new(FAILURE_IO, NULL,
					   "cannot read standard input: %s",
					   strerror(errno));
		*length += part > 0 ? part : 0;
	} while (part && *length <= INPUT_MAX);
	if (*length > INPUT_MAX)
		return failure_new(
			FAILURE_DECODE, NULL,
			"standard input is longer than any network configuration");
	return NULL;
}

static char *print(json_t *tree)
{
	char *text = json_dumps(tree, JSON_INDENT(2) | JSON_SORT_KEYS);

	json_decref(tree);
	return text;
}

static struct failure *operate(const struct configuration *configuration,
			       const struct invocation *invocation,
			       char **output)
{
	const char *since = operations[invocation->command].since;

	if (!version_least(configuration->version, since))
		return failure_new(
			FAILURE_VERSION, NULL,
			"version %s of CNI has no such command, it came with %s",
			configuration->version, since);
	return operations[invocation->command].run(configuration, invocation,
						   output);
}

/* What it all comes to goes to @output, a failure as well. */
static int run(char **output)
{
	struct configuration configuration = {};
	struct invocation invocation = {};
	const char *version = CNI_NEWEST;
	struct failure *failure;
	char *text = NULL, *asked;
	size_t length;

	failure = invocation_read(getenv, &invocation);
	if (!failure)
		failure = read_input(&text, &length);
	if (!failure && invocation.command == CNI_VERSION) {
		asked = configuration_asked(text, length);
		*output = print(version_json(asked));
		free(asked);
	} else if (!failure) {
		failure = configuration_parse(text, length, &configuration);
		text = NULL;
		version = configuration.version;
		if (!failure)
			failure = operate(&configuration, &invocation, output);
	}
	if (failure) {
		free(*output);
		*output = print(failure_json(failure, version));
	}
	free(text);
	configuration_clear(&configuration);
	invocation_clear(&invocation);
	if (!failure)
		return EXIT_SUCCESS;
	failure_free(failure);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	char *output = NULL;
	int status;

	if (argc > 1 && !strcmp(argv[1], "--version")) {
		printf("podwall-cni %s\n", nlctl_version());
		return EXIT_SUCCESS;
	}
	status = run(&output);
	if (output && (puts(output) < 0 || fflush(stdout)))
		status = EXIT_FAILURE;
	free(output);
	return status;
}
