// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "judge.h"
#include "live.h"
#include "names.h"
#include "output.h"
#include "packet_explanation.h"
#include "policy/memory.h"
#include "sources.h"
#include "story.h"

enum {
	OPTION_WIDE = 256,
	OPTION_PACKET,
	OPTION_TIMEOUT,
	OPTION_DENIED,
	OPTION_DIRECTION,
};

#define WORDS 3
#define SECONDS_MAX 86400

static const struct option options[] = {
	FILE_OPTION,
	LENIENT_OPTION,
	{ OPTION_WIDE, "wide", NULL, "Show every rule, and all near misses." },
	{ OPTION_PACKET, "packet", "POD",
	  "Wait for the next packet of a pod, and explain it." },
	{ OPTION_TIMEOUT, "timeout", "SECONDS",
	  "Wait no longer for the packet." },
	{ OPTION_DENIED, "denied", NULL, "Wait for a packet that is denied." },
	{ OPTION_DIRECTION, "direction", "DIRECTION",
	  "Wait for one judged for ingress, or for egress." },
	{},
};

static const char *family_name(const struct explanation *explanation)
{
	return explanation->connection.server.family == AF_INET ? "ipv4" :
								  "ipv6";
}

/* The stories, one for each answer. */
struct stories {
	struct story list[2];
	size_t count;
	const struct story *worst;
};

static void make_stories(const struct judge *judge, const struct end *from,
			 const struct end *to, const struct ruling *ruling,
			 struct stories *stories)
{
	stories->count = ruling->count;
	for (size_t i = 0; i < ruling->count; i++) {
		story_make(judge, from, to, &ruling->explanations[i],
			   &stories->list[i]);
		if (ruling->worst == &ruling->explanations[i])
			stories->worst = &stories->list[i];
	}
}

static void clear_stories(struct stories *stories)
{
	size_t i;

	for (i = 0; i < stories->count; i++)
		story_clear(&stories->list[i]);
}

static json_t *refusals_json(const struct ruling *ruling)
{
	json_t *refusals = json_array();
	size_t i;

	for (i = 0; i < ruling->refusal_count; i++)
		json_array_append_new(refusals, json_text(ruling->refusals[i]));
	return refusals;
}

static void print_json(const struct end *from, const struct end *to,
		       const struct service_port *port,
		       const struct ruling *ruling,
		       const struct stories *stories)
{
	json_t *object = story_json(stories->worst);
	json_t *families = json_object();
	size_t i;

	for (i = 0; i < stories->count; i++)
		json_object_set_new(families,
				    family_name(&ruling->explanations[i]),
				    story_json(&stories->list[i]));
	json_object_set_new(object, "families", families);
	json_object_set_new(object, "from", json_text(from->text));
	json_object_set_new(object, "to", json_text(to->text));
	json_object_set_new(object, "port", json_text(port->text));
	if (ruling->refusal_count)
		json_object_set_new(object, "refusals", refusals_json(ruling));
	if (ruling->worst->generation)
		json_object_set_new(object, "generation",
				    json_number(ruling->worst->generation));
	output_json(object);
}

static bool is_same_answer(const struct explanation *a,
			   const struct explanation *b)
{
	return a->verdict == b->verdict &&
	       explanation_audited(a) == explanation_audited(b);
}

static void print_text(const struct service_port *port,
		       const struct ruling *ruling,
		       const struct stories *stories, bool wide)
{
	bool differ = ruling->count == 2 &&
		      !is_same_answer(&ruling->explanations[0],
				      &ruling->explanations[1]);
	size_t i;

	for (i = 0; i < stories->count; i++)
		if (differ || stories->worst == &stories->list[i])
			story_print(&stories->list[i], port->text, wide);
	for (i = 0; i < ruling->refusal_count; i++)
		printf("no answer: %s\n", ruling->refusals[i]);
}

static void tell_refusal(const struct nlctl *nlctl, const struct end *from,
			 const struct end *to, const struct service_port *port,
			 const struct ruling *ruling)
{
	size_t i;

	for (i = 0; i < ruling->refusal_count; i++)
		nlctl_error(nlctl, "no answer: %s", ruling->refusals[i]);
	if (!ruling->refusal_count)
		nlctl_error(nlctl,
			    "%s and %s have no address family in common that has %s",
			    from->text, to->text, port->text);
}

static int explain(const struct nlctl *nlctl, struct judge *judge,
		   const struct target *targets,
		   const struct service_port *port, bool wide)
{
	struct stories stories = {};
	struct end from, to;
	struct ruling ruling;
	int error;

	if (!judge_find(nlctl, judge, &targets[0], &from) ||
	    !judge_find(nlctl, judge, &targets[1], &to))
		return -ENOENT;
	error = judge_ask(judge, &from, &to, port, &ruling);
	if (error) {
		if (error != -ESTALE)
			netlink_report(nlctl, judge->netlink);
	} else if (!ruling.count) {
		tell_refusal(nlctl, &from, &to, port, &ruling);
		error = -EAFNOSUPPORT;
	} else {
		make_stories(judge, &from, &to, &ruling, &stories);
		if (nlctl->json)
			print_json(&from, &to, port, &ruling, &stories);
		else
			print_text(port, &ruling, &stories, wide);
		clear_stories(&stories);
	}
	ruling_clear(&ruling);
	return error;
}

