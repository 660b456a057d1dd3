// SPDX-License-Identifier: GPL-2.0-only
#include "agent_option.h"

#include <stdlib.h>
#include <string.h>

#include "policy/memory.h"
#include "policy/name_syntax.h"
#include "sources.h"

#define COMPARE_SECONDS 60
#define COMPARE_SECONDS_MAX 86400

enum {
	OPTION_KUBECONFIG = 256,
	OPTION_START_UP,
	OPTION_GUARD,
	OPTION_LISTEN,
	OPTION_DIRECTORY,
	OPTION_COMPARE,
};

const struct option agent_options[] = {
	NODE_OPTION,
	{ OPTION_KUBECONFIG, "kubeconfig", "FILE",
	  "Reach the API server so, not by the service account of a pod." },
	{ OPTION_START_UP, "start-up", "closed|open",
	  "Whether a pod has to wait for its policy (closed)." },
	{ OPTION_GUARD, "guard", "BLOCK",
	  "Guard a block besides the node's podCIDRs; may repeat." },
	{ OPTION_LISTEN, "listen", "ADDRESS:PORT",
	  "Where to serve health and metrics, or none." },
	{ OPTION_DIRECTORY, "directory", "DIRECTORY",
	  "Where to meet podwall-cni." },
	{ OPTION_COMPARE, "compare", "SECONDS",
	  "How often to compare all with the kernel (60)." },
	{},
};

static bool take_block(const struct nlctl *nlctl, const char *text,
		       struct agent_options *options)
{
	struct network network;

	if (!network_parse(text, &network) || network_mask(&network)) {
		nlctl_error(nlctl,
			    "\"%s\" is not a block of addresses such as 10.244.1.0/24",
			    text);
		return false;
	}
	*array_add(options->guarded, options->guarded_count) = network;
	return true;
}

static bool take_option(const struct nlctl *nlctl,
			const struct option_value *option,
			struct agent_options *options)
{
	uint64_t number;

	switch (option->id) {
	case OPTION_NODE:
		options->node = option->value;
		return true;
	case OPTION_KUBECONFIG:
		options->kubeconfig = option->value;
		return true;
	case OPTION_START_UP:
		options->open = !strcmp(option->value, "open");
		if (options->open || !strcmp(option->value, "closed"))
			return true;
		nlctl_error(nlctl, "\"%s\" is not closed or open",
			    option->value);
		return false;
	case OPTION_GUARD:
		return take_block(nlctl, option->value, options);
	case OPTION_LISTEN:
		options->listen =
			strcmp(option->value, "none") ? option->value : NULL;
		return true;
	case OPTION_DIRECTORY:
		options->directory = option->value;
		return true;
	case OPTION_COMPARE:
		if (number_parse(option->value, COMPARE_SECONDS_MAX, &number) &&
		    number) {
			options->compare = number;
			return true;
		}
		nlctl_error(nlctl,
			    "\"%s\" is not a number of seconds from 1 to %u",
			    option->value, COMPARE_SECONDS_MAX);
		return false;
	default:
		return false;
	}
}

bool agent_options_read(const struct nlctl *nlctl,
			const struct arguments *arguments,
			struct agent_options *options)
{
	const char *wrong;
	size_t i;

	*options = (struct agent_options){
		.node = getenv("NODE_NAME"),
		.listen = AGENT_LISTEN,
		.directory = AGENT_DIRECTORY,
		.compare = COMPARE_SECONDS,
	};
	for (i = 0; i < arguments->option_count; i++)
		if (!take_option(nlctl, &arguments->options[i], options))
			return false;
	if (!options->node || !*options->node) {
		nlctl_error(
			nlctl,
			"which node is this? Name it with --node, or in $NODE_NAME, as the API server does");
		return false;
	}
	wrong = dns_subdomain_wrong(options->node);
	if (wrong) {
		nlctl_error(nlctl, "--node: \"%s\" %s", options->node, wrong);
		return false;
	}
	if (options->open && options->guarded_count) {
		nlctl_error(
			nlctl,
			"--guard closes what --start-up open opens: give one of them");
		return false;
	}
	return true;
}

void agent_options_clear(struct agent_options *options)
{
	free(options->guarded);
	*options = (struct agent_options){};
}
