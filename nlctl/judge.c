// SPDX-License-Identifier: GPL-2.0-only
#include "judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "live.h"
#include "message.h"
#include "policy/compiler.h"
#include "policy/memory.h"
#include "query.h"
#include "sources.h"

static const int families[] = { AF_INET, AF_INET6 };

static void compile_rules(const struct nlctl *nlctl, struct judge *judge)
{
	struct problems problems = {};

	judge->settings.node_access = PODWALL_NODE_ACCESS_ACCEPT;
	judge->has_compiled = compile(&judge->cluster, NULL, NULL,
				      &judge->compiled, &problems);
	if (!judge->has_compiled) {
		nlctl_error(
			nlctl,
			"the manifests cannot be applied, so there are no rules to show:");
		problems_sort(&problems);
		problems_print(&problems, stderr);
	}
	problems_clear(&problems);
}

bool judge_open(const struct nlctl *nlctl, const struct arguments *arguments,
		bool whole, struct judge *judge)
{
	*judge = (struct judge){ .whole = whole };
	if (arguments_has(arguments, 'f')) {
		if (!sources_read(nlctl, arguments, &judge->cluster))
			return false;
		cluster_sort(&judge->cluster);
		if (!sources_complete(nlctl, &judge->cluster))
			return false;
		if (whole)
			compile_rules(nlctl, judge);
		return true;
	}
	judge->netlink = netlink_open(nlctl);
	if (!judge->netlink)
		return false;
	if (judge_refresh(judge)) {
		netlink_report(nlctl, judge->netlink);
		return false;
	}
	return true;
}

int judge_refresh(struct judge *judge)
{
	objects_clear(&judge->live);
	if (!judge->whole)
		return read_pods(judge->netlink, &judge->live);
	settings_clear(&judge->settings);
	return live_read(judge->netlink, &judge->live, &judge->settings);
}

const struct objects *judge_objects(const struct judge *judge)
{
	if (judge->netlink)
		return &judge->live;
	return judge->has_compiled ? &judge->compiled : NULL;
}

void judge_close(struct judge *judge)
{
	netlink_close(judge->netlink);
	objects_clear(&judge->live);
	objects_clear(&judge->compiled);
	settings_clear(&judge->settings);
	cluster_clear(&judge->cluster);
	*judge = (struct judge){};
}

static struct end live_end(const struct pod *pod)
{
	return (struct end){
		.text = pod->key,
		.is_pod = true,
		.ips = pod->ips,
		.ip_count = pod->ip_count,
	};
}

static struct end cluster_end(const struct cluster_pod *pod)
{
	return (struct end){
		.text = pod->key,
		.is_pod = true,
		.ips = pod->ips,
		.ip_count = pod->ip_count,
		.endpoint.pod = pod,
	};
}

bool judge_find(const struct nlctl *nlctl, const struct judge *judge,
		const struct target *target, struct end *end)
{
	const struct cluster_pod *pod;
	size_t i;

	if (!target->is_pod) {
		*end = (struct end){
			.text = target->text,
			.ips = &target->ip,
			.ip_count = 1,
			.endpoint.ip = target->ip,
		};
		return true;
	}
	if (!judge->netlink) {
		pod = cluster_find_pod(&judge->cluster, target->text);
		if (pod)
			*end = cluster_end(pod);
		else
			nlctl_error(nlctl, "the manifests have no pod %s",
				    target->text);
		return pod;
	}
	for (i = 0; i < judge->live.pod_count; i++) {
		if (strcmp(judge->live.pods[i].key, target->text))
			continue;
		*end = live_end(&judge->live.pods[i]);
		return true;
	}
	nlctl_error(nlctl,
		    "%s is not registered on this node; if it runs on another one, give its address",
		    target->text);
	return false;
}

struct end judge_find_ip(const struct judge *judge, const struct ip *ip,
			 char *buffer)
{
	size_t i, j;

	for (i = 0; i < judge->live.pod_count; i++)
		for (j = 0; j < judge->live.pods[i].ip_count; j++)
			if (ip_equal(&judge->live.pods[i].ips[j], ip))
				return live_end(&judge->live.pods[i]);
	return (struct end){
		.text = ip_text(ip, buffer),
		.ips = ip,
		.ip_count = 1,
		.endpoint.ip = *ip,
	};
}

struct end *judge_pods(struct judge *judge, size_t *count)
{
	struct end *ends = NULL;
	const struct cluster_pod *pod;
	size_t i;

	*count = 0;
	for (i = 0; i < judge->live.pod_count; i++)
		*array_add(ends, *count) = live_end(&judge->live.pods[i]);
	for (pod = judge->cluster.pods; pod; pod = pod->hh.next)
		*array_add(ends, *count) = cluster_end(pod);
	return ends;
}