static int explain_words(struct nlctl *nlctl, const struct arguments *arguments)
{
	bool wide = arguments_has(arguments, OPTION_WIDE);
	struct target targets[2];
	struct service_port port;
	unsigned int attempts = 0;
	struct judge judge;
	int error = -EINVAL;

	if (!target_parse(nlctl, arguments->words[0], &targets[0]) ||
	    !target_parse(nlctl, arguments->words[1], &targets[1]) ||
	    !service_port_parse(nlctl, arguments->words[2], &port) ||
	    !sources_check(nlctl, arguments, false))
		return EXIT_USAGE;
	if (!judge_open(nlctl, arguments, true, &judge))
		goto out;
	error = explain(nlctl, &judge, targets, &port, wide);
	while (live_retry(error, &attempts)) {
		error = judge_refresh(&judge);
		if (error) {
			netlink_report(nlctl, judge.netlink);
			goto out;
		}
		error = explain(nlctl, &judge, targets, &port, wide);
	}
	if (error == -ESTALE)
		netlink_report(nlctl, judge.netlink);

out:
	judge_close(&judge);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

static bool read_direction(const struct nlctl *nlctl, const char *text,
			   enum podwall_direction *direction)
{
	char *choices;

	*direction = text ? name_value(ENUMERATION_DIRECTION, text) : 0;
	if (!text || *direction)
		return true;
	choices = name_choices(ENUMERATION_DIRECTION);
	nlctl_error(nlctl, "option --direction: \"%s\" is not %s", text,
		    choices);
	free(choices);
	return false;
}

static bool read_timeout(const struct nlctl *nlctl, const char *text,
			 int *timeout)
{
	uint64_t seconds;

	*timeout = -1;
	if (!text)
		return true;
	if (!number_parse(text, SECONDS_MAX, &seconds) || !seconds) {
		nlctl_error(nlctl,
			    "option --timeout: \"%s\" is not a number of seconds from 1 to %d",
			    text, SECONDS_MAX);
		return false;
	}
	*timeout = seconds * 1000;
	return true;
}

static int explain_packet(struct nlctl *nlctl,
			  const struct arguments *arguments)
{
	const char *pod = arguments_value(arguments, OPTION_PACKET);
	struct packet_wish wish = {
		.pod = pod,
		.denied = arguments_has(arguments, OPTION_DENIED),
	};
	int status = EXIT_FAILURE, timeout;
	struct target target;
	struct judge judge;
	struct end end;

	if (!target_parse(nlctl, pod, &target))
		return EXIT_USAGE;
	if (!target.is_pod) {
		nlctl_error(nlctl,
			    "option --packet: \"%s\" is not NAMESPACE/NAME of a pod",
			    pod);
		return EXIT_USAGE;
	}
	if (arguments->word_count || arguments_has(arguments, 'f')) {
		nlctl_error(nlctl,
			    "option --packet: the packet says what is explained; leave out %s",
			    arguments->word_count ? arguments->words[0] :
						    "--file");
		return EXIT_USAGE;
	}
	if (!read_timeout(nlctl, arguments_value(arguments, OPTION_TIMEOUT),
			  &timeout) ||
	    !read_direction(nlctl, arguments_value(arguments, OPTION_DIRECTION),
			    &wish.direction))
		return EXIT_USAGE;
	if (judge_open(nlctl, arguments, true, &judge) &&
	    judge_find(nlctl, &judge, &target, &end))
		status = packet_explain(nlctl, &judge, &wish, timeout,
					arguments_has(arguments, OPTION_WIDE));
	judge_close(&judge);
	return status;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
	static const struct {
		int id;
		const char *name;
	} others[] = {
		{ OPTION_TIMEOUT, "timeout" },
		{ OPTION_DENIED, "denied" },
		{ OPTION_DIRECTION, "direction" },
	};
	size_t i;

	if (arguments_has(arguments, OPTION_PACKET))
		return explain_packet(nlctl, arguments);
	for (i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (!arguments_has(arguments, others[i].id))
			continue;
		nlctl_error(nlctl, "option --%s goes with --packet",
			    others[i].name);
		return EXIT_USAGE;
	}
	if (arguments->word_count < WORDS) {
		nlctl_error(
			nlctl,
			"arguments are missing: FROM TO PORT/PROTOCOL, or --packet POD");
		return EXIT_USAGE;
	}
	return explain_words(nlctl, arguments);
}

const struct command explain_command = {
	.name = "explain",
	.synopsis =
		"[--wide] [-f FILE ...] [--lenient] FROM TO PORT/PROTOCOL\n"
		"       nlctl explain [--wide] --packet POD [--timeout SECONDS] [--denied] [--direction DIRECTION]",
	.summary = "Tell how a connection is judged, and by which rules.",
	.description =
		"FROM and TO are NAMESPACE/NAME of a pod, or an address inside or outside the\n"
		"cluster. PORT/PROTOCOL is as 80/tcp, 53/udp, 9/sctp; icmp and icmpv6\n"
		"stand alone. Without -f the module answers; with -f the manifests do, without\n"
		"the module. Pods with addresses of two families are asked about in both, and\n"
		"a denial counts.\n"
		"Each direction is told tier by tier, with near misses: rules that would have\n"
		"decided otherwise but for the port, or but for the peer.\n"
		"With --packet the connection is that of the next packet which the pod sends\n"
		"or is sent. \"listening\" on standard error says that none will be missed\n"
		"from now on. It needs tracefs.",
	.options = options,
	.example = "nlctl explain default/frontend default/backend 8080/tcp",
	.exit_codes = "0 tells that there is an answer, whatever the verdict.",
	.word_max = WORDS,
	.run = run,
};
