// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"
#include "listing.h"
#include "live.h"
#include "output.h"
#include "state.h"

enum {
	OPTION_WIDE = 256,
};

static const struct option options[] = {
	{ OPTION_WIDE, "wide", NULL,
	  "Show lists whole, and more columns, in tables." },
	{},
};

enum kind {
	KIND_PODS,
	KIND_RULE_SETS,
	KIND_PEER_SETS,
	KIND_ADDRESSES,
	KIND_SETTINGS,
	KIND_COUNT,
};

static const char *const kinds[KIND_COUNT] = {
	[KIND_PODS] = "pods",	       [KIND_RULE_SETS] = "rulesets",
	[KIND_PEER_SETS] = "peersets", [KIND_ADDRESSES] = "addresses",
	[KIND_SETTINGS] = "settings",
};

static void print_json(enum kind kind, const struct objects *objects,
		       const struct settings *settings)
{
	json_t *object = json_object();

	json_object_set_new(object, "generation",
			    json_number(objects->generation));
	switch (kind) {
	case KIND_PODS:
		json_object_set_new(object, "pods", pods_json(objects, true));
		break;
	case KIND_RULE_SETS:
		json_object_set_new(object, "rule_sets",
				    rule_sets_json(objects, true));
		break;
	case KIND_PEER_SETS:
		json_object_set_new(object, "peer_sets",
				    peer_sets_json(objects));
		break;
	case KIND_ADDRESSES:
		json_object_set_new(object, "addresses",
				    addresses_json(objects));
		break;
	default:
		json_object_set_new(object, "settings",
				    settings_json(settings));
	}
	output_json(object);
}

static void print_table(enum kind kind, const struct objects *objects,
			const struct settings *settings, bool wide)
{
	switch (kind) {
	case KIND_PODS:
		return print_pods(objects, wide);
	case KIND_RULE_SETS:
		return print_rule_sets(objects, wide);
	case KIND_PEER_SETS:
		return print_peer_sets(objects, wide);
	case KIND_ADDRESSES:
		return print_addresses(objects);
	default:
		return print_settings(settings);
	}
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	struct settings settings;
	struct netlink *netlink;
	struct objects objects;
	enum kind kind;
	int error;

	for (kind = 0; kind < KIND_COUNT; kind++)
		if (!strcmp(kinds[kind], arguments->words[0]))
			break;
	if (kind == KIND_COUNT) {
		nlctl_error(nlctl,
			    "\"%s\" is not one of pods, rulesets, peersets, addresses, settings",
			    arguments->words[0]);
		return EXIT_USAGE;
	}

	netlink = netlink_open(nlctl);
	if (!netlink)
		return EXIT_FAILURE;
	error = live_read(netlink, &objects, &settings);
	if (error)
		netlink_report(nlctl, netlink);
	else if (nlctl->json)
		print_json(kind, &objects, &settings);
	else
		print_table(kind, &objects, &settings,
			    arguments_has(arguments, OPTION_WIDE));
	settings_clear(&settings);
	objects_clear(&objects);
	netlink_close(netlink);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command get_command = {
	.name = "get",
	.synopsis = "pods|rulesets|peersets|addresses|settings [--wide]",
	.summary = "List what the module holds.",
	.options = options,
	.example = "nlctl get rulesets -o json",
	.word_min = 1,
	.word_max = 1,
	.run = run,
};
