// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cmd/commands.h"
#include "live.h"
#include "names.h"
#include "output.h"
#include "policy/memory.h"
#include "query.h"
#include "transaction.h"

#define EVENT_RATE_MAX 1000000

enum {
	OPTION_GUARD = 256,
	OPTION_ADD_GUARD,
	OPTION_NO_GUARD,
	OPTION_NODE_ACCESS,
	OPTION_DENY,
	OPTION_EVENT_RATE,
	OPTION_LIMIT,
};

static const struct option options[] = {
	{ OPTION_GUARD, "guard", "CIDR",
	  "Deny addresses of the block until a pod owns them; may repeat." },
	{ OPTION_ADD_GUARD, "add-guard", "CIDR",
	  "Guard a block besides what is guarded; may repeat." },
	{ OPTION_NO_GUARD, "no-guard", NULL, "Guard nothing." },
	{ OPTION_NODE_ACCESS, "node-access", "accept|judge",
	  "Whether policies judge a pod's connections to its node." },
	{ OPTION_DENY, "deny", "drop|reject",
	  "Drop silently, or reject with an ICMP error." },
	{ OPTION_EVENT_RATE, "event-rate", "N",
	  "Events of a kind a second at most; 0 sends only changes." },
	{ OPTION_LIMIT, "limit", "NAME=N",
	  "Change a limit; may repeat. \"get settings\" lists the names." },
	{},
};

static bool take_guard(const struct nlctl *nlctl, const char *text,
		       struct settings_change *change)
{
	struct network network;

	if (!network_parse(text, &network)) {
		nlctl_error(nlctl,
			    "\"%s\" is not a block of addresses, as 10.0.0.0/8 is",
			    text);
		return false;
	}
	if (network_mask(&network)) {
		nlctl_error(nlctl, "\"%s\" has bits beyond its prefix length",
			    text);
		return false;
	}
	*array_add(change->values.guarded, change->values.guarded_count) =
		network;
	change->guarded = true;
	return true;
}

static bool take_name(const struct nlctl *nlctl, const char *text,
		      enum enumeration enumeration, unsigned int *value)
{
	char *choices;

	*value = name_value(enumeration, text);
	if (*value)
		return true;
	choices = name_choices(enumeration);
	nlctl_error(nlctl, "\"%s\" is not %s", text, choices);
	free(choices);
	return false;
}

/* Names may be written with hyphens as well, as options are. */
static bool same_name(const char *name, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length && name[i]; i++)
		if (name[i] != (text[i] == '-' ? '_' : text[i]))
			return false;
	return i == length && !name[i];
}

static bool take_limit(const struct nlctl *nlctl, const char *text,
		       struct settings_change *change)
{
	size_t length = strcspn(text, "=");
	unsigned int field;
	uint64_t value;

	for (field = AMOUNT_FIRST; field <= AMOUNT_LAST; field++)
		if (same_name(amount_name(field), text, length))
			break;
	if (field > AMOUNT_LAST) {
		nlctl_error(nlctl,
			    "\"%s\" does not name a limit; \"nlctl get settings\" lists them",
			    text);
		return false;
	}
	if (!text[length] ||
	    !number_parse(text + length + 1, amount_max(field), &value)) {
		nlctl_error(
			nlctl,
			"\"%s\" is not of the form NAME=N with a number up to %" PRIu64,
			text, amount_max(field));
		return false;
	}
	amount_set(&change->values.limits, field, value);
	change->limits |= 1u << field;
	return true;
}

static bool take_option(const struct nlctl *nlctl,
			const struct option_value *option,
			struct settings_change *change)
{
	struct settings *values = &change->values;
	unsigned int name = 0;
	uint64_t number;

