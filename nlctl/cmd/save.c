// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "file.h"
#include "live.h"
#include "output.h"
#include "policy/memory.h"
#include "progress.h"
#include "state.h"

/* Returns 0 or an errno value. */
static int save_file(const json_t *state, const char *path)
{
	char *json = json_dumps(state, JSON_SORT_KEYS | JSON_INDENT(1));
	int error = ENOMEM;
	char *text;

	if (!json)
		return error;
	text = xasprintf("%s\n", json);
	error = file_write(path, text, 0600);
	free(text);
	free(json);
	return error;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	const char *path = arguments->word_count ? arguments->words[0] : "-";
	struct netlink *netlink = netlink_open(nlctl);
	struct settings settings = {};
	struct objects objects = {};
	int result = EXIT_FAILURE;
	json_t *state;
	int error;

	if (!netlink)
		return EXIT_FAILURE;
	progress_begin("reading what is in force", 0);
	error = live_read(netlink, &objects, &settings);
	progress_end();
	if (error) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	state = state_json(&objects, &settings);
	if (!strcmp(path, "-")) {
		output_json(state);
		result = EXIT_SUCCESS;
		goto out;
	}
	progress_begin("writing", 0);
	error = save_file(state, path);
	progress_end();
	json_decref(state);
	if (error)
		nlctl_error(nlctl, "cannot write %s: %s", path,
			    strerror(error));
	else
		result = EXIT_SUCCESS;

out:
	settings_clear(&settings);
	objects_clear(&objects);
	netlink_close(netlink);
	return result;
}

const struct command save_command = {
	.name = "save",
	.synopsis = "[FILE|-]",
	.summary = "Write all objects and settings to a file, for restore.",
	.description =
		"The file is replaced in one step: whoever reads it sees the old content or the\n"
		"new. It is JSON whatever -o says, with a checksum, and without counters.",
	.example = "nlctl save /var/lib/podwall/state.json",
	.word_max = 1,
	.run = run,
};
