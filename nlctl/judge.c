// SPDX-License-Identifier: GPL-2.0-only
#include "judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "message.h"
#include "policy/memory.h"
#include "query.h"
#include "sources.h"

static const int families[] = { AF_INET, AF_INET6 };

bool judge_open(const struct nlctl *nlctl, const struct arguments *arguments,
		struct judge *judge)
{
	*judge = (struct judge){};
	if (arguments_has(arguments, 'f')) {
		if (!sources_read(nlctl, arguments, &judge->cluster))
			return false;
		cluster_sort(&judge->cluster);
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
	return read_pods(judge->netlink, &judge->live);
}

void judge_close(struct judge *judge)
{
	netlink_close(judge->netlink);
	objects_clear(&judge->live);
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

static int ask_family(struct judge *judge, const struct end *from,
		      const struct end *to, const struct connection *connection,
		      struct ruling *ruling)
{
	struct explanation *explanation = &ruling->explanations[ruling->count];
	const uint64_t generation = judge->live.generation;
	int error;

	if (!judge->netlink) {
		if (!explanation_evaluate(&judge->cluster, &from->endpoint,
					  &to->endpoint, connection,
					  explanation))
			ruling->count++;
		return 0;
	}
	error = read_explanation(judge->netlink, connection, explanation);
	if (error)
		return error;
	ruling->count++;
	if (generation && explanation->generation != generation)
		return message_fail(judge->netlink, -ESTALE,
				    "the policy changed while it was asked");
	return 0;
}

int judge_ask(struct judge *judge, const struct end *from, const struct end *to,
	      const struct service_port *port, struct ruling *ruling)
{
	size_t i;

	*ruling = (struct ruling){};
	for (i = 0; i < sizeof(families) / sizeof(*families); i++) {
		const struct ip *client = end_ip(from, families[i]);
		const struct ip *server = end_ip(to, families[i]);
		struct connection connection = {
			.protocol = port->protocol,
			.server_port = port->port,
		};
		int error;

		if (!client || !server ||
		    !service_port_family(port, families[i]))
			continue;
		connection.client = *client;
		connection.server = *server;
		error = ask_family(judge, from, to, &connection, ruling);
		if (error)
			return error;
	}
	for (i = 0; i < ruling->count; i++)
		if (!ruling->worst ||
		    (ruling->explanations[i].verdict == PODWALL_VERDICT_DENY &&
		     ruling->worst->verdict != PODWALL_VERDICT_DENY))
			ruling->worst = &ruling->explanations[i];
	return 0;
}

void ruling_clear(struct ruling *ruling)
{
	size_t i;

	for (i = 0; i < ruling->count; i++)
		explanation_clear(&ruling->explanations[i]);
	*ruling = (struct ruling){};
}
