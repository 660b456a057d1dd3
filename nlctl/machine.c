// SPDX-License-Identifier: GPL-2.0-only
#include "machine.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "nlctl.h"

bool machine_has_module(void)
{
	return !access("/sys/module/podwall", F_OK);
}

/* Strict checks are what keeps a pod with raw sockets from forging. */
static bool checks_sources(void)
{
	uint64_t all, standard;

	if (!system_number("net/ipv4/conf/all/rp_filter", &all) ||
	    !system_number("net/ipv4/conf/default/rp_filter", &standard))
		return true;
	return all == 1 || standard == 1;
}

void machine_look(struct machine *machine, const struct status *status)
{
	struct bypass *bypass = &machine->bypass;

	*machine = (struct machine){};
	bypass_find(bypass);
	machine->has_connections =
		system_number("net/netfilter/nf_conntrack_count",
			      &machine->connections) &&
		system_number("net/netfilter/nf_conntrack_max",
			      &machine->connections_max);
	/* A full table drops packets that no policy denies. */
	if (machine->has_connections && machine->connections_max &&
	    machine->connections > machine->connections_max / 10 * 9)
		bypass_warn(
			bypass,
			"the table of connections is nearly full: raise net.netfilter.nf_conntrack_max");
	if (status->used.pods && !checks_sources())
		bypass_warn(
			bypass,
			"a pod with raw sockets can forge the address of another, because podwall takes source addresses for true: set net.ipv4.conf.all.rp_filter and net.ipv4.conf.default.rp_filter to 1");
	if (status->desired_generation > status->generation)
		bypass_warn(
			bypass,
			"what was asked for last is not in force: generation %" PRIu64
			" was asked for, and %" PRIu64
			" holds; a transaction is open, or was refused or lost: apply again if this stays so",
			status->desired_generation, status->generation);
	if (strcmp(status->version, nlctl_version()))
		bypass_warn(bypass,
			    "the module has version %s, nlctl has %s: install them from one release",
			    status->version, nlctl_version());
}

void machine_clear(struct machine *machine)
{
	bypass_clear(&machine->bypass);
	*machine = (struct machine){};
}
