// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "cmd/commands.h"
#include "sources.h"

static const struct option options[] = {
	FILE_OPTION, LENIENT_OPTION, NODE_OPTION, ALLOW_EMPTY_OPTION, {},
};

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	const char *node = arguments_value(arguments, OPTION_NODE);
	struct netlink *netlink = NULL;
	struct cluster cluster = {};
	int status = EXIT_FAILURE;
	struct plan plan;

	if (!sources_check(nlctl, arguments, true))
		return EXIT_USAGE;
	if (!sources_read_whole(nlctl, arguments, &cluster))
		goto out;
	netlink = netlink_open(nlctl);
	if (!netlink || !plan_make(nlctl, netlink, &cluster, node, &plan))
		goto out;
	plan_print(nlctl, &plan, plan.live.generation, false);
	plan_clear(&plan);
	status = EXIT_SUCCESS;

out:
	netlink_close(netlink);
	cluster_clear(&cluster);
	return status;
}

const struct command diff_command = {
	.name = "diff",
	.synopsis =
		"-f FILE|DIRECTORY|- [-f ...] [--node NAME] [--lenient] [--allow-empty]",
	.summary = "Print what apply would change.",
	.options = options,
	.example = "nlctl diff -f policy.yaml -o json",
	.exit_codes =
		"0 tells that the comparison succeeded, whether or not there are changes.",
	.run = run,
};
