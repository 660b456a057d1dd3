// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "output.h"
#include "policy/memory.h"
#include "state_reader.h"
#include "transaction.h"

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
	if (!standard)
		fclose(file);
	if (problem)
		nlctl_error(nlctl, "%s: %s; nothing was changed", path,
			    problem);
	free(problem);
	return !problem;
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

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct settings settings = {};
	struct objects objects = {};
	struct netlink *netlink;
	int result = EXIT_FAILURE;
	uint64_t generation;

	if (!read_file(nlctl, arguments->words[0], &objects, &settings))
		return EXIT_FAILURE;
	netlink = netlink_open(nlctl);
	if (!netlink)
		goto out;
	if (transaction_replace(netlink, &objects, &settings, &generation)) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	print(nlctl, &objects, generation);
	result = EXIT_SUCCESS;

out:
	netlink_close(netlink);
	settings_clear(&settings);
	objects_clear(&objects);
	return result;
}

const struct command restore_command = {
	.name = "restore",
	.synopsis = "FILE|-",
	.summary = "Replace all objects and settings by those of a saved file.",
	.description =
		"The file is checked as a whole first: its format, its checksum, and every\n"
		"field. Then everything is replaced in one transaction, or nothing.",
	.example = "nlctl restore /var/lib/podwall/state.json",
	.word_min = 1,
	.word_max = 1,
	.run = run,
};
