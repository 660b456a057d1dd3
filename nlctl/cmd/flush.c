// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "cmd/commands.h"
#include "live.h"
#include "output.h"
#include "query.h"
#include "transaction.h"

static void print(const struct nlctl *nlctl, const struct amounts *used,
		  uint64_t generation)
{
	if (nlctl->json)
		output_json(json_pack("{s:o, s:{s:I, s:I, s:I, s:I}}",
				      "generation", json_number(generation),
				      "removed", "addresses",
				      (json_int_t)used->addresses, "peer_sets",
				      (json_int_t)used->peer_sets, "rule_sets",
				      (json_int_t)used->rule_sets, "pods",
				      (json_int_t)used->pods));
	else
		printf("removed: pods %u, rule sets %u, peer sets %u, addresses %u; generation %llu\n",
		       used->pods, used->rule_sets, used->peer_sets,
		       used->addresses, (unsigned long long)generation);
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	uint64_t since = clock_now();
	struct netlink *netlink = netlink_open(nlctl);
	unsigned int attempts = 0;
	struct status status;
	uint64_t generation;
	int error;

	(void)arguments;
	if (!netlink)
		return EXIT_FAILURE;
	do {
		error = read_status(netlink, &status);
		if (error)
			break;
		error = transaction_flush(netlink, since, status.generation,
					  &generation);
		if (!error)
			print(nlctl, &status.used, generation);
		status_clear(&status);
	} while (live_retry(error, &attempts));
	if (error)
		netlink_report(nlctl, netlink);
	netlink_close(netlink);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command flush_command = {
	.name = "flush",
	.synopsis = "",
	.summary = "Remove all pods, rule sets, peer sets and addresses.",
	.description =
		"Nothing is enforced afterwards, except in guarded blocks: settings stay.",
	.example = "nlctl flush",
	.run = run,
};