static const struct ip *end_ip(const struct end *end, int family)
{
	size_t i;

	for (i = 0; i < end->ip_count; i++)
		if (end->ips[i].family == family)
			return &end->ips[i];
	return NULL;
}

/* Whether an end is refused whatever the other one is. */
static bool is_refused(const struct judge *judge, const struct end *end,
		       const struct connection *connection)
{
	struct explanation explanation;

	if (explanation_evaluate(&judge->cluster, &end->endpoint,
				 &end->endpoint, connection, &explanation))
		return true;
	explanation_clear(&explanation);
	return false;
}

static void note_refusal(const struct judge *judge, const struct end *from,
			 const struct end *to,
			 const struct connection *connection,
			 const char *reason, struct ruling *ruling)
{
	const struct end *end = is_refused(judge, from, connection) ? from : to;
	const struct ip *ip = end_ip(end, connection->server.family);
	char address[NETWORK_TEXT_MAX];
	char *text;

	text = ip ? xasprintf("%s (%s): %s", end->text, ip_text(ip, address),
			      reason) :
		    xasprintf("%s: %s", end->text, reason);
	/* Without any address the reason is that of both families. */
	if (ruling->refusal_count && !strcmp(ruling->refusals[0], text))
		free(text);
	else
		ruling->refusals[ruling->refusal_count++] = text;
}

static void evaluate_family(struct judge *judge, const struct end *from,
			    const struct end *to,
			    const struct connection *connection,
			    struct ruling *ruling)
{
	const char *reason;

	reason = explanation_evaluate(&judge->cluster, &from->endpoint,
				      &to->endpoint, connection,
				      &ruling->explanations[ruling->count]);
	if (reason)
		note_refusal(judge, from, to, connection, reason, ruling);
	else
		ruling->count++;
}

static int ask_module(struct judge *judge, const struct connection *connection,
		      struct ruling *ruling)
{
	struct explanation *explanation = &ruling->explanations[ruling->count];
	const uint64_t generation = judge->live.generation;
	int error;

	error = read_explanation(judge->netlink, connection, explanation);
	if (error)
		return error;
	ruling->count++;
	if ((generation || judge->whole) &&
	    explanation->generation != generation)
		return message_fail(judge->netlink, -ESTALE,
				    "the policy changed while it was asked");
	return 0;
}

/* An end of the other family is passed over; one without any address is for
 * the evaluator, which knows why.
 */
static int ask_family(struct judge *judge, const struct end *from,
		      const struct end *to, struct connection *connection,
		      int family, struct ruling *ruling)
{
	const struct ip *client = end_ip(from, family);
	const struct ip *server = end_ip(to, family);

	connection->client = client ? *client : (struct ip){ .family = family };
	connection->server = server ? *server : (struct ip){ .family = family };
	if (!judge->netlink && (client || !from->ip_count) &&
	    (server || !to->ip_count))
		evaluate_family(judge, from, to, connection, ruling);
	else if (judge->netlink && client && server)
		return ask_module(judge, connection, ruling);
	return 0;
}

static bool is_worse(const struct explanation *a, const struct explanation *b)
{
	if (a->verdict != b->verdict)
		return a->verdict == PODWALL_VERDICT_DENY;
	return explanation_audited(a) && !explanation_audited(b);
}

int judge_ask(struct judge *judge, const struct end *from, const struct end *to,
	      const struct service_port *port, struct ruling *ruling)
{
	size_t i;

	*ruling = (struct ruling){};
	for (i = 0; i < sizeof(families) / sizeof(*families); i++) {
		struct connection connection = {
			.protocol = port->protocol,
			.server_port = port->port,
		};
		int error;

		if (!service_port_family(port, families[i]))
			continue;
		error = ask_family(judge, from, to, &connection, families[i],
				   ruling);
		if (error)
			return error;
	}
	for (i = 0; i < ruling->count; i++)
		if (!ruling->worst ||
		    is_worse(&ruling->explanations[i], ruling->worst))
			ruling->worst = &ruling->explanations[i];
	return 0;
}

int judge_ask_connection(struct judge *judge,
			 const struct connection *connection,
			 struct ruling *ruling)
{
	int error;

	*ruling = (struct ruling){};
	error = ask_module(judge, connection, ruling);
	ruling->worst = ruling->explanations;
	return error;
}

void ruling_clear(struct ruling *ruling)
{
	size_t i;

	for (i = 0; i < ruling->count; i++)
		explanation_clear(&ruling->explanations[i]);
	for (i = 0; i < ruling->refusal_count; i++)
		free(ruling->refusals[i]);
	*ruling = (struct ruling){};
}
