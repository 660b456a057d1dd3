// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "cmd/commands.h"
#include "machine.h"
#include "names.h"
#include "output.h"
#include "query.h"
#include "state.h"

static void print_json(const struct status *status,
		       const struct machine *machine)
{
	const struct bypass *bypass = &machine->bypass;
	json_t *warnings = json_array();
	json_t *object;
	size_t i;

	for (i = 0; i < bypass->warning_count; i++)
		json_array_append_new(warnings, json_text(bypass->warnings[i]));
	object = json_pack(
		"{s:b, s:o, s:s, s:o, s:b, s:o, s:o, s:{s:o, s:o, s:o}, s:{s:o, s:o}, s:o, s:o, s:o, s:o, s:o, s:{s:I, s:b, s:b}, s:o}",
		"loaded", true, "version", json_text(status->version),
		"nlctl_version", nlctl_version(), "generation",
		json_number(status->generation), "enforcing", status->enforcing,
		"limits", amounts_json(&status->limits), "used",
		amounts_json(&status->used), "packets", "accepted",
		json_number(status->accepted_packets), "denied",
		json_number(status->denied_packets), "audited",
		json_number(status->audited_packets), "events", "sent",
		json_number(status->events_sent), "lost",
		json_number(status->events_lost), "commits_refused",
		json_number(status->commits_refused), "commits",
		json_number(status->commits), "desired_generation",
		json_number(status->desired_generation), "delay_nanoseconds",
		json_number(status->delay), "delay_sum_nanoseconds",
		json_number(status->delay_sum), "bridges", "count",
		(json_int_t)bypass->bridges, "ipv4_filtered",
		bypass->bridge_ipv4, "ipv6_filtered", bypass->bridge_ipv6,
		"warnings", warnings);
	if (machine->has_connections)
		json_object_set_new(
			object, "conntrack",
			json_pack("{s:o, s:o}", "count",
				  json_number(machine->connections), "max",
				  json_number(machine->connections_max)));
	output_json(object);
}

static void print_amounts(const struct status *status)
{
	struct table table;
	unsigned int field;

	table_begin(&table, "RESOURCE\tUSED\tLIMIT");
	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++) {
		table_add(&table, "%s", amount_name(field));
		table_add(&table, "%" PRIu64, amount_get(&status->used, field));
		table_add(&table, "%" PRIu64,
			  amount_get(&status->limits, field));
	}
	table_print(&table);
}

static void print_commits(const struct status *status)
{
	char delay[DURATION_TEXT_MAX];

	printf("commits          %" PRIu64 ", %" PRIu64 " refused",
	       status->commits, status->commits_refused);
	if (status->commits)
		printf("; the last was in force after %s",
		       duration_text(status->delay, delay));
	putchar('\n');
}

static void print_text(const struct status *status,
		       const struct machine *machine)
{
	const struct bypass *bypass = &machine->bypass;
	size_t i;

	printf("module           loaded, version %s\n", status->version);
	printf("nlctl            version %s\n", nlctl_version());
	printf("generation       %" PRIu64 "\n", status->generation);
	if (status->desired_generation > status->generation)
		printf("asked for        generation %" PRIu64
		       ", which is not in force\n",
		       status->desired_generation);
	printf("enforcing        %s\n",
	       status->enforcing ?
		       "yes" :
		       "no, no pod and no guarded block is registered in this network namespace");
	printf("packets          %" PRIu64 " accepted, %" PRIu64
	       " denied, %" PRIu64 " audited\n",
	       status->accepted_packets, status->denied_packets,
	       status->audited_packets);
	printf("events           %" PRIu64 " sent, %" PRIu64 " lost\n",
	       status->events_sent, status->events_lost);
	print_commits(status);
	if (machine->has_connections)
		printf("conntrack        %" PRIu64 " of %" PRIu64
		       " connections\n",
		       machine->connections, machine->connections_max);
	if (bypass->bridges)
		printf("bridges          %zu; bridged IPv4 is %s, bridged IPv6 is %s\n",
		       bypass->bridges,
		       bypass->bridge_ipv4 ? "judged" : "not judged",
		       bypass->bridge_ipv6 ? "judged" : "not judged");
	else
		printf("bridges          none\n");
	putchar('\n');
	print_amounts(status);
	for (i = 0; i < bypass->warning_count; i++)
		printf("%swarning: %s\n", i ? "" : "\n",
		       text_clean(bypass->warnings[i]));
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct netlink *netlink = netlink_open(nlctl);
	struct machine machine;
	struct status status;
	int result = EXIT_FAILURE;

	(void)arguments;
	if (!netlink)
		return EXIT_FAILURE;
	if (read_status(netlink, &status)) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	machine_look(&machine, &status);
	if (nlctl->json)
		print_json(&status, &machine);
	else
		print_text(&status, &machine);
	machine_clear(&machine);
	status_clear(&status);
	result = EXIT_SUCCESS;

out:
	netlink_close(netlink);
	return result;
}

const struct command status_command = {
	.name = "status",
	.synopsis = "",
	.summary = "Tell whether the module works, and what bypasses it.",
	.example = "nlctl status -o json",
	.exit_codes =
		"1 also when the module is not loaded. Warnings do not change the exit code.",
	.run = run,
};
