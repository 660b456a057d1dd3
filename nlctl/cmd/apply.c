// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "cmd/commands.h"
#include "live.h"
#include "sources.h"
#include "transaction.h"

enum {
	OPTION_DRY_RUN = 256,
};

static const struct option options[] = {
	FILE_OPTION,
	LENIENT_OPTION,
	NODE_OPTION,
	ALLOW_EMPTY_OPTION,
	{ OPTION_DRY_RUN, "dry-run", NULL,
	  "Print the changes, but change nothing." },
	{},
};

/* One attempt: 0, -ESTALE when another writer was faster, or another error,
 * which was printed.
 */
static int attempt_apply(const struct nlctl *nlctl, struct netlink *netlink,
			 uint64_t since, const struct cluster *cluster,
			 const char *node, bool dry_run)
{
	struct plan plan;
	uint64_t generation;
	int error = 0;

	if (!plan_make(nlctl, netlink, cluster, node, &plan))
		return -EINVAL;
	generation = plan.live.generation;
	if (!dry_run && !difference_empty(&plan.difference))
		error = transaction_change(netlink, since, &plan.difference,
					   plan.live.generation, &generation);
	if (!error)
		plan_print(nlctl, &plan, generation, !dry_run);
	else if (error != -ESTALE)
		netlink_report(nlctl, netlink);
	plan_clear(&plan);
	return error;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	bool dry_run = arguments_has(arguments, OPTION_DRY_RUN);
	const char *node = arguments_value(arguments, OPTION_NODE);
	struct netlink *netlink = NULL;
	struct cluster cluster = {};
	unsigned int attempts = 0;
	uint64_t since = clock_now();
	int error = -EINVAL;

	if (!sources_check(nlctl, arguments, true))
		return EXIT_USAGE;
	if (!sources_read_whole(nlctl, arguments, &cluster))
		goto out;
	netlink = netlink_open(nlctl);
	if (!netlink)
		goto out;
	do
		error = attempt_apply(nlctl, netlink, since, &cluster, node,
				      dry_run);
	while (live_retry(error, &attempts));
	if (error == -ESTALE)
		nlctl_error(nlctl,
			    "another writer changed the policy each of the %u times; nothing was changed: %s",
			    attempts, netlink_text(netlink));

out:
	netlink_close(netlink);
	cluster_clear(&cluster);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command apply_command = {
	.name = "apply",
	.synopsis =
		"-f FILE|DIRECTORY|- [-f ...] [--node NAME] [--dry-run] [--lenient] [--allow-empty]",
	.summary =
		"Make the policy what the manifests say, in one transaction.",
	.description =
		"The manifests are the whole: what the module holds and they do not say is\n"
		"removed. Settings stay. Either everything is changed or nothing.\n"
		"A source without any object, and a node that the manifests do not name, are\n"
		"refused, because they would remove the policy.",
	.options = options,
	.example = "nlctl apply -f /etc/podwall/manifests --node worker-1",
	.run = run,
};
