// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "judge.h"
#include "live.h"
#include "output.h"
#include "policy/memory.h"
#include "sources.h"

static const struct option options[] = {
	FILE_OPTION,
	LENIENT_OPTION,
	{},
};

static const char *family_name(const struct explanation *explanation)
{
	return explanation->connection.server.family == AF_INET ? "ipv4" :
								  "ipv6";
}

static void print_json(const struct end *from, const struct end *to,
		       const struct service_port *port,
		       const struct ruling *ruling)
{
	json_t *object = explanation_json(ruling->worst);
	json_t *families = json_object();
	size_t i;

	for (i = 0; i < ruling->count; i++)
		json_object_set_new(families,
				    family_name(&ruling->explanations[i]),
				    explanation_json(&ruling->explanations[i]));
	json_object_set_new(object, "families", families);
	json_object_set_new(object, "from", json_text(from->text));
	json_object_set_new(object, "to", json_text(to->text));
	json_object_set_new(object, "port", json_text(port->text));
	if (ruling->refusal_count) {
		json_t *refusals = json_array();

		for (i = 0; i < ruling->refusal_count; i++)
			json_array_append_new(refusals,
					      json_text(ruling->refusals[i]));
		json_object_set_new(object, "refusals", refusals);
	}
	if (ruling->worst->generation)
		json_object_set_new(object, "generation",
				    json_number(ruling->worst->generation));
	output_json(object);
}

static char *end_text(const struct end *end, const struct ip *ip)
{
	char address[NETWORK_TEXT_MAX];

	if (!end->is_pod)
		return xstrdup(end->text);
	return xasprintf("%s (%s)", end->text, ip_text(ip, address));
}

static bool is_same_answer(const struct explanation *a,
			   const struct explanation *b)
{
	return a->verdict == b->verdict &&
	       explanation_audited(a) == explanation_audited(b);
}

static void print_text(const struct end *from, const struct end *to,
		       const struct service_port *port,
		       const struct ruling *ruling)
{
	bool differ = ruling->count == 2 &&
		      !is_same_answer(&ruling->explanations[0],
				      &ruling->explanations[1]);
	size_t i;

	for (i = 0; i < ruling->count; i++) {
		const struct explanation *explanation =
			&ruling->explanations[i];
		const struct connection *connection = &explanation->connection;
		char *client, *server, *title;

		if (!differ && explanation != ruling->worst)
			continue;
		client = end_text(from, &connection->client);
		server = end_text(to, &connection->server);
		title = text_clean(xasprintf("%s -> %s, %s", client, server,
					     port->text));
		explanation_print(explanation, title);
		free(title);
		free(server);
		free(client);
	}
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
		   const struct service_port *port)
{
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
	} else if (nlctl->json) {
		print_json(&from, &to, port, &ruling);
	} else {
		print_text(&from, &to, port, &ruling);
	}
	ruling_clear(&ruling);
	return error;
}

static int run(struct nlctl *nlctl, const struct arguments *arguments)
{
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
	if (!judge_open(nlctl, arguments, &judge))
		goto out;
	error = explain(nlctl, &judge, targets, &port);
	while (live_retry(error, &attempts)) {
		error = judge_refresh(&judge);
		if (error) {
			netlink_report(nlctl, judge.netlink);
			goto out;
		}
		error = explain(nlctl, &judge, targets, &port);
	}
	if (error == -ESTALE)
		netlink_report(nlctl, judge.netlink);

out:
	judge_close(&judge);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct command explain_command = {
	.name = "explain",
	.synopsis = "[-f FILE ...] [--lenient] FROM TO PORT/PROTOCOL",
	.summary = "Tell how a connection is judged, and by which rules.",
	.description =
		"FROM and TO are NAMESPACE/NAME of a pod, or an address inside or outside the\n"
		"cluster. PORT/PROTOCOL is as 80/tcp, 53/udp, 9/sctp; icmp, icmpv6 or a\n"
		"protocol's number stand alone. Without -f the module answers; with -f the\n"
		"manifests do, without the module. Pods with addresses of two families are\n"
		"asked about in both, and a denial counts.",
	.options = options,
	.example = "nlctl explain default/frontend default/backend 8080/tcp",
	.exit_codes = "0 tells that there is an answer, whatever the verdict.",
	.word_min = 3,
	.word_max = 3,
	.run = run,
};