	switch (option->id) {
	case OPTION_GUARD:
	case OPTION_ADD_GUARD:
		return take_guard(nlctl, option->value, change);
	case OPTION_NODE_ACCESS:
		if (!take_name(nlctl, option->value, ENUMERATION_NODE_ACCESS,
			       &name))
			return false;
		values->node_access = name;
		return true;
	case OPTION_DENY:
		if (!take_name(nlctl, option->value, ENUMERATION_DENY_ACTION,
			       &name))
			return false;
		values->deny_action = name;
		return true;
	case OPTION_EVENT_RATE:
		if (!number_parse(option->value, EVENT_RATE_MAX, &number)) {
			nlctl_error(nlctl, "\"%s\" is not a number up to %d",
				    option->value, EVENT_RATE_MAX);
			return false;
		}
		values->event_rate = number;
		change->event_rate = true;
		return true;
	case OPTION_LIMIT:
		return take_limit(nlctl, option->value, change);
	default:
		change->guarded = true;
		return true;
	}
}

static bool take_options(const struct nlctl *nlctl,
			 const struct arguments *arguments,
			 struct settings_change *change)
{
	size_t i;

	if (!arguments->option_count) {
		nlctl_error(nlctl, "nothing to set: give at least one option");
		return false;
	}
	if (arguments_has(arguments, OPTION_GUARD) +
		    arguments_has(arguments, OPTION_ADD_GUARD) +
		    arguments_has(arguments, OPTION_NO_GUARD) >
	    1) {
		nlctl_error(
			nlctl,
			"options --guard, --add-guard and --no-guard exclude each other");
		return false;
	}
	for (i = 0; i < arguments->option_count; i++)
		if (!take_option(nlctl, &arguments->options[i], change))
			return false;
	return true;
}

/* What is guarded besides holds for one generation: another is not changed. */
static int add_guarded(struct netlink *netlink, uint64_t since,
		       const struct settings_change *change,
		       uint64_t *generation)
{
	struct settings_change whole = *change;
	struct settings live;
	uint64_t expected;
	size_t i;
	int error = read_settings(netlink, &live, &expected);

	if (error)
		return error;
	for (i = 0; i < change->values.guarded_count; i++)
		settings_guard(&live, &change->values.guarded[i]);
	whole.values.guarded = live.guarded;
	whole.values.guarded_count = live.guarded_count;
	error = transaction_settings(netlink, since, &whole, &expected,
				     generation);
	settings_clear(&live);
	return error;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	uint64_t since = clock_now();
	struct settings_change change = {};
	struct netlink *netlink = NULL;
	int status = EXIT_FAILURE;
	unsigned int attempts = 0;
	uint64_t generation;
	int error;

	if (!take_options(nlctl, arguments, &change)) {
		status = EXIT_USAGE;
		goto out;
	}
	netlink = netlink_open(nlctl);
	if (!netlink)
		goto out;
	do {
		error = arguments_has(arguments, OPTION_ADD_GUARD) ?
				add_guarded(netlink, since, &change,
					    &generation) :
				transaction_settings(netlink, since, &change,
						     NULL, &generation);
	} while (live_retry(error, &attempts));
	if (error) {
		netlink_report(nlctl, netlink);
		goto out;
	}
	if (nlctl->json)
		output_json(json_pack("{s:o}", "generation",
				      json_number(generation)));
	else
		printf("settings changed; generation %" PRIu64 "\n",
		       generation);
	status = EXIT_SUCCESS;

out:
	netlink_close(netlink);
	settings_clear(&change.values);
	return status;
}

const struct command set_command = {
	.name = "set",
	.synopsis =
		"[--guard CIDR ... | --add-guard CIDR ... | --no-guard]\n"
		"                 [--node-access accept|judge] [--deny drop|reject] [--event-rate N] [--limit NAME=N ...]",
	.summary = "Change settings of the module, in one transaction.",
	.description =
		"What is not given stays as it is. The guarded blocks that are given replace all\n"
		"earlier ones.",
	.options = options,
	.example =
		"nlctl set --guard 10.244.1.0/24 --deny reject --limit pods=500",
	.run = run,
};
