// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cmd/commands.h"
#include "live.h"
#include "output.h"
#include "policy/memory.h"
#include "progress.h"
#include "query.h"
#include "state_reader.h"
#include "transaction.h"

enum {
	OPTION_KEEP_GUARD = 256,
	OPTION_IF_EMPTY,
};

static const struct option options[] = {
	{ OPTION_KEEP_GUARD, "keep-guard", NULL,
	  "Leave guarded what is guarded now." },
	{ OPTION_IF_EMPTY, "if-empty", NULL,
	  "Do nothing when the module holds any object." },
	{},
};

/* Read and check a file; the reason of a refusal is printed. */
static bool read_file(const struct nlctl *nlctl, const char *path,
		      struct objects *objects, struct settings *settings)
{
	bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdin : fopen(path, "re");
	json_error_t error;
	json_t *state;
	char *problem;

	if (!file) {
		nlctl_error(nlctl, "cannot read %s: %s", path, strerror(errno));
		return false;
	}
	progress_begin("reading the saved state", 0);
	errno = 0;
	state = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
	if (ferror(file))
		problem = xasprintf("cannot be read: %s", strerror(errno));
	else if (!state)
		problem = xasprintf("line %d, column %d: %s", error.line,
				    error.column, error.text);
	else
		problem = state_read(state, objects, settings);
	json_decref(state);
	progress_end();
	if (!standard)
		fclose(file);
	if (problem)
		nlctl_error(nlctl, "%s: %s; nothing was changed", path,
			    problem);
	free(problem);
	return !problem;
}

static int keep_guard(struct netlink *netlink, struct settings *settings,
		      uint64_t *generation)
{
	struct settings live;
	size_t i;
	int error = read_settings(netlink, &live, generation);

	if (error)
		return error;
	for (i = 0; i < live.guarded_count; i++)
		settings_guard(settings, &live.guarded[i]);
	settings_clear(&live);
	return 0;
}

static int find_empty(struct netlink *netlink, bool *empty,
		      uint64_t *generation)
{
	struct status status;
	int error = read_status(netlink, &status);

	if (error)
		return error;
	*empty = !status.used.addresses && !status.used.peer_sets &&
		 !status.used.rule_sets && !status.used.pods;
	*generation = status.generation;
	status_clear(&status);
	return 0;
}

/* What was read of the live policy holds for one generation: another one is not
 * replaced. *done is false when there was no need to.
 */
static int replace_once(struct netlink *netlink, uint64_t since,
			const struct arguments *arguments,
			const struct objects *objects,
			struct settings *settings, uint64_t *generation,
			bool *done)
{
	const size_t guarded_count = settings->guarded_count;
	const uint64_t *expected = NULL;
	uint64_t current, guarded;
	int error;

	*done = true;
	if (arguments_has(arguments, OPTION_IF_EMPTY)) {
		error = find_empty(netlink, done, &current);
		if (error || !*done)
			return error;
		expected = &current;
	}
	if (arguments_has(arguments, OPTION_KEEP_GUARD)) {
		error = keep_guard(netlink, settings, &guarded);
		if (error)
			return error;
		/* The earlier one of the two. */
		if (!expected)
			expected = &guarded;
	}
	error = transaction_replace(netlink, since, objects, settings, expected,
				    generation);
	/* Another attempt may find less that is guarded. */
	settings->guarded_count = guarded_count;
	return error;
}

static void print(const struct nlctl *nlctl, const struct objects *objects,
		  uint64_t generation)
{
	if (nlctl->json)
		output_json(json_pack("{s:o, s:{s:I, s:I, s:I, s:I}}",
				      "generation", json_number(generation),
				      "restored", "addresses",
				      (json_int_t)objects->address_count,
				      "peer_sets",
				      (json_int_t)objects->peer_set_count,
				      "rule_sets",
				      (json_int_t)objects->rule_set_count,
				      "pods", (json_int_t)objects->pod_count));
	else
		printf("restored: pods %zu, rule sets %zu, peer sets %zu, addresses %zu; generation %llu\n",
		       objects->pod_count, objects->rule_set_count,
		       objects->peer_set_count, objects->address_count,
		       (unsigned long long)generation);
}

static void print_nothing(const struct nlctl *nlctl)
{
	if (nlctl->json)
		output_json(json_pack("{s:n}", "restored"));
	else
		puts("nothing restored: the module holds a policy already");
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	uint64_t since = clock_now();
	struct settings settings = {};
	struct objects objects = {};
	struct netlink *netlink = NULL;
	int result = EXIT_FAILURE;
	unsigned int attempts = 0;
	uint64_t generation;
	bool done = true;
	int error = 0;

	/* A file that is not needed may be damaged. */
	if (arguments_has(arguments, OPTION_IF_EMPTY)) {
		netlink = netlink_open(nlctl);
		if (!netlink)
			goto out;
		error = find_empty(netlink, &done, &generation);
	}
	if (error || !done)
		goto report;
	if (!read_file(nlctl, arguments->words[0], &objects, &settings))
		goto out;
	if (!netlink)
		netlink = netlink_open(nlctl);
	if (!netlink)
		goto out;
	do {
		error = replace_once(netlink, since, arguments, &objects,
				     &settings, &generation, &done);
	} while (live_retry(error, &attempts));

report:
	if (error) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	if (done)
		print(nlctl, &objects, generation);
	else
		print_nothing(nlctl);
	result = EXIT_SUCCESS;

out:
	netlink_close(netlink);
	settings_clear(&settings);
	objects_clear(&objects);
	return result;
}

const struct command restore_command = {
	.name = "restore",
	.synopsis = "[--keep-guard] [--if-empty] FILE|-",
	.summary = "Replace all objects and settings by those of a saved file.",
	.description =
		"The file is checked as a whole first: its format, its checksum, and every\n"
		"field. Then everything is replaced in one transaction, or nothing. With\n"
		"--keep-guard, blocks that are guarded now stay so besides those of the file.",
	.options = options,
	.example = "nlctl restore /var/lib/podwall/state.json",
	.word_min = 1,
	.word_max = 1,
	.run = run,
};
