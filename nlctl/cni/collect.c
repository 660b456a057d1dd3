// SPDX-License-Identifier: GPL-2.0-only
#include "cni/operations.h"

#include <stdlib.h>
#include <string.h>

#include "attachment_file.h"
#include "clock.h"
#include "policy/memory.h"

#define VALID "cni.dev/valid-attachments"

/* The files that stay, as keys of an object. */
static struct failure *list_valid(const struct configuration *configuration,
				  json_t *valid)
{
	const json_t *list = json_object_get(configuration->tree, VALID);
	const char *container, *interface;
	json_t *value;
	size_t i;
	char *name;

	if (!json_is_array(list))
		return failure_new(FAILURE_CONFIGURATION, NULL,
				   "network configuration: " VALID
				   " is not a list");
	json_array_foreach(list, i, value) {
		container = json_string_value(json_object_get(value,
							      "containerID"));
		interface = json_string_value(json_object_get(value, "ifname"));
		if (!container || !interface)
			return failure_new(FAILURE_CONFIGURATION, NULL,
					   "network configuration: " VALID
					   "[%zu] has no containerID or no ifname",
					   i);
		name = attachment_file_name(container, interface);
		json_object_set_new(valid, name, json_true());
		free(name);
	}
	return NULL;
}

/* What cannot be read is of no use to anybody. */
static bool is_ours(const struct configuration *configuration, const char *name)
{
	struct attachment *attachment;
	char *problem;
	bool ours;

	attachment =
		attachment_file_read(configuration->directory, name, &problem);
	ours = attachment ? !strcmp(attachment->network, configuration->name) :
			    !!problem;
	attachment_free(attachment);
	free(problem);
	return ours;
}

/* All are tried, and the last problem is told. */
static char *remove_all(const struct configuration *configuration,
			const json_t *valid)
{
	uint64_t deadline = clock_now() + configuration->timeout;
	char *problem, *last = NULL, **names;
	size_t count, i;

	last = attachment_file_list(configuration->directory, &names, &count);
	for (i = 0; i < count; i++) {
		if (json_object_get(valid, names[i]) ||
		    !is_ours(configuration, names[i]))
			continue;
		problem = forget(configuration, names[i], deadline);
		if (problem) {
			free(last);
			last = problem;
		}
	}
	attachment_file_list_free(names, count);
	return last;
}

struct failure *operation_collect(const struct configuration *configuration,
				  const struct invocation *invocation,
				  char **output)
{
	json_t *valid = json_object();
	struct failure *failure;
	char *problem = NULL;

	(void)invocation;
	(void)output;
	failure = list_valid(configuration, valid);
	if (!failure)
		problem = remove_all(configuration, valid);
	if (problem)
		failure = failure_new(FAILURE_IO, NULL, "%s", problem);
	free(problem);
	json_decref(valid);
	return failure;
}
