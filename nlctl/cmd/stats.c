// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "listing.h"
#include "live.h"
#include "output.h"
#include "query.h"
#include "state.h"

static void print_json(const struct status *status,
		       const struct objects *objects)
{
	output_json(json_pack("{s:o, s:{s:o, s:o, s:o}, s:{s:o, s:o}, s:o}",
			      "generation", json_number(objects->generation),
			      "packets", "accepted",
			      json_number(status->accepted_packets), "denied",
			      json_number(status->denied_packets), "audited",
			      json_number(status->audited_packets), "events",
			      "sent", json_number(status->events_sent), "lost",
			      json_number(status->events_lost), "rule_sets",
			      rule_sets_json(objects, true)));
}

static void print_table(const struct status *status,
			const struct objects *objects)
{
	printf("packets accepted  %" PRIu64 "\n"
	       "packets denied    %" PRIu64 "\n"
	       "packets audited   %" PRIu64 "\n"
	       "events sent       %" PRIu64 "\n"
	       "events lost       %" PRIu64 "\n\n",
	       status->accepted_packets, status->denied_packets,
	       status->audited_packets, status->events_sent,
	       status->events_lost);
	print_rule_sets(objects, true);
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct netlink *netlink = netlink_open(nlctl);
	struct settings settings = {};
	struct objects objects = {};
	struct status status = {};
	int result = EXIT_FAILURE;

	(void)arguments;
	if (!netlink)
		return EXIT_FAILURE;
	if (live_read(netlink, &objects, &settings) ||
	    read_status(netlink, &status)) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	if (nlctl->json)
		print_json(&status, &objects);
	else
		print_table(&status, &objects);
	result = EXIT_SUCCESS;

out:
	status_clear(&status);
	settings_clear(&settings);
	objects_clear(&objects);
	netlink_close(netlink);
	return result;
}

const struct command stats_command = {
	.name = "stats",
	.synopsis = "",
	.summary = "Print what was counted, in total and by rule.",
	.example = "nlctl stats",
	.run = run,
};
